"""What every table of the directory has in common."""

from datetime import date

from sqlalchemy import Date, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column


class Base(DeclarativeBase):
    # Names for constraints, so that migrations can name what they drop on every database.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Record(Base):
    """A row of the standard: its id (a UUID), and where it came from.

    The standard's references are plain columns without a database constraint: real directories hold broken
    ones, and a service must not be lost for them (docs/adr/0013).
    """

    __abstract__ = True
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    #: The name an operator gave the source when it was imported.
    directory_source: Mapped[str] = mapped_column(String(64))
    #: The last import that saw this row (directory_import.id).
    import_id: Mapped[int]
    #: Of the row's own values, so that a row that did not change is not written again.
    digest: Mapped[str] = mapped_column(String(24))
    #: The day it was no longer in its source. A retired row is kept and never shown.
    retired_on: Mapped[date | None] = mapped_column(Date)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:
        return (Index(f"ix_{cls.__tablename__}_import_id", "import_id"),)
