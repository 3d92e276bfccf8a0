"""Read the tables of a datapackage, whatever it came in: a folder, one file, or a zip of CSV and JSON."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from services_directory.errors import DirectoryImportError

Row = dict[str, str | None]
#: A zip that unpacks to more than this is a mistake or an attack.
MAXIMUM_BYTES = 2_000_000_000


def read_tables(path: Path) -> dict[str, list[Row]]:
    """Every table found, by its name. Raises DirectoryImportError."""
    try:
        files = dict(_files(path))
        tables = {
            PurePosixPath(name).stem: _rows(name, data)
            for name, data in files.items()
            if name.endswith((".csv", ".json")) and PurePosixPath(name).stem != "datapackage"
        }
    except (OSError, zipfile.BadZipFile, ValueError, csv.Error) as error:
        raise DirectoryImportError(f"{path} cannot be read as an HSDS datapackage: {error}") from error
    if not tables:
        raise DirectoryImportError(f"{path} holds no CSV or JSON table")
    return tables


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if file.is_file():
                yield file.name, file.read_bytes()
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAXIMUM_BYTES:
                raise DirectoryImportError(f"{path} unpacks to more than {MAXIMUM_BYTES} bytes")
            # Read, never unpacked to disk: a name such as ../x can do no harm.
            for info in archive.infolist():
                if not info.is_dir():
                    yield info.filename, archive.read(info)
    else:
        yield path.name, path.read_bytes()


def _rows(name: str, data: bytes) -> list[Row]:
    text = _text(data)
    if name.endswith(".json"):
        found = json.loads(text)
        rows = found if isinstance(found, list) else found.get("contents", [])
        return [{key: None if value is None else str(value) for key, value in row.items()} for row in rows]
    return [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""), restval=None)]


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
