"""Ties between staged rows that the package does not tell, or tells in other letters."""

from itertools import groupby
from typing import Any

from services_directory.folding import folded
from services_directory.importers.columns import columns_of
from services_directory.importers.identity import as_uuid
from services_directory.importers.report import ImportReport
from services_directory.importers.rows import Fault
from services_directory.importers.staging import Staging
from services_directory.models import REFERENCES

#: An organization with more places than this is not at all of them with every service.
MOST_PLACES = 25


def find_lost(staging: Staging) -> None:
    """References that meet no id, but one written in other letters, or a term's code or name."""
    staging.db.execute("CREATE INDEX spelling_plain ON spelling (tbl, plain_id)")
    staging.db.execute("CREATE INDEX term_name ON taxonomy_term (name)")
    for (table, column), target in REFERENCES.items():
        if table not in staging.filled:
            continue
        lost = staging.db.execute(
            f'SELECT DISTINCT "{column}" FROM {table} WHERE "{column}" IS NOT NULL'  # noqa: S608
            f' AND "{column}" NOT IN (SELECT id FROM {target})'
        ).fetchall()
        found = [(right, wrong) for (wrong,) in lost if (right := _meant(staging, target, wrong))]
        staging.db.executemany(
            f'UPDATE {table} SET digest = NULL, "{column}" = ? WHERE "{column}" = ?',  # noqa: S608
            found,
        )


def _meant(staging: Staging, target: str, wrong: str) -> str | None:
    """The one row of the target that a lost reference can mean."""
    spelt = staging.db.execute(
        "SELECT text, plain_id FROM spelling WHERE tbl = ? AND id = ?", (target, wrong)
    ).fetchone()
    text, plain = spelt or (None, wrong)
    if target == "taxonomy_term":
        for query, value in (
            ("SELECT term_id FROM coded WHERE id = ?", wrong),
            ("SELECT min(id) FROM taxonomy_term WHERE name = ?", text),
        ):
            found = staging.db.execute(query, (value,)).fetchone()
            if found and found[0]:
                return str(found[0])
    alike = staging.db.execute(
        f"SELECT id FROM {target} WHERE id = ?2 OR id IN"  # noqa: S608
        " (SELECT id FROM spelling WHERE tbl = ?1 AND plain_id = ?2)",
        (target, plain),
    ).fetchall()
    return str(alike[0][0]) if len(alike) == 1 else None


def stand_in_organizations(staging: Staging, report: ImportReport) -> None:
    """The standard wants an organization for every service: none must be lost for the want of one."""
    db, source = staging.db, report.directory_source
    db.execute(
        "UPDATE program SET digest = NULL, organization_id = (SELECT organization_id FROM service"
        " WHERE service.program_id = program.id AND organization_id IS NOT NULL)"
        " WHERE organization_id IS NULL"
    )
    for file, number in db.execute(
        "SELECT at_file, at_line FROM program WHERE organization_id IS NULL"
    ).fetchall():
        report.add(
            Fault(staging.file_named(file), number, "program", "organization_id is missing", refused=True)
        )
    db.execute("DELETE FROM program WHERE organization_id IS NULL")
    # Ohana's services are their location's organization's.
    db.execute(
        "UPDATE service SET digest = NULL, organization_id = (SELECT location.organization_id"
        " FROM location JOIN service_at_location ON location_id = location.id WHERE service_id = service.id"
        " AND location.organization_id IS NOT NULL ORDER BY location.id) WHERE organization_id IS NULL"
    )
    names = [column.name for column in columns_of("organization")]
    for service, called, file, number in db.execute(
        "SELECT id, name, at_file, at_line FROM service WHERE organization_id IS NULL"
    ).fetchall():
        organization = as_uuid(source, "organization", f"of service {service}")
        values = {"id": organization, "name": called, "description": ""}
        staging.append("organization", [values.get(name) for name in names], file, number)
        db.execute(
            "UPDATE service SET digest = NULL, organization_id = ? WHERE id = ?", (organization, service)
        )
        reason = "organization_id is missing: the service stands for its own organization"
        report.add(Fault(staging.file_named(file), number, "service", reason))


def link_by_organization(staging: Staging, report: ImportReport) -> None:
    """Tie services to places by their organization when a package ties none of them itself.

    Only where that is clear: the organization has one place, or one service, or they bear the same name.
    """
    if staging.count("service_at_location") or not staging.count("location"):
        return
    query = (
        "SELECT service.organization_id, service.id, service.name, location.id, location.name,"
        " service.at_file, service.at_line"
        " FROM service JOIN location ON location.organization_id = service.organization_id"
        " ORDER BY service.organization_id, service.id, location.id"
    )
    staging.db.execute("CREATE INDEX location_organization ON location (organization_id)")
    for _organization, group in groupby(staging.db.execute(query).fetchall(), key=lambda row: row[0]):
        pairs = list(group)
        services, places = {row[1] for row in pairs}, {row[3] for row in pairs}
        for _org, service, called, place, named, file, number in pairs:
            alike = bool(called and named and folded(called) == folded(named))
            if len(places) == 1 or (len(services) == 1 and len(places) <= MOST_PLACES) or alike:
                at = as_uuid(report.directory_source, "service_at_location", f"{service}@{place}")
                row: list[Any] = [at, service, place]
                row += [None] * (len(columns_of("service_at_location")) - len(row))
                staging.append("service_at_location", row, file, number)
                reason = "no row says where it is given: taken as at its organization's location"
                report.add(Fault(staging.file_named(file), number, "service", reason))
