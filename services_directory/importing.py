"""Take in a directory: read and work out all of it first, then write what differs in one transaction."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from services_directory import corrections
from services_directory.clock_times import remembered_times
from services_directory.errors import DirectoryImportError
from services_directory.importers.bulk import Bulk
from services_directory.importers.comparing import compare
from services_directory.importers.completing import complete
from services_directory.importers.described import described_times
from services_directory.importers.formats import Format, recognise, rows_of
from services_directory.importers.intake import Intake
from services_directory.importers.listings import work_out
from services_directory.importers.loading import load
from services_directory.importers.package import open_package, unreadable
from services_directory.importers.references import report_broken
from services_directory.importers.report import ImportReport
from services_directory.importers.rows import Fault
from services_directory.importers.searching import renew_closures, renew_search, renew_words
from services_directory.importers.staging import Staging
from services_directory.importers.words import work_out_words
from services_directory.models import DirectoryImport, Service

#: Told the step ("reading", "working out", "writing"), how many rows are done, and of how many if known.
Progress = Callable[[str, int, int | None], None]
TIMES = ("local", "utc")
#: An import that would retire more of a source than this is taken for a broken file.
MOST_GONE = 0.5
#: Below so many services the share says nothing.
FEW = 10
#: New objects between two searches for circles of them, while an import runs.
SELDOM = 100_000


@dataclass
class Prepared:
    """A package read and worked out, waiting to be written. `report` is filled up by writing.

    `compared_with` is the source's last import and the state of the corrections at the time of `compare`;
    None: it was not compared yet.
    """

    source: str
    on: date
    times: str
    format: str
    staging: Staging
    report: ImportReport
    compared_with: tuple[int, str] | None = None


def import_directory(
    session: Session,
    path: Path,
    source: str,
    on: date,
    *,
    times: str | None = None,
    allow_shrinking: bool = False,
    progress: Progress = lambda _step, _done, _total: None,
) -> ImportReport:
    """Add or renew the rows of one source in the caller's transaction; the same again changes nothing.

    `on` is today. `times` says what bare clock times of this source mean: "local" (what publishers mean),
    "utc" (what the standard says), or None for what it was told the last time. `progress` is told the step
    and how many rows it has done. Raises DirectoryImportError, and nothing has been changed, when the
    package cannot be used as a whole.

    The caller's session may hold a lock while the package is read, which takes long: where others write
    meanwhile, use `prepare` and `write`.
    """
    times = times or remembered_times(session, source)
    with prepare(path, source, on, times=times, progress=progress) as prepared:
        return write(session, prepared, allow_shrinking=allow_shrinking, progress=progress)


@contextmanager
def prepare(
    path: Path,
    source: str,
    on: date,
    *,
    times: str | None = None,
    progress: Progress = lambda _step, _done, _total: None,
    listener: Callable[[Fault], None] | None = None,
) -> Iterator[Prepared]:
    """Read a package to its end and work out what can be found in it; touches no database of ours.

    Without `times` bare clock times mean what the package says of them (our exports do), or else local time.
    `listener` is told of every fault as it is found. Raises DirectoryImportError.
    """
    source = source.strip()
    if not source or len(source) > 64:
        raise DirectoryImportError("the source needs a name of at most 64 characters")
    times = times or described_times(path) or "local"
    if times not in TIMES:
        raise DirectoryImportError(f"times are {' or '.join(TIMES)}, not {times}")
    with _seldom_collected(), Staging() as staging:
        with unreadable(path), ExitStack() as used:
            form = recognise(used.enter_context(open_package(path)), used)
            report = ImportReport(source, form.name, listener=listener)
            _read(form, staging, report, on, progress)
        complete(staging, report)
        report.services = staging.count("service")
        if not report.services:
            why = f": {report.refused[0]}" if report.refused else ""
            raise DirectoryImportError(f"{path} ({form.name}) holds no service that can be used{why}")
        report_broken(staging, report)
        work_out(staging, report, times, on, lambda done, total: progress("working out", done, total))
        work_out_words(staging)
        yield Prepared(source, on, times, form.name, staging, report)


def compare_with(session: Session, prepared: Prepared) -> None:
    """Find out what in a prepared package differs from the directory, to have it done before writing begins.

    Only reads. `write` does it itself where it was not done, or where the source was imported or a listing
    corrected meanwhile.
    """
    compare(Bulk(session.connection()), prepared.staging, prepared.source)
    prepared.compared_with = _state(session, prepared.source)


def write(
    session: Session,
    prepared: Prepared,
    *,
    allow_shrinking: bool = False,
    progress: Progress = lambda _step, _done, _total: None,
) -> ImportReport:
    """Write what differs between a prepared package and the directory, in the caller's transaction.

    Raises DirectoryImportError when more than half of the source's services would be gone and
    `allow_shrinking` is not set.
    """
    source, staging, report = prepared.source, prepared.staging, prepared.report
    if not allow_shrinking:
        _refuse_shrinking(session, source, report.services)
    session.flush()
    with Bulk(session.connection()) as bulk:
        if prepared.compared_with != _state(session, source):
            compare_with(session, prepared)
        import_id = _begin(session, prepared)
        load(
            bulk,
            staging,
            report,
            import_id,
            prepared.on,
            lambda done, total: progress("writing", done, total),
        )
        renew_search(bulk, staging, source)
        renew_closures(bulk, staging, source)
        renew_words(bulk, staging, source)
    report.corrections = corrections.reapply(session, source, prepared.on)
    _record(session, import_id, report)
    session.expire_all()
    return report


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Rows hold no circles: looking for those among millions takes a tenth of an import's time."""
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _read(form: Format, staging: Staging, report: ImportReport, on: date, progress: Progress) -> None:
    intake = Intake(staging, report, on)
    for found in rows_of(form):
        if found is None:
            report.read += 1
            if report.read % 1000 == 0:
                progress("reading", report.read, None)
        elif isinstance(found, Fault):
            report.add(found)
        else:
            intake.take(found)
    staging.finish_reading()


def _state(session: Session, source: str) -> tuple[int, str]:
    """The id of the last import of a source (0 for a new one), and the state of the corrections."""
    last = select(func.max(DirectoryImport.id)).where(DirectoryImport.directory_source == source)
    return session.scalar(last) or 0, corrections.state(session)


def _begin(session: Session, prepared: Prepared) -> int:
    counts = dict.fromkeys(("read", "added", "changed", "gone", "refused", "warned"), 0)
    record = session.execute(
        insert(DirectoryImport)
        .values(
            directory_source=prepared.source,
            format=prepared.format[:24],
            times=prepared.times,
            imported_on=prepared.on,
            **{f"rows_{name}": count for name, count in counts.items()},
        )
        .returning(DirectoryImport.id)
    )
    return int(record.scalar_one())


def _record(session: Session, import_id: int, report: ImportReport) -> None:
    """Keep what became of the rows with the import."""
    counts = {
        "rows_read": report.read,
        "rows_added": report.added,
        "rows_changed": report.changed,
        "rows_gone": report.gone,
        "rows_refused": report.refusals.count,
        "rows_warned": report.warned.count,
    }
    session.execute(update(DirectoryImport).where(DirectoryImport.id == import_id).values(**counts))


def _refuse_shrinking(session: Session, source: str, services: int) -> None:
    live = select(func.count()).where(Service.directory_source == source, Service.retired_on.is_(None))
    before = session.scalar(live) or 0
    if before >= FEW and services < before * (1 - MOST_GONE):
        raise DirectoryImportError(
            f"{source} has {before} services and this package only {services}: more than half would be gone."
            " If that is right, say --allow-shrinking"
        )
