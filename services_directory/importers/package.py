"""What a path holds: one file, a folder of files, or a zip of them."""

import json
import lzma
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Any, cast

import ijson  # type: ignore[import-untyped]

from services_directory.errors import DirectoryImportError

#: A zip that unpacks to more than this is a mistake or an attack.
MOST_BYTES = 20_000_000_000
#: What packs better than this is no table of services: CSV and JSON shrink to a fifth, at most to a fiftieth.
MOST_PACKED, PACKED_FROM_BYTES = 250, 100_000_000
MOST_FILES = 50_000
#: Each zip in a zip is a file held open; and a zip may hold itself.
MOST_ZIPS, DEEPEST = 200, 3
READABLE = {".csv", ".tsv", ".tab", ".txt", ".json", ".ndjson", ".jsonl", ".js", ".xlsx", ".xlsm"}
DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class PackageFile:
    """One file and how to open it, as bytes, as often as needed.

    `table` is the table it holds when the package's own descriptor says so.
    """

    name: str
    size: int
    open: Callable[[], IO[bytes]]
    table: str | None = None

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return PurePosixPath(self.name).stem

    @property
    def ending(self) -> str:
        """Such as ".csv"."""
        return PurePosixPath(self.name).suffix.casefold()


@contextmanager
def open_package(path: Path) -> Iterator[list[PackageFile]]:
    """The readable files of a package, by name. Raises DirectoryImportError."""
    with ExitStack() as used:
        yield _files(path, used)


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Whatever a broken file makes the libraries that read it raise, as DirectoryImportError."""
    try:
        yield
    except (
        OSError,
        EOFError,
        NotImplementedError,
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        lzma.LZMAError,
        ijson.JSONError,
        UnicodeError,
        RecursionError,
    ) as error:
        raise DirectoryImportError(f"{path} cannot be read: {_reason(error)}") from error


def _files(path: Path, used: ExitStack) -> list[PackageFile]:
    if path.is_file() and path.name.casefold() == DESCRIPTOR:
        path = path.parent
    if path.is_dir():
        found = []
        for file in sorted(path.rglob("*")):
            if file.is_file() and not _hidden(PurePosixPath(file.relative_to(path).as_posix())):
                found += _named(_on_disk(file, path), used, depth=1)
            if len(found) > MOST_FILES:
                raise DirectoryImportError(f"{path} holds more than {MOST_FILES} files: it is no directory")
        return _described(found)
    if path.is_file():
        if not path.stat().st_size:
            raise DirectoryImportError(f"{path} is empty")
        return _described(_named(_on_disk(path, path.parent), used, path.suffix.casefold() not in READABLE))
    if path.exists():
        raise DirectoryImportError(f"{path} is neither a file nor a folder")
    raise DirectoryImportError(f"{path} is not there")


def _named(
    file: PackageFile, used: ExitStack, looked_into: bool = False, depth: int = 0
) -> list[PackageFile]:
    """The file itself if it is readable, what is in it if it is a zip, nothing otherwise."""
    if file.ending in READABLE:
        return [file]
    if not file.size or not (file.ending == ".zip" or looked_into):
        return []
    if depth > DEEPEST:
        raise DirectoryImportError(f"{file.name} is a zip in a zip in a zip: unpack it first")
    raw = used.enter_context(file.open())
    if zipfile.is_zipfile(raw):
        return _zipped(used.enter_context(zipfile.ZipFile(raw)), file, used, depth)
    if file.ending != ".zip":
        return [file]
    raise DirectoryImportError(f"{file.name} is no zip, or a broken one")


def _on_disk(file: Path, root: Path) -> PackageFile:
    return PackageFile(file.relative_to(root).as_posix(), file.stat().st_size, lambda: file.open("rb"))


def _zipped(archive: zipfile.ZipFile, outer: PackageFile, used: ExitStack, depth: int) -> list[PackageFile]:
    entries = [info for info in archive.infolist() if not info.is_dir()]
    size, packed = sum(info.file_size for info in entries), sum(info.compress_size for info in entries)
    zips = sum(info.filename.casefold().endswith(".zip") for info in entries)
    if len(entries) > MOST_FILES or zips > MOST_ZIPS or size > MOST_BYTES:
        raise DirectoryImportError(f"{outer.name} unpacks to more than a directory can be")
    if size > PACKED_FROM_BYTES and size > packed * MOST_PACKED:
        raise DirectoryImportError(f"{outer.name} unpacks to {size // packed} times its size: a zip bomb")
    within = f"{outer.name}/" if depth else ""
    found: list[PackageFile] = []
    for info in sorted(entries, key=lambda info: info.filename):
        if _hidden(PurePosixPath(info.filename)):
            continue
        if info.flag_bits & 1:
            raise DirectoryImportError(f"{outer.name} is locked with a password")
        file = PackageFile(f"{within}{info.filename}", info.file_size, _opener(archive, info))
        if file.ending == ".zip":
            file = replace(file, open=_copied(file, used))
        found += _named(file, used, depth=depth + 1)
    return found


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _copied(file: PackageFile, used: ExitStack) -> Callable[[], IO[bytes]]:
    """A zip in a zip is read back and forth: a copy on disk does that, a packed stream hardly."""

    def copy() -> IO[bytes]:
        whole = used.enter_context(TemporaryFile())  # noqa: SIM115 - `used` closes it
        with file.open() as raw:
            shutil.copyfileobj(raw, whole)
        whole.seek(0)
        return cast(IO[bytes], whole)

    return copy


def _hidden(name: PurePosixPath) -> bool:
    return any(part.startswith((".", "__MACOSX", "~$")) for part in name.parts)


def _described(files: list[PackageFile]) -> list[PackageFile]:
    """Without the package's descriptors, and with the tables that those say the files hold."""
    tables: dict[str, str] = {}
    for file in files:
        if PurePosixPath(file.name).name.casefold() == DESCRIPTOR:
            tables |= _resources(file)
    return [
        replace(file, table=tables.get(file.name.casefold()))
        for file in files
        if PurePosixPath(file.name).name.casefold() != DESCRIPTOR
    ]


def _resources(descriptor: PackageFile) -> dict[str, str]:
    """What each file is called in a datapackage.json: resource name by path, in lower case."""
    try:
        with descriptor.open() as raw:
            page: Any = json.loads(raw.read().decode("utf-8-sig"))
    except ValueError:
        # The files' own names and columns still tell what they are.
        return {}
    found = {}
    folder = PurePosixPath(descriptor.name).parent
    resources = page.get("resources") if isinstance(page, dict) else None
    for resource in resources if isinstance(resources, list) else []:
        if not isinstance(resource, dict) or not isinstance(resource.get("name"), str):
            continue
        paths = resource.get("path")
        for one in paths if isinstance(paths, list) else [paths]:
            if isinstance(one, str):
                found[(folder / one).as_posix().casefold()] = resource["name"]
    return found


def _reason(error: BaseException) -> str:
    said = getattr(error, "strerror", None) or str(error).strip() or type(error).__name__
    return str(said).splitlines()[0]
