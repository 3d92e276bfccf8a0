"""Bring the directory's tables to what a staged package says. In the caller's transaction."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Table

from services_directory.importers.bulk import Bulk
from services_directory.importers.columns import columns_of
from services_directory.importers.report import ImportReport
from services_directory.importers.rows import Fault
from services_directory.importers.staging import Staging
from services_directory.models import TABLES

_OURS = ("directory_source", "import_id", "digest", "retired_on")


def load(
    bulk: Bulk,
    staging: Staging,
    report: ImportReport,
    import_id: int,
    on: date,
    progress: Callable[[int, int], None],
) -> None:
    """Add, renew and retire rows of every table, as they were compared. Another source's are left to it.

    The staging keeps in `theirs` the rows that stayed another source's.
    """
    staging.db.execute("CREATE TABLE theirs (id TEXT PRIMARY KEY) WITHOUT ROWID")
    done, (total,) = 0, staging.db.execute("SELECT count(*) FROM fresh").fetchone()
    for name in TABLES:
        table: Any = TABLES[name].__table__
        others = name in staging.filled and bulk.has_others(table, report.directory_source)
        query = (
            f"SELECT t.*, fresh.known FROM fresh JOIN {name} AS t USING (seq)"  # noqa: S608
            " WHERE fresh.tbl = ? ORDER BY fresh.rowid"
        )
        for batch in staging.batches(query, (name,)):
            _renew(bulk, staging, report, table, batch, import_id, others)
            done += len(batch)
            progress(done, total)
        for batch in staging.batches("SELECT id FROM gone WHERE tbl = ?", (name,)):
            bulk.update(table, ("retired_on",), [(on.isoformat(), row[0]) for row in batch])
            report.gone += len(batch)


def _renew(
    bulk: Bulk,
    staging: Staging,
    report: ImportReport,
    table: Table,
    batch: list[Any],
    import_id: int,
    others: bool,
) -> None:
    source = report.directory_source
    columns = [*(column.name for column in columns_of(table.name)), *_OURS]
    theirs: dict[str, tuple[str, bool]] = {}
    if others:
        new = [row[4] for row in batch if not row[-1]]
        found = bulk.rows_of(table, ("id", "directory_source", "retired_on"), "id", new)
        theirs = {row_id: (other, retired is None) for row_id, other, retired in found}
    added: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    for _seq, file, number, digest, *values, known in batch:
        other, live = theirs.get(values[0], ("", False))
        if live:
            staging.db.execute("INSERT OR IGNORE INTO theirs VALUES (?)", (values[0],))
            reason = f"the source {other} has it already: theirs is kept"
            kind = "another source has it already: theirs is kept"
            report.add(Fault(staging.file_named(file), number, table.name, reason, kind=kind))
        elif known or other:
            # What its own source has given up, another may take over.
            changed.append((*values[1:], source, import_id, digest, None, values[0]))
            report.changed += bool(known)
            report.added += bool(other)
        else:
            added.append((*values, source, import_id, digest, None))
    bulk.insert(table, columns, added)
    bulk.update(table, columns[1:], changed)
    report.added += len(added)
