"""Where services are given."""

from sqlalchemy import Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services_directory.models.base import Record


class Location(Record):
    """A place, a postal address or nowhere in particular. Degrees, WGS 84."""

    __tablename__ = "location"
    location_type: Mapped[str] = mapped_column(String(24))
    url: Mapped[str | None] = mapped_column(Text)
    organization_id: Mapped[str | None] = mapped_column(String(36), index=True)
    name: Mapped[str | None] = mapped_column(Text)
    alternate_name: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    transportation: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    external_identifier: Mapped[str | None] = mapped_column(Text)
    external_identifier_type: Mapped[str | None] = mapped_column(Text)


class ServiceAtLocation(Record):
    """A service at a place: what somebody can go to."""

    __tablename__ = "service_at_location"
    service_id: Mapped[str] = mapped_column(String(36), index=True)
    location_id: Mapped[str] = mapped_column(String(36), index=True)
    description: Mapped[str | None] = mapped_column(Text)


class Address(Record):
    """A postal address. `country` is ISO 3166-1 alpha-2."""

    __tablename__ = "address"
    location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    attention: Mapped[str | None] = mapped_column(Text)
    address_1: Mapped[str] = mapped_column(Text)
    address_2: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    state_province: Mapped[str] = mapped_column(Text)
    postal_code: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(String(2))
    address_type: Mapped[str] = mapped_column(String(24))


class Accessibility(Record):
    """What makes a place usable with a disability, or not."""

    __tablename__ = "accessibility"
    location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    description: Mapped[str | None] = mapped_column(Text)
    details: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
