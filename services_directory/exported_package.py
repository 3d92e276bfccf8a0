"""A datapackage being written: a folder or a zip that appears all at once, or not at all."""

import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from services_directory.errors import DirectoryExportError

#: The earliest a zip can say: the same data makes the same bytes on every day.
NO_TIME = (1980, 1, 1, 0, 0, 0)


class Package(Protocol):
    """What files are written to, one after another."""

    def open(self, name: str) -> IO[bytes]:
        """A new file of the package, to be closed before the next is opened."""
        ...


@contextmanager
def new_package(path: Path, names: frozenset[str]) -> Iterator[Package]:
    """Write a package beside `path` and move it there when the block ends well.

    A path that ends in .zip becomes one file; any other a folder of the given file names. Raises
    DirectoryExportError when something else is there already, or the disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(f".{path.name}.{os.getpid()}.partial")
        with (
            _zipped(path, written)
            if path.suffix.casefold() == ".zip"
            else _folder(path, written, names) as new
        ):
            yield new
    except OSError as error:
        raise DirectoryExportError(f"{path} cannot be written: {error.strerror or error}") from error


@contextmanager
def _zipped(path: Path, written: Path) -> Iterator[Package]:
    if path.is_dir():
        raise DirectoryExportError(f"{path} is a folder")
    try:
        with written.open("w+b") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
                yield _Zip(archive)
            raw.flush()
            os.fsync(raw.fileno())
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, name: str) -> IO[bytes]:
        entry = zipfile.ZipInfo(name, NO_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system, entry.external_attr = 3, 0o644 << 16
        return self._archive.open(entry, "w", force_zip64=True)


@contextmanager
def _folder(path: Path, written: Path, names: frozenset[str]) -> Iterator[Package]:
    if path.exists() and not path.is_dir():
        raise DirectoryExportError(f"{path} is a file: give a folder or a name that ends in .zip")
    if path.is_dir() and {file.name for file in path.iterdir()} - names:
        raise DirectoryExportError(f"{path} holds other files: give an empty folder or a new name")
    old = written.with_suffix(".old")
    shutil.rmtree(written, ignore_errors=True)
    try:
        written.mkdir()
        yield _Folder(written)
        if path.is_dir():
            path.replace(old)
        written.replace(path)
    except BaseException:
        if old.is_dir() and not path.exists():
            old.replace(path)
        raise
    finally:
        shutil.rmtree(written, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, name: str) -> IO[bytes]:
        return io.BufferedWriter(io.FileIO(self._path / name, "xb"))
