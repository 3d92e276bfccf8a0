"""The HSDS 3.2.3 tables the line needs, under the standard's names, and our two search tables.

Standard: Open Referral HSDS 3.2.3. Ids are text of at most 36 characters (the standard asks for UUIDs).
"""

from sqlalchemy import Float, ForeignKey, Index, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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
    """What every HSDS row has: its id, and which import it came with."""

    __abstract__ = True
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source: Mapped[str] = mapped_column(String(64), index=True)


class Organization(Record):
    __tablename__ = "organization"
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")


class Service(Record):
    __tablename__ = "service"
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(32))
    description: Mapped[str | None] = mapped_column(Text)
    eligibility_description: Mapped[str | None] = mapped_column(Text)
    fees_description: Mapped[str | None] = mapped_column(Text)


class Location(Record):
    __tablename__ = "location"
    location_type: Mapped[str] = mapped_column(String(16))
    name: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)


class ServiceAtLocation(Record):
    __tablename__ = "service_at_location"
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[str] = mapped_column(ForeignKey("location.id"))


class Address(Record):
    __tablename__ = "address"
    location_id: Mapped[str | None] = mapped_column(ForeignKey("location.id"), index=True)
    address_1: Mapped[str] = mapped_column(Text)
    city: Mapped[str] = mapped_column(Text)
    state_province: Mapped[str] = mapped_column(Text)
    postal_code: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(2))
    address_type: Mapped[str] = mapped_column(String(16))


class Phone(Record):
    """Belongs to one of: a service at a location, a service, a location, an organization."""

    __tablename__ = "phone"
    number: Mapped[str] = mapped_column(Text)
    service_at_location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    service_id: Mapped[str | None] = mapped_column(String(36), index=True)
    location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    organization_id: Mapped[str | None] = mapped_column(String(36), index=True)


class Schedule(Record):
    """Opening times as an iCalendar rule. Times are local wall time (docs/adr/0009)."""

    __tablename__ = "schedule"
    service_at_location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    service_id: Mapped[str | None] = mapped_column(String(36), index=True)
    location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    freq: Mapped[str | None] = mapped_column(String(16))
    byday: Mapped[str | None] = mapped_column(Text)
    opens_at: Mapped[str | None] = mapped_column(String(16))
    closes_at: Mapped[str | None] = mapped_column(String(16))
    valid_from: Mapped[str | None] = mapped_column(String(16))
    valid_to: Mapped[str | None] = mapped_column(String(16))


class TaxonomyTerm(Record):
    __tablename__ = "taxonomy_term"
    code: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")


class Attribute(Record):
    """Ties a row of another table to a taxonomy term."""

    __tablename__ = "attribute"
    link_id: Mapped[str] = mapped_column(String(36), index=True)
    link_entity: Mapped[str] = mapped_column(String(32))
    taxonomy_term_id: Mapped[str] = mapped_column(String(36))


class ServiceSearch(Base):
    """Ours: one row for each service at a location and category, rebuilt by every import.

    A box on this index found five open places of 150,000 in 0.2 ms (docs/adr/0009).
    """

    __tablename__ = "service_search"
    service_at_location_id: Mapped[str] = mapped_column(
        ForeignKey("service_at_location.id"), primary_key=True
    )
    category: Mapped[str] = mapped_column(String(32), primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    timezone: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_service_search_category_latitude_longitude", "category", "latitude", "longitude"),
    )


class WeeklyHours(Base):
    """Ours: one opening on one weekday, minutes from local midnight; closes may pass 1,440 (overnight)."""

    __tablename__ = "weekly_hours"
    id: Mapped[int] = mapped_column(primary_key=True)
    service_at_location_id: Mapped[str] = mapped_column(ForeignKey("service_at_location.id"), index=True)
    #: 0 is Monday.
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]
