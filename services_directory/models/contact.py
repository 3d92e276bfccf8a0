"""How and when to reach them: people, phones, languages, opening times."""

from datetime import date

from sqlalchemy import Date, Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services_directory.models.base import Record


class Contact(Record):
    """Somebody to ask for."""

    __tablename__ = "contact"
    organization_id: Mapped[str | None] = mapped_column(String(36), index=True)
    service_id: Mapped[str | None] = mapped_column(String(36), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    name: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)


class Phone(Record):
    """Belongs to one of: a service at a location, a service, a location, an organization, a contact."""

    __tablename__ = "phone"
    location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    service_id: Mapped[str | None] = mapped_column(String(36), index=True)
    organization_id: Mapped[str | None] = mapped_column(String(36), index=True)
    contact_id: Mapped[str | None] = mapped_column(String(36), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    number: Mapped[str] = mapped_column(Text)
    extension: Mapped[int | None] = mapped_column(Integer)
    type: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)


class Language(Record):
    """A language spoken. `code` is ISO 639."""

    __tablename__ = "language"
    service_id: Mapped[str | None] = mapped_column(String(36), index=True)
    location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    phone_id: Mapped[str | None] = mapped_column(String(36), index=True)
    name: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)


class Schedule(Record):
    """Opening times as an iCalendar rule (RFC 5545).

    `timezone` is an offset in hours, kept as it came; docs/adr/0009 says why it is not used.
    """

    __tablename__ = "schedule"
    service_id: Mapped[str | None] = mapped_column(String(36), index=True)
    location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(String(36), index=True)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    dtstart: Mapped[date | None] = mapped_column(Date)
    timezone: Mapped[float | None] = mapped_column(Float)
    until: Mapped[date | None] = mapped_column(Date)
    count: Mapped[int | None] = mapped_column(Integer)
    wkst: Mapped[str | None] = mapped_column(String(24))
    freq: Mapped[str | None] = mapped_column(String(24))
    interval: Mapped[int | None] = mapped_column(Integer)
    byday: Mapped[str | None] = mapped_column(Text)
    byweekno: Mapped[str | None] = mapped_column(Text)
    bymonthday: Mapped[str | None] = mapped_column(Text)
    byyearday: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    opens_at: Mapped[str | None] = mapped_column(String(16))
    closes_at: Mapped[str | None] = mapped_column(String(16))
    schedule_link: Mapped[str | None] = mapped_column(Text)
    attending_type: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)
