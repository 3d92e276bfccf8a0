"""`python -m bot import-directory` and `export-directory`: the directory in and out."""

import argparse
import csv
import sqlite3
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from tqdm import tqdm

from bot.bootstrap import Line
from bot.db import reading
from services_directory.clock_times import remembered_times
from services_directory.errors import DirectoryExportError, DirectoryImportError
from services_directory.export import export_directory
from services_directory.importers.report import ImportReport
from services_directory.importers.rows import Fault
from services_directory.importing import Prepared, compare_with, prepare, write

REPORT_COLUMNS = ("what", "file", "row", "table", "reason")


def import_into(line: Line, arguments: argparse.Namespace) -> int:
    """Load a directory: 0 when it went in, 1 with a sentence when it did not and nothing was changed."""
    source = arguments.source or arguments.path.resolve().stem
    try:
        with ExitStack() as used:
            report = _import(line, arguments, source, used)
    except (DirectoryImportError, OSError) as error:
        sys.stderr.write(f"{error}\nNothing was changed.\n")
        return 1
    except (SQLAlchemyError, sqlite3.Error) as error:
        # A lock held for too long, a full disk, a server that is away.
        said = str(getattr(error, "orig", None) or error).strip().splitlines()
        sys.stderr.write(
            f"The database does not take it: {said[0] if said else error}\nNothing was changed.\n"
        )
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing was changed.\n")
        return 130
    sys.stdout.write(f"{report}\n")
    if arguments.dry_run:
        sys.stdout.write("Nothing was changed: this was a dry run.\n")
    return 0


def export_to(line: Line, arguments: argparse.Namespace) -> int:
    """Write the directory as an HSDS datapackage: 0 when it is there, 1 with a sentence when it is not."""
    try:
        _check_tables(line.engine, DirectoryExportError)
        with reading(line.engine) as session:
            counts = export_directory(session, arguments.path, source=arguments.source)
    except DirectoryExportError as error:
        sys.stderr.write(f"{error}\nNothing was written.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing was written.\n")
        return 130
    told = ", ".join(f"{count} {table}" for table, count in counts.items() if count)
    sys.stdout.write(f"{arguments.path}: {told or 'nothing, since the directory is empty'}\n")
    return 0


def _check_tables(engine: Engine, error: type[Exception]) -> None:
    if not inspect(engine).has_table("directory_import"):
        raise error("The database is not set up yet: run `python -m bot migrate` first.")


def _import(line: Line, arguments: argparse.Namespace, source: str, used: ExitStack) -> ImportReport:
    _check_tables(line.engine, DirectoryImportError)
    with reading(line.engine) as session:
        times = arguments.times or remembered_times(session, source)
    listener = _faults_into(arguments.report, used) if arguments.report else None
    progress = used.enter_context(_Bars()).show
    today: date = line.clock().astimezone(ZoneInfo(line.settings.timezone)).date()
    # The package is read and worked out before the database is locked: texts come in meanwhile.
    prepared = used.enter_context(
        prepare(arguments.path, source, today, times=times, progress=progress, listener=listener)
    )
    with reading(line.engine) as session:
        compare_with(session, prepared)
    return _write(line.engine, prepared, arguments, progress)


def _write(
    engine: Engine,
    prepared: Prepared,
    arguments: argparse.Namespace,
    progress: Callable[[str, int, int | None], None],
) -> ImportReport:
    with Session(engine, expire_on_commit=False) as session, session.begin() as transaction:
        report = write(session, prepared, allow_shrinking=arguments.allow_shrinking, progress=progress)
        if arguments.dry_run:
            transaction.rollback()
    return report


def _faults_into(path: Path, used: ExitStack) -> Callable[[Fault], None]:
    """Writes every refusal and warning to a CSV file as it is found."""
    file = used.enter_context(path.open("w", encoding="utf-8", newline=""))
    rows = csv.writer(file)
    rows.writerow(REPORT_COLUMNS)

    def note(fault: Fault) -> None:
        what = "refused" if fault.refused else "warned"
        rows.writerow((what, fault.file, fault.row or "", fault.table, fault.reason))

    return note


class _Bars:
    """A progress bar for each step, on a terminal's standard error only."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._step = ""

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, step: str, done: int, total: int | None) -> None:
        """Move the step's bar on."""
        if self._bar is None or step != self._step:
            if self._bar is not None:
                self._bar.close()
            self._step = step
            # None: no bar where nobody watches.
            self._bar = tqdm(desc=step, total=total, unit=" rows", unit_scale=True, disable=None, leave=False)
        self._bar.update(done - self._bar.n)
