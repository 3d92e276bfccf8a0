"""The schema that migrations make is the schema the models say. On SQLite and on PostgreSQL."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect

from bot.models import Base
from services_directory.models import Base as DirectoryBase
from tests.integration.conftest import ROOT


def config_for(engine):
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = engine
    return config


def test_migrated_tables_are_those_of_the_models(engine):
    models = MetaData()
    for base in (Base, DirectoryBase):
        for table in base.metadata.tables.values():
            table.to_metadata(models)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or name != "alembic_version"},
        )
        assert compare_metadata(context, models) == []


def test_migrations_go_down_to_nothing_and_up_again(engine):
    command.downgrade(config_for(engine), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(config_for(engine), "head")
    assert "message" in inspect(engine).get_table_names()
