"""Rows of CSV, TSV and XLSX files, one at a time, whatever wrote them."""

import codecs
import csv
import io
import re
import shutil
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from math import inf
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

import openpyxl

from services_directory.errors import DirectoryImportError
from services_directory.importers.naming import plain_name
from services_directory.importers.package import PackageFile

#: No line of a table is longer; a file without line ends must not fill the memory.
LONGEST_LINE = 16 * 1024 * 1024
csv.field_size_limit(LONGEST_LINE)
#: Titles and notes above the column names are looked past for so many lines.
LINES_ABOVE = 12
#: Bytes that stand for nothing in Windows's Latin.
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
#: A workbook that unpacks to more is a mistake or an attack.
MOST_BYTES = 4_000_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Line number and cells.
Line = tuple[int, list[Any]]


@dataclass(frozen=True)
class Sheet:
    """A table of cells. `name` is for messages, `title` the plain name that may say what it holds."""

    name: str
    title: str
    lines: Callable[[], Iterator[Line]]
    table: str | None = None

    def header(self, wanted: Callable[[set[str]], bool] | None = None) -> "Header":
        """The column names: the first line with any, or the first that `wanted` takes, near the top."""
        first: Header | None = None
        for count, (number, cells) in enumerate(self.lines()):
            names = [plain_name(str(cell)) if cell not in (None, "") else "" for cell in cells]
            if any(names):
                first = first or Header(number, names)
                if wanted is None or wanted(set(names)):
                    return Header(number, names)
            if count >= LINES_ABOVE:
                break
        return first or Header(0, [])

    def rows(self, header: "Header") -> Iterator[tuple[int, dict[str, Any]]]:
        """Each row below the header with its line number; "" holds what stands past the last column."""
        names = header.names
        width = len(names)
        # Where a name stands twice, its first column counts.
        places = {name: place for place, name in reversed(list(enumerate(names))) if name}
        plain = len(places) == width
        for number, cells in self.lines():
            if number <= header.line or not any(cells):
                continue
            if plain and len(cells) == width:
                row = dict(zip(names, cells, strict=True))
            else:
                row = {name: cells[place] for name, place in places.items() if place < len(cells)}
                if any(cell not in (None, "") for cell in cells[width:]):
                    row[""] = "more"
            yield number, row


class Header(NamedTuple):
    """Where the column names stand, and the names, plain; an empty one for a cell without a name."""

    line: int
    names: list[str]


def sheets_of(file: PackageFile) -> list[Sheet]:
    """The file's sheets: one for a CSV, each worksheet of a workbook. Raises DirectoryImportError."""
    if file.ending not in {".xlsx", ".xlsm"}:
        return (
            [Sheet(file.name, file.stem, lambda: _guarded(file, _csv(file)), file.table)] if file.size else []
        )
    with _workbook(file) as book:
        titles = [sheet.title for sheet in book.worksheets]
    one = len(titles) == 1
    return [
        Sheet(
            file.name if one else f"{file.name}, sheet {title}",
            file.stem if one else title,
            lambda title=title: _guarded(file, _xlsx(file, title)),  # type: ignore[misc]
            file.table if one else None,
        )
        for title in titles
    ]


def encoding_of(file: PackageFile) -> str:
    """The encoding of a text file: by its mark, UTF-8 if it is that, or else Windows's Latin."""
    return _look_over(file)[0]


def _look_over(file: PackageFile, longest_line: float = inf) -> tuple[str, bool]:
    """A text file's encoding, and whether NUL characters stand in it. Raises DirectoryImportError."""
    utf8, odd, nul, line = True, False, False, 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open() as raw:
        block = raw.read(4096)
        encoding = next((encoding for mark, encoding in _MARKS if block.startswith(mark)), None)
        encoding = encoding or _wide(block)
        if encoding and encoding != "utf-8-sig":
            return encoding, True
        more = True
        while more:
            nul = nul or b"\0" in block
            odd = odd or bool(not block.isascii() and _NOT_WINDOWS.search(block))
            more = bool(block)
            try:
                decoder.decode(block, final=not more)
            except UnicodeDecodeError:
                utf8 = False
            line = line + len(block) if b"\n" not in block else len(block) - block.rindex(b"\n")
            if line > longest_line and b"\r" not in block:
                raise DirectoryImportError(
                    f"{file.name} is no table: a line is longer than {LONGEST_LINE} bytes"
                )
            block = raw.read(1 << 20)
    if utf8:
        return encoding or "utf-8", nul
    # What is not UTF-8 from agencies' spreadsheets is Windows's Latin; Latin-1 takes whatever is left.
    return "latin-1" if odd else "cp1252", nul


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark shows by every other byte of Western text being NUL."""
    if len(start) > 3 and start[1::2].count(0) > len(start) // 3:
        return "utf-16-le"
    if len(start) > 3 and start[::2].count(0) > len(start) // 3:
        return "utf-16-be"
    return None


def _guarded(file: PackageFile, lines: Iterator[Line]) -> Iterator[Line]:
    try:
        yield from lines
    except (csv.Error, UnicodeError) as error:
        raise DirectoryImportError(f"{file.name} cannot be read as a table: {error}") from error


def _csv(file: PackageFile) -> Iterator[Line]:
    encoding, nul = _look_over(file, LONGEST_LINE)
    with file.open() as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as decoded:
        text = (line.replace("\0", "") for line in decoded) if nul else iter(decoded)
        above = 1
        first = next(text, "")
        while first and not first.strip():
            above += 1
            first = next(text, "")
        if re.fullmatch(r"\s*sep=.\s*", first, re.I):
            delimiter, above, first = first.strip()[4], above + 1, next(text, "")
        else:
            delimiter = max(",;\t|", key=first.count)
        end = _End()
        reader = csv.reader(chain([first], text, end), delimiter=delimiter)
        began = above
        for cells in reader:
            if end.reached:
                # Only a quoted cell is still open when there are no more lines.
                raise DirectoryImportError(
                    f"{file.name} is cut off or broken: a quote opens in row {began} and never closes"
                )
            yield began, cells
            began = above + reader.line_num


class _End:
    """No more lines; and whether that has been noticed."""

    reached = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.reached = True
        raise StopIteration


def _xlsx(file: PackageFile, title: str) -> Iterator[Line]:
    with _workbook(file) as book:
        sheet = book[title]
        # Some programs write the sheet's size wrong; rows past it would be lost.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        number = 0
        while (cells := _quietly(file, lambda: next(rows, None))) is not None:
            number += 1
            yield number, list(cells)


@contextmanager
def _workbook(file: PackageFile) -> Iterator[Any]:
    with TemporaryFile() as whole:
        with file.open() as raw:
            shutil.copyfileobj(raw, whole)
        whole.seek(0)
        _quietly(file, lambda: _not_too_large(file, whole))
        book = _quietly(file, lambda: openpyxl.load_workbook(whole, read_only=True, data_only=True))
        try:
            yield book
        finally:
            book.close()


def _not_too_large(file: PackageFile, whole: IO[bytes]) -> None:
    with zipfile.ZipFile(whole) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
            raise DirectoryImportError(f"{file.name} unpacks to more than a workbook can be")


def _quietly(file: PackageFile, read: Callable[[], Any]) -> Any:
    """What `read` gives, without openpyxl's remarks on what it leaves out (forms, colours)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            return read()
        except (DirectoryImportError, MemoryError):
            raise
        except Exception as error:  # openpyxl passes on whatever its zip and XML parsers raise.
            raise DirectoryImportError(f"{file.name} cannot be read as XLSX: {error}") from error
