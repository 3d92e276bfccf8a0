"""Look for something planted in every row of every table, sealed or not, and in SQLite's own files."""

import base64
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Engine, MetaData, inspect, select

#: What Fernet seals begins with its version, 0x80, and the top of a time of this age.
TOKEN = re.compile(rb"gAAAAA[A-Za-z0-9_-]{60,}={0,2}")
#: DBOS's serialised values are in base64.
BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4}){6,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def opened(value: bytes, keys: tuple[str, ...]) -> Iterator[bytes]:
    """A value, and whatever is sealed or wrapped anywhere in it."""
    yield value
    cipher = MultiFernet([Fernet(key) for key in keys])
    for token in TOKEN.findall(value):
        # A token cut off in the middle, as an overwritten page leaves it, is no token.
        with suppress(InvalidToken, ValueError):
            yield cipher.decrypt(token)
    for wrapped in BASE64.findall(value):
        with suppress(ValueError):
            yield base64.b64decode(wrapped)


def holds(value: object, secrets: Collection[str], keys: tuple[str, ...]) -> list[str]:
    """Those of these that a value holds."""
    raw = bytes(value) if isinstance(value, bytes | memoryview | bytearray) else str(value).encode()
    inside = list(opened(raw, keys))
    return [secret for secret in secrets if any(secret.encode() in one for one in inside)]


def in_database(engine: Engine, secrets: Collection[str], keys: tuple[str, ...]) -> list[str]:
    """Where they are, as "schema.table.column: secret"; every schema, every row."""
    found = set()
    for schema in inspect(engine).get_schema_names():
        if schema in {"information_schema", "pg_catalog"}:
            continue
        tables = MetaData()
        tables.reflect(engine, schema=schema)
        with engine.connect() as connection:
            for table in tables.tables.values():
                for row in connection.execute(select(table)).mappings():
                    for column, value in row.items():
                        hits = holds(value, secrets, keys)
                        found |= {f"{table.fullname}.{column}: {secret}" for secret in hits}
    return sorted(found)


def in_files(database: Path, secrets: Collection[str], keys: tuple[str, ...]) -> list[str]:
    """Where they are in SQLite's file and its journal, byte for byte: free pages and old versions too."""
    return [
        f"{file.name}: {secret}"
        for file in (database, Path(f"{database}-wal"))
        if file.exists()
        for secret in holds(file.read_bytes(), secrets, keys)
    ]
