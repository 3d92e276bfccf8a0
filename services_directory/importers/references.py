"""What points at nothing: counted and reported, never refused."""

from services_directory.importers.report import ImportReport
from services_directory.importers.rows import Fault
from services_directory.importers.staging import Staging
from services_directory.models import REFERENCES


def report_broken(staging: Staging, report: ImportReport) -> None:
    """Warn about every reference that meets no row of the package."""
    links = {
        ("attribute", "link_id"): "link_entity",
        ("metadata", "resource_id"): "resource_type",
    }
    for (table, column), target in REFERENCES.items():
        if table not in staging.filled:
            continue
        query = (
            f'SELECT at_file, at_line FROM {table} WHERE "{column}" IS NOT NULL'  # noqa: S608
            f' AND "{column}" NOT IN (SELECT id FROM {target})'
        )
        for file, number in staging.db.execute(query):
            report.add(Fault(staging.file_named(file), number, table, f"{column} points at no {target}"))
    for (table, column), kind in links.items():
        if table not in staging.filled:
            continue
        for target in ("service", "service_at_location", "location", "organization"):
            query = (
                f"SELECT at_file, at_line FROM {table} WHERE {kind} = ?"  # noqa: S608
                f" AND {column} NOT IN (SELECT id FROM {target})"
            )
            for file, number in staging.db.execute(query, (target,)):
                report.add(Fault(staging.file_named(file), number, table, f"{column} points at no {target}"))
