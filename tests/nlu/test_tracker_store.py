"""The dialogue's memory: bounded, sealed, forgotten, and never silent after a cut."""

import json
import os
import subprocess

import pytest

from launch.prepare import RASA_ENV
from tests.e2e.running_line import ROOT
from tests.nlu.conftest import PYTHON


@pytest.fixture(scope="module")
def dialogue(tmp_path_factory):
    """What is left of a dialogue of 400 turns."""
    database = tmp_path_factory.mktemp("tracker") / "trackers.db"
    done = subprocess.run(
        [str(PYTHON), "tests/nlu/long_dialogue.py", str(database)],
        cwd=ROOT,
        env={**os.environ, **RASA_ENV, "PYTHONPATH": "nlu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_a_dialogue_of_four_hundred_turns_stays_short(dialogue):
    assert dialogue["longest"] <= dialogue["limit"]


def test_the_four_hundredth_text_costs_what_the_tenth_did(dialogue):
    assert dialogue["last"] <= 1.2 * dialogue["tenth"]


def test_a_cut_keeps_slots_the_form_and_the_last_turn(dialogue):
    assert dialogue["place"] == {"label": "98104"}
    assert dialogue["misses"] == 399
    assert (dialogue["loop"], dialogue["requested"]) == ("call_home_form", "home_number")
    assert (dialogue["latest_action"], dialogue["latest_text"]) == ("action_listen", "Marigold is hungry")


def test_nothing_of_it_lies_readable(dialogue):
    assert not dialogue["readable"]


def test_after_twelve_hours_it_is_forgotten(dialogue):
    assert dialogue["forgotten"]


def test_a_new_key_opens_what_an_older_one_sealed_and_a_strange_key_starts_afresh(dialogue):
    assert dialogue["opened_after_rotation"] == 399
    assert not dialogue["opened_by_stranger"]
