"""All 24 tables of HSDS 3.2, and search rows that know hours and conditions

What was imported before is carried over: nobody should find an empty directory after an update. The first
tables had references with constraints; docs/adr/0013 says why these have none.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Every table's columns beside its id and ours: text unless it says otherwise, required with "!".
RECORDS = {
    "organization": (
        "name! alternate_name description! email website tax_status tax_id "
        "year_incorporated:integer legal_status logo uri parent_organization_id:reference"
    ),
    "program": "organization_id:reference! name! alternate_name description!",
    "service": (
        "organization_id:reference! program_id:reference name! alternate_name description url email "
        "status:24! interpretation_services application_process fees_description wait_time fees "
        "accreditations eligibility_description minimum_age:float maximum_age:float "
        "assured_date:date assurer_email licenses alert last_modified:32"
    ),
    "taxonomy": "name! description! uri version",
    "taxonomy_term": (
        "code name! description! parent_id:reference taxonomy language taxonomy_id:reference term_uri"
    ),
    "location": (
        "location_type:24! url organization_id:reference name alternate_name description "
        "transportation latitude:float longitude:float external_identifier external_identifier_type"
    ),
    "service_at_location": "service_id:reference! location_id:reference! description",
    "address": (
        "location_id:reference attention address_1! address_2 city! region state_province! "
        "postal_code! country:2! address_type:24!"
    ),
    "contact": (
        "organization_id:reference service_id:reference service_at_location_id:reference "
        "location_id:reference name title department email"
    ),
    "phone": (
        "location_id:reference service_id:reference organization_id:reference contact_id:reference "
        "service_at_location_id:reference number! extension:integer type description"
    ),
    "schedule": (
        "service_id:reference location_id:reference service_at_location_id:reference "
        "valid_from:date valid_to:date dtstart:date timezone:float until:date count:integer wkst:24 "
        "freq:24 interval:integer byday byweekno bymonthday byyearday description opens_at:16 "
        "closes_at:16 schedule_link attending_type notes"
    ),
    "language": "service_id:reference location_id:reference phone_id:reference name code note",
    "accessibility": "location_id:reference description details url",
    "attribute": "link_id:reference! taxonomy_term_id:reference! link_type link_entity! value label",
    "cost_option": (
        "service_id:reference! valid_from:date valid_to:date option currency amount:float amount_description"
    ),
    "required_document": "service_id:reference document uri",
    "service_area": (
        "service_id:reference service_at_location_id:reference name description extent extent_type uri"
    ),
    "funding": "organization_id:reference service_id:reference source",
    "organization_identifier": "organization_id:reference! identifier_scheme identifier_type! identifier!",
    "url": "label url! organization_id:reference service_id:reference",
    "unit": "name! scheme identifier uri",
    "service_capacity": (
        "service_id:reference! unit_id:reference! available:float! maximum:float description updated:32!"
    ),
    "metadata": (
        "resource_id:reference! resource_type! last_action_date:date! last_action_type! field_name! "
        "previous_value! replacement_value! updated_by!"
    ),
    "meta_table_description": "name language character_set",
}
KINDS = {"": sa.Text, "date": sa.Date, "integer": sa.Integer, "float": sa.Float}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: The first tables, children first, with the columns they had.
BEFORE = {
    "weekly_hours": "service_at_location_id weekday opens closes",
    "service_search": "service_at_location_id category latitude longitude timezone",
    "service_at_location": "service_id location_id",
    "service": "organization_id name status description eligibility_description fees_description",
    "address": "location_id address_1 city state_province postal_code country address_type",
    "taxonomy_term": "code name description",
    "schedule": (
        "service_at_location_id service_id location_id freq byday opens_at closes_at valid_from valid_to"
    ),
    "phone": "number service_at_location_id service_id location_id organization_id",
    "organization": "name description",
    "location": "location_type name latitude longitude",
    "attribute": "link_id link_entity taxonomy_term_id",
}


def upgrade() -> None:
    for table in BEFORE:
        op.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        op.drop_table(table)
    for table, columns in RECORDS.items():
        _create_record(table, columns)
    _create_ours()
    for table, names in BEFORE.items():
        if table in RECORDS:
            _carry_over(table, names.split())
    _carry_over_search()
    for table in BEFORE:
        op.drop_table(f"kept_{table}")


def _create_record(table: str, columns: str) -> None:
    referring = []
    made = []
    for column in columns.split():
        name, _, kind = column.removesuffix("!").partition(":")
        if kind == "reference":
            referring.append(name)
        of_kind = KINDS[kind]() if kind in KINDS else sa.String(36 if kind == "reference" else int(kind))
        made.append(sa.Column(name, of_kind, nullable=not column.endswith("!")))
    op.create_table(
        table,
        *made,
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("directory_source", sa.String(64), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for name in [*referring, "import_id"]:
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def _create_ours() -> None:
    op.create_table(
        "service_search",
        _key(),
        sa.Column("service_at_location_id", sa.String(36), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("directory_source", sa.String(64), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        *(sa.Column(day, sa.Integer(), nullable=True) for day in WEEKDAYS),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=True),
        sa.Column("walk_in", sa.Boolean(), nullable=True),
        sa.Column("wheelchair", sa.Boolean(), nullable=True),
        sa.Column("languages", sa.Text(), nullable=True),
        sa.Column("minimum_age", sa.Double(), nullable=True),
        sa.Column("maximum_age", sa.Double(), nullable=True),
        sa.Column("gender", sa.String(8), nullable=True),
        sa.Column("families", sa.Boolean(), nullable=True),
        sa.Column("veterans_only", sa.Boolean(), nullable=True),
        sa.Column("pets", sa.Boolean(), nullable=True),
        sa.Column("assured_date", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_search")),
        sa.UniqueConstraint(
            "service_at_location_id", "category", name=op.f("uq_service_search_service_at_location_id")
        ),
    )
    near = ["category", "latitude", "longitude", "timezone", *WEEKDAYS]
    op.create_index("ix_service_search_nearby", "service_search", near)
    op.create_table(
        "weekly_hours",
        _key(),
        sa.Column("service_at_location_id", sa.String(36), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("weekday", "opens", "closes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
    )
    op.create_table(
        "closure",
        _key(),
        sa.Column("directory_source", sa.String(64), nullable=False),
        sa.Column("link_id", sa.String(36), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_table(
        "closed_report",
        _key(),
        sa.Column("service_at_location_id", sa.String(36), nullable=False),
        sa.Column("reported_by", sa.String(64), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_report")),
        sa.UniqueConstraint(
            "service_at_location_id",
            "reported_by",
            "reported_on",
            name=op.f("uq_closed_report_service_at_location_id"),
        ),
    )
    op.create_table(
        "verification_task",
        _key(),
        sa.Column("service_at_location_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_task")),
    )
    still_open = sa.text("closed_on IS NULL")
    op.create_index(
        "uq_verification_task_open",
        "verification_task",
        ["service_at_location_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "directory_import",
        _key(),
        sa.Column("directory_source", sa.String(64), nullable=False),
        sa.Column("format", sa.String(24), nullable=False),
        sa.Column("times", sa.String(8), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        *(
            sa.Column(f"rows_{what}", sa.Integer(), nullable=False)
            for what in ("read", "added", "changed", "gone", "refused", "warned")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_import")),
    )
    for table, names in OUR_INDEXES.items():
        for name in names:
            op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


OUR_INDEXES = {
    "service_search": ["directory_source"],
    "weekly_hours": ["service_at_location_id"],
    "closure": ["directory_source", "link_id"],
    "closed_report": ["service_at_location_id"],
    "directory_import": ["directory_source"],
}


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _carry_over(table: str, names: list[str]) -> None:
    columns = ", ".join(names)
    values = ", ".join(
        f"CASE WHEN {name} LIKE '____-__-__' THEN {_as_date(name)} END"
        if name in {"valid_from", "valid_to"}
        else name
        for name in names
    )
    op.execute(
        f"INSERT INTO {table} (id, {columns}, directory_source, import_id, digest)"
        f" SELECT id, {values}, source, 0, '' FROM kept_{table}"
    )


def _as_date(name: str) -> str:
    # SQLite keeps days as text, and would cast them to their year.
    return name if op.get_bind().dialect.name == "sqlite" else f"CAST({name} AS DATE)"


def _carry_over_search() -> None:
    bind = op.get_bind()
    op.execute(
        "INSERT INTO weekly_hours (service_at_location_id, weekday, opens, closes)"
        " SELECT service_at_location_id, weekday, opens, closes FROM kept_weekly_hours"
    )
    hours: dict[str, int] = defaultdict(int)
    for own, weekday, opens, closes in bind.execute(
        sa.text("SELECT service_at_location_id, weekday, opens, closes FROM kept_weekly_hours")
    ):
        for hour in range((weekday * 1440 + opens) // 60, (weekday * 1440 + closes + 59) // 60):
            hours[own] |= 1 << hour % 168
    columns = ("service_at_location_id", "category", "latitude", "longitude", "timezone")
    listed = bind.execute(sa.text(f"SELECT {', '.join(columns)} FROM kept_service_search")).all()
    sources = {
        row.id: row.source for row in bind.execute(sa.text("SELECT id, source FROM kept_service_at_location"))
    }
    rows = [
        {
            **dict(zip(columns, row, strict=True)),
            "directory_source": sources[row[0]],
            "weekly": True,
            **{
                day: hours[row[0]] >> 24 * number & 0xFFFFFF if row[0] in hours else None
                for number, day in enumerate(WEEKDAYS)
            },
        }
        for row in listed
    ]
    if rows:
        table = sa.table("service_search", *(sa.column(name) for name in rows[0]))
        op.bulk_insert(table, rows)


def downgrade() -> None:
    """Back to the first tables, with what they can hold; without the constraints they had."""
    for table in (*RECORDS, *OUR_INDEXES, "verification_task"):
        if table in BEFORE:
            op.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        op.drop_table(table)
    for table, names in BEFORE.items():
        keyed = table != "service_search"
        id_type = sa.Integer() if table == "weekly_hours" else sa.String(36)
        own = [sa.Column("id", id_type, primary_key=True)] if keyed else []
        mine = [sa.Column("source", sa.String(64), nullable=False)] if table in RECORDS else []
        columns = [sa.Column(name, _first_kind(name)) for name in names.split()]
        op.create_table(table, *own, *columns, *mine)
        for name in FIRST_INDEXES[table]:
            op.create_index(f"ix_{table}_{name}", table, [name])
        if table == "service_search":
            near = ["category", "latitude", "longitude"]
            op.create_index("ix_service_search_category_latitude_longitude", table, near)
        copied = ", ".join([*(["id"] if keyed else []), *names.split()])
        target, live = (f"{copied}, source", " WHERE retired_on IS NULL") if mine else (copied, "")
        values = copied.replace("valid_from", "CAST(valid_from AS VARCHAR)") if mine else copied
        values = values.replace("valid_to", "CAST(valid_to AS VARCHAR)") + (
            ", directory_source" if mine else ""
        )
        op.execute(f"INSERT INTO {table} ({target}) SELECT {values} FROM kept_{table}{live}")
        op.drop_table(f"kept_{table}")


def _first_kind(name: str) -> sa.types.TypeEngine[object]:
    if name in {"latitude", "longitude"}:
        return sa.Double()
    return sa.Integer() if name in {"weekday", "opens", "closes"} else sa.Text()


FIRST_INDEXES = {
    "weekly_hours": ["service_at_location_id"],
    "service_search": [],
    "service_at_location": ["source"],
    "service": ["source"],
    "address": ["source", "location_id"],
    "taxonomy_term": ["source"],
    "schedule": ["source", "service_at_location_id", "service_id", "location_id"],
    "phone": ["source", "service_at_location_id", "service_id", "location_id", "organization_id"],
    "organization": ["source"],
    "location": ["source"],
    "attribute": ["source", "link_id"],
}
