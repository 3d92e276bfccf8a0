"""`python -m bot` forgets people, what is old, and old keys; a number is never an argument."""

import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from bot.db import writing
from bot.models import Person, WorkerHeartbeat
from bot.sealing import key_name
from tests.integration.conftest import ROOT, SETTINGS
from tests.integration.forgetting_world import PERSON, SECRETS
from tests.integration.test_forgetting import pseudonym_of

NEW = Fernet.generate_key().decode()


@pytest.fixture
def run(forgetting_world, database_url):
    """Runs a command with what is typed, as a process; returns its exit code and all that it wrote."""
    # The commands go by the real clock.
    forgetting_world.clock.at = forgetting_world.line.clock()

    def command(*arguments, typed="", **settings):
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            env={"PATH": os.environ["PATH"], **SETTINGS, "DATABASE_URL": database_url, **settings},
        )
        return done.returncode, done.stdout + done.stderr

    return command


def test_by_the_number_typed_at_a_prompt(forgetting_world, run):
    world = forgetting_world
    world.with_everything()
    code, told = run("delete-person", typed="(206) 555-0142\nERASE\n")
    assert code == 0
    assert "Erased here" in told
    assert not any(secret in told for secret in SECRETS)
    sent = len(world.messenger.sent)
    world.goes_on()
    # Nobody is texted out of the blue.
    assert len(world.messenger.sent) == sent
    assert world.found() == []
    assert world.receipt().public_id in run("erasures")[1]


def test_by_the_pseudonym(forgetting_world, run):
    world = forgetting_world
    world.text("food")
    code, _ = run("delete-person", pseudonym_of(world), typed="ERASE\n")
    assert code == 0
    assert world.count(Person) == 0


def test_a_number_as_an_argument_is_refused_and_nothing_happens(forgetting_world, run):
    forgetting_world.text("food")
    code, told = run("delete-person", PERSON)
    assert code == 2
    assert "history" in told
    assert forgetting_world.count(Person) == 1


@pytest.mark.parametrize("typed", [f"{PERSON}\nyes\n", "+12065550199\nERASE\n"])
def test_anything_but_the_word_and_a_known_number_erases_nothing(forgetting_world, run, typed):
    forgetting_world.text("food")
    assert run("delete-person", typed=typed)[0] == 1
    assert forgetting_world.count(Person) == 1


def test_an_emergency_comes_first(forgetting_world, run):
    forgetting_world.text("i took 30 pills")
    code, told = run("delete-person", typed=f"{PERSON}\nERASE\n")
    assert (code, forgetting_world.count(Person)) == (1, 1)
    assert "emergency" in told


def test_purge_says_what_went(forgetting_world, run):
    forgetting_world.text("food")
    assert run("purge") == (0, "Forgotten: 0 people, and 0 old rows of others.\n")
    assert "nothing is purged" in run("purge", RETENTION_DAYS="never")[1]
    assert run("purge", RETENTION_DAYS="5")[0] == 2


def test_keys_are_rotated_and_it_is_said_when_the_old_one_can_go(forgetting_world, run):
    forgetting_world.text("food")
    assert "one key" in run("rotate-keys")[1]
    code, told = run("rotate-keys", FIELD_KEYS=f"{NEW},{SETTINGS['FIELD_KEYS']}")
    assert code == 0
    assert "nothing in here needs the older keys any more" in told
    assert run("delete-person", typed=f"{PERSON}\nERASE\n", FIELD_KEYS=NEW)[0] == 0


def test_keys_are_not_rotated_under_a_worker_that_does_not_have_the_new_one(forgetting_world, run):
    world = forgetting_world
    world.text("food")
    with writing(world.engine) as session:
        old = key_name(SETTINGS["FIELD_KEYS"])
        session.add(WorkerHeartbeat(slot="w1", beat_at=world.line.clock(), seals_with=old))
    code, told = run("rotate-keys", FIELD_KEYS=f"{NEW},{SETTINGS['FIELD_KEYS']}")
    assert code == 1
    assert "Restart the line" in told
