"""JSON files as the parser takes them: UTF-8 and strict, whatever wrote them."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

import ijson  # type: ignore[import-untyped]

from services_directory.errors import DirectoryImportError
from services_directory.importers.package import PackageFile
from services_directory.importers.sheets import encoding_of

#: A file that is not strict JSON is read as a whole to mend it: only up to this size.
MOST_MENDED_BYTES = 256_000_000
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)"""
    r"""|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<word>[A-Za-z_$][\w$]*)|(?P<mark>[\[\]{},:])"""
    r"""|(?P<other>.)""",
    re.S,
)
_WORDS = {
    "true": "true",
    "false": "false",
    "null": "null",
    "undefined": "null",
    "None": "null",
    "NaN": "null",
}


@contextmanager
def strict_json(file: PackageFile) -> Iterator[PackageFile]:
    """The file, or a strict copy of it on disk. Raises DirectoryImportError when it is no JSON to its end."""
    encoding = encoding_of(file)
    if file.ending != ".js" and encoding == "utf-8" and _is_json(file) is None:
        yield file
        return
    if file.size > MOST_MENDED_BYTES:
        raise DirectoryImportError(f"{file.name} is not JSON: {_is_json(file)}")
    with file.open() as raw:
        text = raw.read().decode(encoding)
    with TemporaryFile() as copy:
        # A file of nothing but space holds no objects.
        for value in _values(text, file) or [[]]:
            copy.write(json.dumps(value).encode() + b"\n")
        size = copy.tell()
        yield PackageFile(file.name, size, lambda: _again(copy), file.table)


class _Again(io.RawIOBase):
    """The same open file from its start; closing this leaves it open."""

    def __init__(self, whole: IO[bytes]) -> None:
        self._whole = whole
        self._place = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._whole.seek(self._place)
        read = self._whole.read(len(buffer))
        self._place += len(read)
        buffer[: len(read)] = read
        return len(read)


def _again(whole: IO[bytes]) -> IO[bytes]:
    return io.BufferedReader(_Again(whole), 1 << 16)


def _is_json(file: PackageFile) -> str | None:
    """None when the file is JSON to its very end, or else what is wrong with it."""
    with file.open() as raw:
        try:
            for _event in ijson.basic_parse(raw, multiple_values=True):
                pass
        except (ijson.JSONError, UnicodeDecodeError) as error:
            return _one_line(error)
    return None


def _values(text: str, file: PackageFile) -> list[Any]:
    text = text.lstrip("\ufeff")
    try:
        return list(_json_values(text))
    except (ValueError, RecursionError) as error:
        wrong = error
    try:
        return _literals(text)
    except (ValueError, RecursionError):
        raise DirectoryImportError(f"{file.name} is not JSON, or is cut off: {_one_line(wrong)}") from wrong


def _json_values(text: str) -> Iterator[Any]:
    # Python's reader takes NaN, which others write; it stands for nothing.
    decoder = json.JSONDecoder(parse_constant=lambda _name: None, strict=False)
    place = 0
    while True:
        while place < len(text) and text[place] in " \t\r\n,;":
            place += 1
        if place >= len(text):
            return
        value, place = decoder.raw_decode(text, place)
        yield value


def _literals(text: str) -> list[Any]:
    """The object and array literals that a JavaScript module's constants hold."""
    found, tokens, depth = [], [], 0
    for token in _TOKEN.finditer(text):
        kind, said = str(token.lastgroup), token[0]
        if kind == "space" or (not depth and said not in "[{"):
            continue
        if kind == "other":
            raise ValueError("it is no JavaScript literal")
        depth += (said in "[{" and kind == "mark") - (said in "]}" and kind == "mark")
        tokens.append((kind, said))
        if not depth:
            found.append(json.loads(_as_json(tokens)))
            tokens = []
    if depth or not found:
        raise ValueError("it ends in the middle")
    return found


def _as_json(tokens: list[tuple[str, str]]) -> str:
    parts = []
    for place, (kind, said) in enumerate(tokens):
        following = tokens[place + 1][1] if place + 1 < len(tokens) else ""
        if said == "," and following in "]}":
            continue
        if following == ":" and kind in {"word", "number"}:
            parts.append(json.dumps(said))
        elif kind == "string":
            parts.append(said if said[0] == '"' else json.dumps(re.sub(r"\\(.)", r"\1", said[1:-1])))
        elif kind == "word":
            if said not in _WORDS:
                raise ValueError("it is no literal: it is computed")
            parts.append(_WORDS[said])
        elif kind == "number":
            parts.append(json.dumps(float(said)) if not re.fullmatch(r"-?(?:0|[1-9]\d*)", said) else said)
        else:
            parts.append(said)
    return "".join(parts)


def _one_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
