"""Organizations, their programs, and what identifies and funds them."""

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services_directory.models.base import Record


class Organization(Record):
    """Who gives services."""

    __tablename__ = "organization"
    name: Mapped[str] = mapped_column(Text)
    alternate_name: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
    tax_status: Mapped[str | None] = mapped_column(Text)
    tax_id: Mapped[str | None] = mapped_column(Text)
    year_incorporated: Mapped[int | None] = mapped_column(Integer)
    legal_status: Mapped[str | None] = mapped_column(Text)
    logo: Mapped[str | None] = mapped_column(Text)
    uri: Mapped[str | None] = mapped_column(Text)
    parent_organization_id: Mapped[str | None] = mapped_column(String(36), index=True)


class OrganizationIdentifier(Record):
    """An organization's number in somebody's register."""

    __tablename__ = "organization_identifier"
    organization_id: Mapped[str] = mapped_column(String(36), index=True)
    identifier_scheme: Mapped[str | None] = mapped_column(Text)
    identifier_type: Mapped[str] = mapped_column(Text)
    identifier: Mapped[str] = mapped_column(Text)


class Program(Record):
    """Services an organization gives under one name."""

    __tablename__ = "program"
    organization_id: Mapped[str] = mapped_column(String(36), index=True)
    name: Mapped[str] = mapped_column(Text)
    alternate_name: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)


class Funding(Record):
    """Where the money comes from."""

    __tablename__ = "funding"
    organization_id: Mapped[str | None] = mapped_column(String(36), index=True)
    service_id: Mapped[str | None] = mapped_column(String(36), index=True)
    source: Mapped[str | None] = mapped_column(Text)


class Url(Record):
    """One more web address of an organization or a service."""

    __tablename__ = "url"
    label: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[str | None] = mapped_column(String(36), index=True)
    service_id: Mapped[str | None] = mapped_column(String(36), index=True)
