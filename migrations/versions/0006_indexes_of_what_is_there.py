"""Indexes of owners hold only the rows that have one; the nearby index of PostgreSQL carries the id"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OWNERS = {
    "accessibility": ("location_id",),
    "address": ("location_id",),
    "contact": ("location_id", "organization_id", "service_at_location_id", "service_id"),
    "funding": ("organization_id", "service_id"),
    "language": ("location_id", "phone_id", "service_id"),
    "location": ("organization_id",),
    "organization": ("parent_organization_id",),
    "phone": ("contact_id", "location_id", "organization_id", "service_at_location_id", "service_id"),
    "required_document": ("service_id",),
    "schedule": ("location_id", "service_at_location_id", "service_id"),
    "service": ("program_id",),
    "service_area": ("service_at_location_id", "service_id"),
    "taxonomy_term": ("parent_id", "taxonomy_id"),
    "url": ("organization_id", "service_id"),
}
NEARBY = (
    "category", "latitude", "longitude", "timezone",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


def upgrade() -> None:
    """Make each index anew, partial."""
    for table, columns in OWNERS.items():
        for column in columns:
            there = sa.text(f"{column} IS NOT NULL")
            op.drop_index(f"ix_{table}_{column}", table_name=table)
            op.create_index(
                f"ix_{table}_{column}", table, [column], sqlite_where=there, postgresql_where=there
            )
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_service_search_nearby", table_name="service_search")
        op.create_index("ix_service_search_nearby", "service_search", NEARBY, postgresql_include=["id"])


def downgrade() -> None:
    """Make each index anew, whole."""
    for table, columns in OWNERS.items():
        for column in columns:
            op.drop_index(f"ix_{table}_{column}", table_name=table)
            op.create_index(f"ix_{table}_{column}", table, [column])
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_service_search_nearby", table_name="service_search")
        op.create_index("ix_service_search_nearby", "service_search", NEARBY)
