"""What a staged package needs before it can be used: doubles made one, gaps filled, lost ties found again."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from services_directory.folding import folded
from services_directory.importers.columns import columns_of
from services_directory.importers.identity import as_uuid
from services_directory.importers.report import ImportReport
from services_directory.importers.rows import Fault
from services_directory.importers.staging import BATCH, Staging, digest_of
from services_directory.models import REFERENCES, TABLES

#: Rows of these that differ in name under one id are two things, not one told twice.
_NAMED = {
    "organization": "name",
    "service": "name",
    "location": "name",
    "taxonomy_term": "name",
    "program": "name",
}
#: An organization with more places than this is not at all of them with every service.
MOST_PLACES = 25


def complete(staging: Staging, report: ImportReport) -> None:
    """Make the package whole, and say in the report what was assumed."""
    for table in TABLES:
        _merge(staging, report, table)
    _fill_parts(staging)
    _find_lost(staging, report.directory_source)
    _stand_in_organizations(staging, report)
    _link_by_organization(staging, report)
    _renew_digests(staging)


def _merge(staging: Staging, report: ImportReport, table: str) -> None:
    """Rows of one id: the first counts, and takes from the others what it lacks itself."""
    db, names = staging.db, [column.name for column in columns_of(table)]
    db.execute("CREATE TEMP TABLE twice (place INTEGER PRIMARY KEY, id TEXT)")
    db.execute(f"INSERT INTO twice (id) SELECT id FROM {table} GROUP BY id HAVING count(*) > 1")  # noqa: S608
    total = db.execute("SELECT count(*) FROM twice").fetchone()[0]
    sets = ", ".join(f'"{name}" = ?' for name in names)
    for start in range(0, total, BATCH):
        doubles = db.execute(
            f"SELECT {table}.* FROM twice JOIN {table} USING (id)"  # noqa: S608
            f" WHERE place > ? AND place <= ? ORDER BY place, seq",
            (start, start + BATCH),
        )
        merged = [
            _merged(staging, report, table, names, group)
            for _row_id, group in groupby(doubles, key=lambda row: row[4])
        ]
        db.executemany(
            f"DELETE FROM {table} WHERE id = ? AND seq > ?",  # noqa: S608
            [(row[4], row[0]) for row in merged],
        )
        db.executemany(
            f"UPDATE {table} SET digest = NULL, {sets} WHERE seq = ?",  # noqa: S608
            [(*row[4:], row[0]) for row in merged],
        )
    db.execute("DROP TABLE twice")


def _merged(
    staging: Staging, report: ImportReport, table: str, names: list[str], group: Iterator[Any]
) -> tuple[Any, ...]:
    first = list(next(group))
    for row in group:
        pairs = list(zip(names, first[4:], row[4:], strict=True))
        conflicts = [name for name, a, b in pairs if a is not None and b is not None and a != b]
        if conflicts:
            reason = f"its id was there before with another {conflicts[0]}: the first row is kept"
            kind = "its id was there before with other values: the first row is kept"
            report.add(Fault(staging.file_named(row[1]), row[2], table, reason, kind=kind))
        if _NAMED.get(table) not in conflicts:
            first[4:] = [a if a is not None else b for _name, a, b in pairs]
    return tuple(first)


def _fill_parts(staging: Staging) -> None:
    """Put what other rows say where a row itself says nothing; several of them one after another."""
    parts = staging.db.execute("SELECT DISTINCT tbl, col FROM part").fetchall()
    staging.db.execute("CREATE INDEX part_row ON part (tbl, col, id)")
    for table, column in parts:
        joined = "min(value)" if "age" in column else "group_concat(DISTINCT value)"
        staging.db.execute(
            f'UPDATE {table} SET digest = NULL, "{column}" ='  # noqa: S608
            f" (SELECT {joined} FROM part WHERE tbl = ?1 AND col = ?2 AND part.id = {table}.id)"
            f' WHERE "{column}" IS NULL'
            f" AND EXISTS (SELECT 1 FROM part WHERE tbl = ?1 AND col = ?2 AND part.id = {table}.id)",
            (table, column),
        )


def _find_lost(staging: Staging, source: str) -> None:
    """References that meet no id, but one written in other letters, or a term's code."""
    for (table, column), target in REFERENCES.items():
        lost = staging.db.execute(
            f'SELECT DISTINCT "{column}", text FROM {table} JOIN spelling ON tbl = ? AND spelling.id = "{column}"'  # noqa: S608
            f' WHERE "{column}" NOT IN (SELECT id FROM {target})',
            (target,),
        ).fetchall()
        found = [
            (right, wrong) for wrong, text in lost if (right := _meant(staging, source, target, wrong, text))
        ]
        staging.db.executemany(
            f'UPDATE {table} SET digest = NULL, "{column}" = ? WHERE "{column}" = ?',  # noqa: S608
            found,
        )


def _meant(staging: Staging, source: str, target: str, wrong: str, text: str) -> str | None:
    if target == "taxonomy_term":
        coded = staging.db.execute(
            "SELECT text FROM spelling WHERE tbl = 'code' AND id = ?", (wrong,)
        ).fetchone()
        if coded:
            return str(coded[0])
        named = staging.db.execute("SELECT min(id) FROM taxonomy_term WHERE name = ?", (text,)).fetchone()
        if named[0]:
            return str(named[0])
    candidates = {as_uuid(source, target, text.casefold()), as_uuid(source, target, text.upper())}
    alike = staging.db.execute(
        "SELECT id FROM spelling WHERE tbl = ? AND text = ? COLLATE NOCASE", (target, text)
    ).fetchall()
    candidates |= {row[0] for row in alike}
    marks = ", ".join("?" * len(candidates))
    there = staging.db.execute(
        f"SELECT id FROM {target} WHERE id IN ({marks})",  # noqa: S608
        tuple(candidates),
    ).fetchall()
    return str(there[0][0]) if len(there) == 1 else None


def _stand_in_organizations(staging: Staging, report: ImportReport) -> None:
    """The standard wants an organization for every service; a service must not be lost for the want of one."""
    db, source = staging.db, report.directory_source
    db.execute(
        "UPDATE program SET digest = NULL, organization_id = (SELECT organization_id FROM service"
        " WHERE service.program_id = program.id AND organization_id IS NOT NULL) WHERE organization_id IS NULL"
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
        "UPDATE service SET digest = NULL, organization_id = (SELECT location.organization_id FROM location JOIN"
        " service_at_location ON location_id = location.id WHERE service_id = service.id"
        " AND location.organization_id IS NOT NULL ORDER BY location.id) WHERE organization_id IS NULL"
    )
    names = [column.name for column in columns_of("organization")]
    for service, called, file, number in db.execute(
        "SELECT id, name, at_file, at_line FROM service WHERE organization_id IS NULL"
    ).fetchall():
        organization = as_uuid(source, "organization", f"of service {service}")
        values = {"id": organization, "name": called, "description": ""}
        _append(staging, "organization", [values.get(name) for name in names], file, number)
        db.execute(
            "UPDATE service SET digest = NULL, organization_id = ? WHERE id = ?", (organization, service)
        )
        reason = "organization_id is missing: the service stands for its own organization"
        report.add(Fault(staging.file_named(file), number, "service", reason))


def _link_by_organization(staging: Staging, report: ImportReport) -> None:
    """Tie services to places by their organization when a package ties none of them itself.

    Only where that is clear: the organization has one place, or one service, or they bear the same name.
    """
    if staging.count("service_at_location") or not staging.count("location"):
        return
    query = (
        "SELECT service.organization_id, service.id, service.name, location.id, location.name, service.at_file,"
        " service.at_line FROM service JOIN location ON location.organization_id = service.organization_id"
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
                _append(staging, "service_at_location", row, file, number)
                reason = "no row says where it is given: taken as at its organization's location"
                report.add(Fault(staging.file_named(file), number, "service", reason))


def _append(staging: Staging, table: str, row: list[Any], file: int, number: int) -> None:
    marks = ", ".join("?" * (len(row) + 3))
    staging.db.execute(
        f"INSERT INTO {table} VALUES (NULL, {marks})",  # noqa: S608
        (file, number, digest_of(row), *row),
    )


def _renew_digests(staging: Staging) -> None:
    for table in TABLES:
        changed = staging.db.execute(f"SELECT * FROM {table} WHERE digest IS NULL").fetchall()  # noqa: S608
        staging.db.executemany(
            f"UPDATE {table} SET digest = ? WHERE seq = ?",  # noqa: S608
            [(digest_of(row[4:]), row[0]) for row in changed],
        )
