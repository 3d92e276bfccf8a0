"""The schema that migrations make is the schema the models say. On SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect, text

from bot.db import reading, writing
from bot.models import Base
from services_directory import places
from services_directory.hours import OpenKind
from services_directory.models import Base as DirectoryBase
from services_directory.search import find
from tests.integration.conftest import ROOT, migrate


@pytest.fixture
def engine(empty_engine):
    """Migrated here, with nothing of DBOS's beside it."""
    migrate(empty_engine)
    return empty_engine


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


#: A directory as the first tables held it: one place, open Wednesdays.
BEFORE = (
    "INSERT INTO organization (id, name, description, source) VALUES ('o', 'Org', '', 'county')",
    "INSERT INTO service (id, organization_id, name, status, source)"
    " VALUES ('s', 'o', 'Table', 'active', 'county')",
    "INSERT INTO location (id, location_type, latitude, longitude, source)"
    " VALUES ('l', 'physical', 47.602, -122.33, 'county')",
    "INSERT INTO service_at_location (id, service_id, location_id, source) VALUES ('a', 's', 'l', 'county')",
    "INSERT INTO schedule (id, service_at_location_id, freq, byday, opens_at, closes_at, valid_from, source)"
    " VALUES ('h', 'a', 'WEEKLY', 'WE', '09:00', '17:00', '2025-01-01', 'county')",
    "INSERT INTO service_search (service_at_location_id, category, latitude, longitude, timezone)"
    " VALUES ('a', 'meal', 47.602, -122.33, 'America/Los_Angeles')",
    "INSERT INTO weekly_hours (service_at_location_id, weekday, opens, closes) VALUES ('a', 2, 540, 1020)",
)


def test_a_directory_of_the_first_tables_is_still_found_after_an_update_and_after_going_back(engine):
    command.downgrade(config_for(engine), "0001")
    with writing(engine) as session:
        for statement in BEFORE:
            session.execute(text(statement))
    command.upgrade(config_for(engine), "head")
    noon = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
    with reading(engine) as session:
        found = find(session, "food", places.zip_place("98104"), noon)
        assert [(match.service_name, match.hours.kind) for match in found] == [("Table", OpenKind.OPEN)]
        assert session.execute(text("SELECT valid_from FROM schedule")).scalar_one() is not None
    command.downgrade(config_for(engine), "0001")
    with reading(engine) as session:
        kept = session.execute(text("SELECT id, valid_from, source FROM schedule")).one()
        assert tuple(kept) == ("h", "2025-01-01", "county")
