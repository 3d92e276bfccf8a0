"""Rows of a package, cleaned and under ids of ours, into the staging."""

from datetime import date
from typing import Any

from services_directory.importers.cleaning import Unusable, clean
from services_directory.importers.columns import columns_of
from services_directory.importers.holidays import days_of, special_hours
from services_directory.importers.identity import (
    as_uuid,
    external,
    is_plain_uuid,
    is_uuid,
    pointers,
    target_of,
)
from services_directory.importers.report import ImportReport
from services_directory.importers.rows import Fault, Row
from services_directory.importers.staging import Staging
from services_directory.importers.text import NOTHING
from services_directory.models import TABLES

#: Columns we do not know are named up to so many: keys of JSON may be anything.
MOST_COLUMNS = 1000


class Intake:
    """Takes rows one by one and notes in the report what was wrong with them. `on` is today."""

    def __init__(self, staging: Staging, report: ImportReport, on: date) -> None:
        self._staging, self._report, self._on = staging, report, on
        self._source = report.directory_source
        self._names = {table: frozenset(column.name for column in columns_of(table)) for table in TABLES}
        self._left_out: set[tuple[str, str]] = set()

    def take(self, row: Row) -> None:
        """One row of a table, or of `closure`."""
        if row.table == "closure":
            self._take_closure(row)
            return
        table, values = row.table, row.values
        names = self._names[table]
        if not values.keys() <= names:
            self._note_left_out(row, names)
        self._identify(table, values)
        try:
            cleaned, warnings = clean(table, values, row.partial)
        except Unusable as error:
            self._report.add(Fault(row.file, row.number, table, str(error), refused=True))
            return
        for warning in warnings:
            self._report.add(Fault(row.file, row.number, table, warning))
        if row.partial:
            for column, value in zip(columns_of(table), cleaned, strict=True):
                if value is not None and column.name != "id":
                    self._staging.put_part(table, cleaned[0], column.name, value)
        else:
            self._staging.put(table, cleaned, row.file, row.number)

    def _note_left_out(self, row: Row, names: frozenset[str]) -> None:
        for column in row.values.keys() - names:
            said = row.values[column]
            known = (row.table, column) in self._left_out or len(self._left_out) >= MOST_COLUMNS
            if said in (None, "", [], {}) or known:
                continue
            self._left_out.add((row.table, column))
            reason = f"{column} is none of the standard's columns and was left out"
            self._report.add(Fault(row.file, row.number, row.table, reason))

    def _identify(self, table: str, values: dict[str, Any]) -> None:
        """Turn a row's id and every reference in it into UUIDs; one without an id gets one of its content."""
        for column in pointers(table):
            value = values.get(column)
            if value is None or value == "":
                continue
            text = external(value)
            if is_plain_uuid(text):
                values[column] = text
            elif text.casefold() in NOTHING:
                values[column] = None
            else:
                entity = values.get("link_entity") or values.get("resource_type")
                values[column] = self._uuid(target_of(table, column, str(entity) if entity else None), text)
        own = values.get("id")
        text = external(own) if own is not None else ""
        if not text:
            content = sorted((name, str(value)) for name, value in values.items() if value not in (None, ""))
            text = f"content:{content}"
        values["id"] = self._uuid(table, text)
        if table == "taxonomy_term" and values.get("code") not in (None, ""):
            code = external(values["code"])
            self._staging.coded(as_uuid(self._source, table, code), values["id"])

    def _uuid(self, table: str, text: str) -> str:
        if is_plain_uuid(text):
            return text
        made = as_uuid(self._source, table, text)
        if (table == "taxonomy_term" or not (text.islower() or text.isdigit())) and not is_uuid(text):
            plain = as_uuid(self._source, table, text.casefold())
            self._staging.spelt(table, made, text, plain)
        return made

    def _take_closure(self, row: Row) -> None:
        owner, said = row.values.get("link_entity"), row.values
        spans = days_of(said, self._on) if owner else []
        if not spans or not owner:
            reason = "it says neither when nor where it is closed: left out"
            self._report.add(Fault(row.file, row.number, "holiday_schedule", reason, refused=True))
            return
        for first, last in spans:
            if said["closed"]:
                link = self._uuid(owner, external(said["link_id"]))
                self._staging.put_closure(
                    (link, first.isoformat(), last.isoformat(), said.get("reason") or None)
                )
                continue
            hours = special_hours(said, first, last)
            if hours is None:
                reason = "its hours on those days could not be read: the usual hours are told"
                self._report.add(Fault(row.file, row.number, "holiday_schedule", reason))
                return
            self.take(Row("schedule", hours, row.file, row.number))
