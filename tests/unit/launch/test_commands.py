"""An operator's command by itself: as README and docs write it, in a terminal with nothing set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launch import settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def run(tmp_path):
    """Runs `python -m bot` as a process; returns its exit code and what it wrote."""

    def command(*arguments, **environ):
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            env={"PATH": os.environ["PATH"], "WARMLINE_VAR": str(tmp_path), **environ},
        )
        return done.returncode, done.stdout + done.stderr

    return command


def test_beside_a_run_it_has_the_settings_of_the_run(run, tmp_path):
    settings.gather(ROOT, tmp_path, {})
    assert run("migrate") == (0, "The database is up to date.\n")
    assert run("worker", "accounts")[0] == 0
    assert (tmp_path / "warmline.db").exists()


def test_where_nothing_ever_ran_it_names_what_is_missing_and_makes_nothing_up(run, tmp_path):
    code, told = run("migrate")
    assert code == 2
    assert "SECRET_KEY" in told
    assert list(tmp_path.iterdir()) == []


def test_secrets_that_a_deployment_forgot_are_missing_and_not_made_up(run, tmp_path):
    settings.gather(ROOT, tmp_path, {})
    code, told = run("migrate", DATABASE_URL=f"sqlite:///{tmp_path}/real.db")
    assert code == 2
    assert "FIELD_KEYS" in told


def test_a_database_that_was_never_set_up_is_said_in_a_sentence(run, tmp_path):
    settings.gather(ROOT, tmp_path, {})
    code, told = run("worker", "accounts")
    assert code == 1
    assert "python -m bot migrate" in told
    assert "Traceback" not in told
