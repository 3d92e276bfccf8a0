"""Run migrations on the engine the command hands over; there is no address in a file."""

from alembic import context

from bot.models import Base
from services_directory.models import Base as DirectoryBase

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    sqlite = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    if sqlite is not None:
        # A table is altered by copying it: while it is away, nothing may mind what points to it. Only outside
        # of a transaction does SQLite listen (https://www.sqlite.org/lang_altertable.html#otheralter).
        sqlite.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=[Base.metadata, DirectoryBase.metadata],
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        # DBOS and Rasa keep tables of their own beside ours.
        include_name=lambda name, kind, parents: (
            kind != "table" or name in Base.metadata.tables or name in DirectoryBase.metadata.tables
        ),
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite is not None and sqlite.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError("after these migrations some rows would point to rows that are not there")
    connection.commit()
    if sqlite is not None:
        sqlite.execute("PRAGMA foreign_keys=ON")
