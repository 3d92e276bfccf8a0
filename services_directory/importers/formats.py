"""Which format a package is in, and its rows as HSDS 3.2 rows."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from services_directory.errors import DirectoryImportError
from services_directory.importers.documents import TERM_COLUMNS, document_rows
from services_directory.importers.identity import external, told_apart
from services_directory.importers.json_rows import Level, items, layout
from services_directory.importers.json_text import strict_json
from services_directory.importers.naming import (
    FOLDED,
    address_type,
    column_named,
    columns_known,
    is_older,
    old_name,
    table_named,
    table_within,
)
from services_directory.importers.older import needs_spreading, spread
from services_directory.importers.package import PackageFile
from services_directory.importers.rows import Fault, Row
from services_directory.importers.sheets import Header, Sheet, sheets_of
from services_directory.importers.template import is_template, listing

JSON_ENDINGS = {".json", ".ndjson", ".jsonl", ".js"}
#: Columns that only HSDS before 3.0, or Ohana, gives to a table of a name that 3.x has too.
_OLDER_COLUMNS = {
    "taxonomy_ids",
    "weekday",
    "accepted_payments",
    "admin_emails",
    "vanity_number",
    "vocabulary",
}


@dataclass(frozen=True)
class TableSheet:
    """A sheet that holds rows of one HSDS table."""

    sheet: Sheet
    header: Header
    table: str


@dataclass(frozen=True)
class Format:
    """What a package is: its name for the report, and its files with how each is read."""

    name: str
    tables: tuple[TableSheet, ...] = ()
    documents: tuple[tuple[PackageFile, dict[str, Level]], ...] = ()
    templates: tuple[tuple[Sheet, Header], ...] = ()
    #: What was found and is not read, with the reason.
    left_out: tuple[tuple[str, str], ...] = field(default=())


def recognise(files: list[PackageFile], used: ExitStack) -> Format:
    """Look at names, columns and keys; JSON is read to its end once. Raises DirectoryImportError for none."""
    if not files:
        raise DirectoryImportError("there is no CSV, XLSX or JSON file in it")
    tables: list[TableSheet] = []
    templates: list[tuple[Sheet, Header]] = []
    left_out: list[tuple[str, str]] = []
    for file in files:
        if file.ending in JSON_ENDINGS:
            continue
        for sheet in sheets_of(file):
            _sort_in(sheet, tables, templates, left_out)
    jsons = [file for file in files if file.ending in JSON_ENDINGS and file.size]
    tables = _exact_first(tables, left_out)
    _refuse_several({one.sheet.name for one in tables if one.table == "service"})
    if any(one.table == "service" for one in tables):
        left_out += [(file.name, "the tables beside it are read instead") for file in jsons]
        left_out += [(sheet.name, "it is no table of the standard") for sheet, _header in templates]
        return Format(_table_format(tables), tables=tuple(tables), left_out=tuple(left_out))
    if templates:
        left_out += [(one.sheet.name, "there is no table of services beside it") for one in tables]
        return Format("one-sheet template", templates=tuple(templates), left_out=tuple(left_out))
    if jsons:
        documents = [
            (strict, layout(strict)) for file in jsons for strict in [used.enter_context(strict_json(file))]
        ]
        return Format(_json_format(documents), documents=tuple(documents), left_out=tuple(left_out))
    if tables:
        raise DirectoryImportError(
            f"it has {', '.join(sorted({one.table for one in tables}))}, but no table of services"
        )
    raise DirectoryImportError("it is in none of the formats we read (docs/directory.md lists them)")


def _refuse_several(names: set[str]) -> None:
    """Packages side by side number their rows alike: taken together they would be mixed up."""
    zips = {f"{inner}{mark}".rstrip("/") for inner, mark, _name in (one.rpartition(".zip/") for one in names)}
    if len(zips) > 1:
        raise DirectoryImportError(
            f"it holds several packages ({', '.join(sorted(one or 'no zip' for one in zips))}):"
            " import each by itself, with a --source of its own"
        )


def rows_of(form: Format) -> Iterator[Row | Fault | None]:
    """Every row of a recognised package and what is wrong with one; None once for every row of its files."""
    for name, reason in form.left_out:
        yield Fault(name, 0, "file", f"not read: {reason}", kind="not read")
    for one in form.tables:
        yield from _table_rows(one)
    for sheet, header in form.templates:
        for number, values in sheet.rows(header):
            yield None
            yield from listing(values, sheet.name, number)
    for file, levels in form.documents:
        for item in items(file, levels):
            yield from document_rows(item.array, item.value, file, item.number)


def _table_rows(one: TableSheet) -> Iterator[Row | Fault | None]:
    name, table = one.sheet.name, one.table
    names = [column_named(table, column) for column in one.header.names]
    # Two columns of one meaning: the standard's own name counts.
    names = [
        known if known == given or known not in one.header.names else given
        for known, given in zip(names, one.header.names, strict=True)
    ]
    header = Header(one.header.line, names)
    columns = set(names)
    kind = address_type(one.sheet.title) if table == "address" else None
    called = one.sheet.table or one.sheet.title
    apart = old_name(table, called) is not None
    own_id = (
        None if "id" in columns else next((c for c in (f"{table}_id", "uuid", "guid") if c in columns), None)
    )
    make: Callable[[str, dict[str, Any], str, int], Iterator[Row | Fault]] | None = (
        spread if needs_spreading(table, columns) else None
    )
    for number, values in one.sheet.rows(header):
        yield None
        if values.pop("", None):
            yield Fault(name, number, table, "more values than columns: those past the last are left out")
        if own_id and not (table == "taxonomy_term" and own_id == "taxonomy_id"):
            values["id"] = values.pop(own_id, None)
        if apart and values.get("id") not in (None, ""):
            values["id"] = told_apart(table, called, external(values["id"]))
        if kind and not values.get("address_type"):
            values["address_type"] = kind
        if make:
            yield from make(table, values, name, number)
        else:
            yield Row(table, values, name, number)


def _sort_in(
    sheet: Sheet,
    tables: list[TableSheet],
    templates: list[tuple[Sheet, Header]],
    left_out: list[tuple[str, str]],
) -> None:
    table = _table_of(sheet)
    header = sheet.header()
    if table == "taxonomy" and set(header.names) & TERM_COLUMNS:
        table = "taxonomy_term"
    if table and _has_columns(table, header):
        tables.append(TableSheet(sheet, header, table))
        return
    header = sheet.header(is_template)
    if is_template(set(header.names)):
        templates.append((sheet, header))
    elif sum(bool(name) for name in header.names) > 1:
        left_out.append((sheet.name, "neither its name nor its columns are any we know"))


def _table_of(sheet: Sheet) -> str | None:
    return (
        (table_named(sheet.table) if sheet.table else None)
        or table_named(sheet.title)
        or table_within(sheet.title)
    )


def _has_columns(table: str, header: Header) -> bool:
    columns = set(header.names)
    if table in FOLDED:
        return bool(columns & {"service_id", "location_id", "service_at_location_id"})
    if (
        table == "service"
        and "organization_id" not in columns
        and "id" not in columns
        and is_template(columns)
    ):
        # "services.csv" of an agency that has only a list.
        return False
    return len(columns & columns_known(table)) >= 2


def _exact_first(tables: list[TableSheet], left_out: list[tuple[str, str]]) -> list[TableSheet]:
    """A sheet whose name only contains a table's counts when no sheet bears that table's very name."""
    exact = {one.table for one in tables if one.sheet.table or table_named(one.sheet.title)}
    kept = []
    for one in sorted(tables, key=lambda one: one.sheet.name):
        if one.sheet.table or table_named(one.sheet.title) or one.table not in exact:
            kept.append(one)
        else:
            left_out.append((one.sheet.name, f"another file is the {one.table} table"))
    return kept


def _table_format(tables: list[TableSheet]) -> str:
    columns = {name for one in tables for name in one.header.names}
    if "taxonomy_ids" in columns:
        return "Ohana CSV"
    older = bool(columns & _OLDER_COLUMNS) or any(is_older(one.sheet.title) for one in tables)
    return "HSDS 1.x/2.x CSV" if older else "HSDS 3.x CSV"


def _json_format(documents: list[tuple[PackageFile, dict[str, Level]]]) -> str:
    keys = {key for _file, levels in documents for level in levels.values() for key in level.keys}
    return "FindTreatment JSON" if "name1" in keys else "HSDS JSON"
