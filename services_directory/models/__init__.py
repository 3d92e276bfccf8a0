"""The 24 tables of Open Referral HSDS 3.2.3 under the standard's names, and our own beside them."""

from services_directory.models.base import Base, Record
from services_directory.models.contact import Contact, Language, Phone, Schedule
from services_directory.models.corrections import ListingCorrection
from services_directory.models.full_text import FullText
from services_directory.models.location import Accessibility, Address, Location, ServiceAtLocation
from services_directory.models.organization import Funding, Organization, OrganizationIdentifier, Program, Url
from services_directory.models.ours import (
    WEEKDAYS,
    ClosedReport,
    Closure,
    DirectoryImport,
    ServiceSearch,
    VerificationTask,
    WeeklyHours,
)
from services_directory.models.service import (
    CostOption,
    RequiredDocument,
    Service,
    ServiceArea,
    ServiceCapacity,
    Unit,
)
from services_directory.models.taxonomy import (
    Attribute,
    Metadata,
    MetaTableDescription,
    Taxonomy,
    TaxonomyTerm,
)

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "Base",
    "ClosedReport",
    "Closure",
    "Contact",
    "CostOption",
    "DirectoryImport",
    "FullText",
    "Funding",
    "Language",
    "ListingCorrection",
    "Location",
    "MetaTableDescription",
    "Metadata",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Program",
    "Record",
    "RequiredDocument",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "ServiceSearch",
    "Taxonomy",
    "TaxonomyTerm",
    "Unit",
    "WEEKDAYS",
    "Url",
    "VerificationTask",
    "WeeklyHours",
]

#: Parents before children, by table name.
TABLES: dict[str, type[Record]] = {
    model.__tablename__: model
    for model in (
        Organization,
        Program,
        Service,
        Taxonomy,
        TaxonomyTerm,
        Location,
        ServiceAtLocation,
        Address,
        Contact,
        Phone,
        Schedule,
        Language,
        Accessibility,
        Attribute,
        CostOption,
        RequiredDocument,
        ServiceArea,
        Funding,
        OrganizationIdentifier,
        Url,
        Unit,
        ServiceCapacity,
        Metadata,
        MetaTableDescription,
    )
}

#: What a column points at. Broken references are reported, never refused: sources arrive in parts.
REFERENCES: dict[tuple[str, str], str] = {
    ("accessibility", "location_id"): "location",
    ("address", "location_id"): "location",
    ("attribute", "taxonomy_term_id"): "taxonomy_term",
    ("contact", "location_id"): "location",
    ("contact", "organization_id"): "organization",
    ("contact", "service_at_location_id"): "service_at_location",
    ("contact", "service_id"): "service",
    ("cost_option", "service_id"): "service",
    ("funding", "organization_id"): "organization",
    ("funding", "service_id"): "service",
    ("language", "location_id"): "location",
    ("language", "phone_id"): "phone",
    ("language", "service_id"): "service",
    ("location", "organization_id"): "organization",
    ("organization", "parent_organization_id"): "organization",
    ("organization_identifier", "organization_id"): "organization",
    ("phone", "contact_id"): "contact",
    ("phone", "location_id"): "location",
    ("phone", "organization_id"): "organization",
    ("phone", "service_at_location_id"): "service_at_location",
    ("phone", "service_id"): "service",
    ("program", "organization_id"): "organization",
    ("required_document", "service_id"): "service",
    ("schedule", "location_id"): "location",
    ("schedule", "service_at_location_id"): "service_at_location",
    ("schedule", "service_id"): "service",
    ("service", "organization_id"): "organization",
    ("service", "program_id"): "program",
    ("service_area", "service_at_location_id"): "service_at_location",
    ("service_area", "service_id"): "service",
    ("service_at_location", "location_id"): "location",
    ("service_at_location", "service_id"): "service",
    ("service_capacity", "service_id"): "service",
    ("service_capacity", "unit_id"): "unit",
    ("taxonomy_term", "parent_id"): "taxonomy_term",
    ("taxonomy_term", "taxonomy_id"): "taxonomy",
    ("url", "organization_id"): "organization",
    ("url", "service_id"): "service",
}

# Most owners of a record are empty (a phone of a service has no location): rows without one stay out of the
# index. Else SQLite, once somebody has run ANALYZE, takes such an index for useless: 98 ms a search, not 4.
for table in Base.metadata.tables.values():
    for index in table.indexes:
        (column, *more) = index.columns
        if column.nullable and not more and not index.dialect_options["sqlite"].get("where"):
            for dialect in ("sqlite", "postgresql"):
                index.dialect_options[dialect]["where"] = column.is_not(None)
