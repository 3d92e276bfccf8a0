"""Run migrations on the engine the command hands over; there is no address in a file."""

from alembic import context

from bot.models import Base
from services_directory.models import Base as DirectoryBase

engine = context.config.attributes["engine"]
with engine.connect() as connection:
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
    connection.commit()
