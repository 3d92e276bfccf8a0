"""The dialogue's memory: bounded, sealed, forgotten, and never silent after a cut, on both databases."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from bot.config import Settings
from tests.integration.conftest import SETTINGS
from tests.nlu.conftest import in_rasas_environment


def empty_database(request, tmp_path_factory) -> str:
    """The address of a database of the kind the test asks for."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('tracker') / 'trackers.db'}"
    given = request.getfixturevalue("postgresql_url")
    server = create_engine(
        Settings.from_env({**SETTINGS, "DATABASE_URL": given}).database_url, isolation_level="AUTOCOMMIT"
    )
    name = f"trackers_{uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    server.dispose()
    return url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def dialogue(request, tmp_path_factory):
    """What is left of a dialogue of 400 turns."""
    url = empty_database(request, tmp_path_factory)
    return json.loads(in_rasas_environment("tests/nlu/long_dialogue.py", url))


def test_a_dialogue_of_four_hundred_turns_stays_short(dialogue):
    assert dialogue["longest"] <= dialogue["limit"]


def test_the_four_hundredth_text_costs_what_the_tenth_did(dialogue):
    assert dialogue["last"] <= 1.2 * dialogue["tenth"]


def test_a_cut_keeps_slots_the_form_and_the_last_turn(dialogue):
    assert dialogue["place"] == {"label": "98104"}
    assert dialogue["misses"] == 399
    assert (dialogue["loop"], dialogue["requested"]) == ("call_home_form", "home_number")
    assert (dialogue["latest_action"], dialogue["latest_text"]) == ("action_listen", "Marigold is hungry")


def test_what_was_made_of_each_text_is_kept_while_that_text_is_there(dialogue):
    assert dialogue["understood"] == [399, "food", ["action_ask_home_number"], {"misses": 398}]
    assert dialogue["need"] == "food"


def test_nothing_of_it_lies_readable(dialogue):
    assert not dialogue["readable"]


def test_after_twelve_hours_it_is_forgotten(dialogue):
    assert dialogue["forgotten"]


def test_a_new_key_opens_what_an_older_one_sealed_and_a_strange_key_starts_afresh(dialogue):
    assert dialogue["opened_after_rotation"] == 399
    assert not dialogue["opened_by_stranger"]
