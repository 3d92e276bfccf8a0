"""The commands of `python3 -m launch`."""

import os
import sys
from pathlib import Path

from launch import environments, ports, prepare, python310, settings
from launch.steps import tell

ROOT = Path(__file__).resolve().parents[1]


def var() -> Path:
    """Where this machine's own files go: database, secrets, logs."""
    return settings.var(ROOT, os.environ)


def setup(*, tests: bool = False) -> int:
    """Make both environments, if they are not there or a lock changed."""
    logs = var() / "logs"
    locks = [ROOT / "requirements.txt"] + ([ROOT / "requirements-dev.txt"] if tests else [])
    line = ROOT / ".venv"
    if not tests and (line / environments.STAMP).exists():
        # An environment with the tests' packages serves as well.
        with_tests = [*locks, ROOT / "requirements-dev.txt"]
        if environments.made_from(line, with_tests):
            locks = with_tests
    environments.make(ROOT, line, environments.this_python(), locks, logs / "install.log", "line", "a minute")
    nlu = ROOT / "nlu" / ".venv"
    lock = ROOT / "nlu" / "requirements.txt"
    if not environments.made_from(nlu, [lock]):
        python = python310.find(os.environ)
        environments.make(
            ROOT, nlu, python, [lock], logs / "install-nlu.log", "nlu", "two to five minutes, 3 GB"
        )
    return 0


def test_setup() -> int:
    """Make what the tests need as well, and train."""
    setup(tests=True)
    prepare.model(ROOT, var())
    return 0


def run() -> int:
    """Set up, then become the process that runs every other one."""
    gathered = settings.gather(ROOT, var(), os.environ)
    simulated = settings.is_simulated(gathered)
    chosen = ports.choose(gathered)
    setup()
    gathered.update(chosen)
    gathered["RASA_URL"] = f"http://127.0.0.1:{chosen['RASA_PORT']}"
    if simulated:
        settings.simulate(gathered)
    gathered["RASA_MODEL"] = prepare.model(ROOT, var())
    prepare.database(ROOT, var(), gathered)
    tell("Starting ...")
    python = str(ROOT / ".venv" / "bin" / "python")
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(python, [python, "-m", "launch.processes"], {**gathered, "PYTHONUNBUFFERED": "1"})  # noqa: S606


def bot() -> int:
    """One of `python -m bot`'s commands, with the settings that `make run` has."""
    gathered = settings.for_commands(ROOT, var(), os.environ)
    python = str(ROOT / ".venv" / "bin" / "python")
    os.chdir(ROOT)
    os.execve(python, [python, "-m", "bot", *sys.argv[2:]], gathered)  # noqa: S606


COMMANDS = {"bot": bot, "run": run, "setup": setup, "test-setup": test_setup}
