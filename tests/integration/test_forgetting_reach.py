"""No table and no column that could hold somebody is missing from the list of what forgetting does."""

import pytest
from sqlalchemy import LargeBinary, String, Text, inspect, text

from bot.forgetting.reach import PSEUDONYM, reach, tables
from bot.models import Base
from bot.sealing import Sealed
from services_directory.models import Base as DirectoryBase

ADD = "say in bot/forgetting/reach.yml what forgetting does to it, and in docs/privacy.md if it is kept"


def test_every_table_is_named():
    named = {*reach().deleted, *reach().emptied, *reach().kept, *reach().directory}
    assert set(tables()) - named == set(), ADD
    assert named - set(tables()) == set(), "there is no such table"


def test_only_the_directorys_own_tables_are_taken_for_the_directory():
    assert set(reach().directory) <= set(DirectoryBase.metadata.tables)
    for name in reach().directory:
        assert not any(key.column.table.name in reach().deleted for key in tables()[name].foreign_keys)


def test_every_column_of_a_table_that_stays_is_named_if_it_could_hold_somebody():
    for name, table in tables().items():
        if name in reach().deleted or name in reach().directory:
            continue
        named = {*reach().kept.get(name, {}), *reach().emptied.get(name, {})}
        could = {
            column.name
            for column in table.columns
            if isinstance(column.type, String | Text | LargeBinary | Sealed) or column.foreign_keys
        }
        assert could - named == set(), f"{name}: {ADD}"
        assert named <= {column.name for column in table.columns}, f"{name}: there is no such column"


def test_every_pointer_to_a_deleted_row_is_followed_or_can_be_emptied():
    for name, table in tables().items():
        for column in table.columns:
            for key in column.foreign_keys:
                to = key.column.table.name
                if to not in reach().deleted:
                    continue
                followed = name in reach().deleted and reach().deleted[name].get(column.name) == to
                own = name in reach().deleted and _leads_to_the_same(name)
                assert followed or column.nullable or own, f"{name}.{column.name}: {ADD}"


def test_what_is_followed_is_there():
    for name, columns in reach().deleted.items():
        for column, of in columns.items():
            assert column in tables()[name].columns
            assert of == PSEUDONYM or of in reach().deleted


def test_every_reason_says_something():
    for part in (reach().kept, reach().emptied):
        for name, columns in part.items():
            assert all(len(reason) > 2 for reason in columns.values()), name


def test_the_tables_of_durable_work_are_all_known(line):
    schema = "dbos" if line.engine.dialect.name == "postgresql" else None
    there = set(inspect(line.engine).get_table_names(schema=schema))
    there -= {*Base.metadata.tables, *DirectoryBase.metadata.tables, "alembic_version", "sqlite_sequence"}
    known = {*reach().durable["deleted"], *reach().durable["kept"]}
    assert there - known <= {"event_dispatch_kv"}, ADD


@pytest.mark.parametrize("table", [name for name in reach().deleted if "id" in tables()[name].columns])
def test_ids_of_whom_is_forgotten_are_never_used_again(line, table):
    if line.engine.dialect.name != "sqlite" or not _is_pointed_to(table):
        return
    with line.engine.connect() as connection:
        made = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
        ).scalar_one()
    assert "AUTOINCREMENT" in made


def _is_pointed_to(table):
    # Ids that are held outside of the database, or by a number in a cause or a workflow's id.
    return table in {
        "person", "conversation", "message", "consent", "incident", "using_alone_timer", "call", "check_in",
        "check_in_series", "home_message", "opt_out", "incident_event",
    }  # fmt: skip


def _leads_to_the_same(name):
    """Whether a row goes with its person whatever else it points to."""
    return "conversation" in reach().deleted[name].values() or "incident" in reach().deleted[name].values()
