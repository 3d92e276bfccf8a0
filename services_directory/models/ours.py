"""Our own tables beside the standard's: what search needs, what people reported, what was imported."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services_directory.models.base import Base

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class ServiceSearch(Base):
    """One row for each service at a location and category, written by every import of its source.

    A box on the index finds what is near and may be open without any extension (docs/adr/0009). None in a
    flag means that the source does not say.
    """

    __tablename__ = "service_search"
    id: Mapped[int] = mapped_column(primary_key=True)
    service_at_location_id: Mapped[str] = mapped_column(String(36))
    category: Mapped[str] = mapped_column(String(32))
    directory_source: Mapped[str] = mapped_column(String(64), index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    #: An IANA name.
    timezone: Mapped[str] = mapped_column(String(64))
    #: Bit n: on this weekday it may be open at some time from n:00 to n:59, local; None: hours unknown.
    monday: Mapped[int | None]
    tuesday: Mapped[int | None]
    wednesday: Mapped[int | None]
    thursday: Mapped[int | None]
    friday: Mapped[int | None]
    saturday: Mapped[int | None]
    sunday: Mapped[int | None]
    #: Whether the plain weekday rows tell everything; if not, the schedules themselves are asked.
    weekly: Mapped[bool]
    free: Mapped[bool | None]
    walk_in: Mapped[bool | None]
    wheelchair: Mapped[bool | None]
    #: Codes (ISO 639-1) between commas, such as ",en,es,".
    languages: Mapped[str | None] = mapped_column(Text)
    #: Years.
    minimum_age: Mapped[float | None]
    maximum_age: Mapped[float | None]
    #: "women" or "men" when it serves only them.
    gender: Mapped[str | None] = mapped_column(String(8))
    families: Mapped[bool | None]
    veterans_only: Mapped[bool | None]
    pets: Mapped[bool | None]
    #: When somebody last made sure that all of this is true.
    assured_date: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        UniqueConstraint("service_at_location_id", "category"),
        # The weekdays stand in it so that what is closed is passed over without reading its row.
        Index(
            "ix_service_search_nearby",
            "category",
            "latitude",
            "longitude",
            "timezone",
            *WEEKDAYS,
            # SQLite's indexes hold the rowid, which is the id; PostgreSQL would read the row for it.
            postgresql_include=["id"],
        ),
    )


class WeeklyHours(Base):
    """One opening on one weekday, minutes from local midnight; `closes` may pass 1,440 (overnight)."""

    __tablename__ = "weekly_hours"
    id: Mapped[int] = mapped_column(primary_key=True)
    service_at_location_id: Mapped[str] = mapped_column(String(36), index=True)
    #: 0 is Monday.
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class Closure(Base):
    """Days on which a location (or one service at it) is closed, both ends included."""

    __tablename__ = "closure"
    id: Mapped[int] = mapped_column(primary_key=True)
    directory_source: Mapped[str] = mapped_column(String(64), index=True)
    #: Of a location, a service or a service at a location.
    link_id: Mapped[str] = mapped_column(String(36), index=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(Text)


class ClosedReport(Base):
    """Somebody went there and it was closed. `reported_by` is an opaque id; one report a day from each."""

    __tablename__ = "closed_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    service_at_location_id: Mapped[str] = mapped_column(String(36), index=True)
    reported_by: Mapped[str] = mapped_column(String(64))
    reported_on: Mapped[date] = mapped_column(Date)

    __table_args__ = (UniqueConstraint("service_at_location_id", "reported_by", "reported_on"),)


class VerificationTask(Base):
    """Somebody should make sure of a listing. At most one is open for each."""

    __tablename__ = "verification_task"
    id: Mapped[int] = mapped_column(primary_key=True)
    service_at_location_id: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(String(24))
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    #: Who looks into it: a name case workers go by.
    taken_by: Mapped[str | None] = mapped_column(String(64))
    taken_on: Mapped[date | None] = mapped_column(Date)
    #: services_directory.verification.FOUND: what they found; a task that waits for a correction has one.
    found: Mapped[str | None] = mapped_column(String(16))
    found_on: Mapped[date | None] = mapped_column(Date)
    #: About the place, never about a person.
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(
            "uq_verification_task_open",
            "service_at_location_id",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
    )


class DirectoryImport(Base):
    """One import of one source, and what became of its rows."""

    __tablename__ = "directory_import"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    directory_source: Mapped[str] = mapped_column(String(64), index=True)
    format: Mapped[str] = mapped_column(String(24))
    #: "local" or "utc": what the source's bare clock times mean.
    times: Mapped[str] = mapped_column(String(8))
    imported_on: Mapped[date] = mapped_column(Date)
    rows_read: Mapped[int]
    rows_added: Mapped[int]
    rows_changed: Mapped[int]
    rows_gone: Mapped[int]
    rows_refused: Mapped[int]
    rows_warned: Mapped[int]
