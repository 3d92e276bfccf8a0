"""What a staged package needs before it can be used: doubles made one, gaps filled, digests renewed."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from services_directory.importers.columns import columns_of
from services_directory.importers.report import ImportReport
from services_directory.importers.rows import Fault
from services_directory.importers.staging import BATCH, Staging, digest_of
from services_directory.importers.ties import find_lost, link_by_organization, stand_in_organizations

#: Rows of these that differ in name under one id are two things, not one told twice.
_NAMED = {"organization", "service", "location", "taxonomy_term", "program"}


def complete(staging: Staging, report: ImportReport) -> None:
    """Make the package whole, and say in the report what was assumed."""
    for table in sorted(staging.filled):
        _merge(staging, report, table)
    _fill_parts(staging)
    find_lost(staging)
    stand_in_organizations(staging, report)
    link_by_organization(staging, report)
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
        # "" stands for what the standard wants and the row does not say.
        conflicts = [name for name, a, b in pairs if a not in (None, "") and b not in (None, "") and a != b]
        if conflicts:
            reason = f"its id was there before with another {conflicts[0]}: the first row is kept"
            kind = "its id was there before with other values: the first row is kept"
            report.add(Fault(staging.file_named(row[1]), row[2], table, reason, kind=kind))
        if table not in _NAMED or "name" not in conflicts:
            first[4:] = [b if a in (None, "") and b is not None else a for _name, a, b in pairs]
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


def _renew_digests(staging: Staging) -> None:
    for table in sorted(staging.filled):
        changed = staging.db.execute(f"SELECT * FROM {table} WHERE digest IS NULL").fetchall()  # noqa: S608
        staging.db.executemany(
            f"UPDATE {table} SET digest = ? WHERE seq = ?",  # noqa: S608
            [(digest_of(row[4:]), row[0]) for row in changed],
        )
