"""What somebody found out about a listing, kept beside what its source says."""

from datetime import date

from sqlalchemy import Date, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services_directory.models.base import Base

_STANDING = text("ended_on IS NULL")


class ListingCorrection(Base):
    """One correction of one listing; of each kind at most one stands. Ended ones are kept: the history.

    `value`, `source_said`, `source_says` and `put_aside` are JSON. An import does not undo a correction: it
    finds out whether the source still says what it said (services_directory/corrections).
    """

    __tablename__ = "listing_correction"
    id: Mapped[int] = mapped_column(primary_key=True)
    service_at_location_id: Mapped[str] = mapped_column(String(36))
    #: services_directory.corrections.Kind
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(Text)
    #: What the source said of it when it was corrected.
    source_said: Mapped[str] = mapped_column(Text)
    #: What the source says since, when that is something else: a conflict, until somebody decides.
    source_says: Mapped[str | None] = mapped_column(Text)
    #: The source's own rows that do not count while this stands.
    put_aside: Mapped[str] = mapped_column(Text)
    #: A name case workers go by.
    made_by: Mapped[str] = mapped_column(String(64))
    made_on: Mapped[date] = mapped_column(Date)
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        Index(
            "uq_listing_correction_standing",
            "service_at_location_id",
            "kind",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )
