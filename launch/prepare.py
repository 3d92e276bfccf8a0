"""What must be there before the processes start: a trained model, a migrated database, a directory."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from launch.steps import run, tell

RASA_ENV = {
    # Rasa reports to its maker unless told not to, and warns about its own old libraries on every start.
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "OMP_NUM_THREADS": "1",
}
SAMPLE = Path("services_directory/data/sample")


def model(root: Path, var: Path) -> str:
    """The path of the dialogue model, trained now if its data changed. Raises Problem."""
    python = root / "nlu" / ".venv" / "bin" / "python"
    return run(
        "Checking the dialogue model (training takes about a minute when its data changed) ...",
        [str(python), "nlu/train.py"],
        var / "logs" / "train.log",
        root,
        {**os.environ, **RASA_ENV},
    )


def database(root: Path, var: Path, settings: Mapping[str, str]) -> None:
    """Migrate, and load the sample directory, when either changed since last time. Raises Problem."""
    stamp, now = var / "prepared", _fingerprint(root, settings)
    fresh = settings["DATABASE_URL"].startswith("sqlite") and not _sqlite_file(root, settings).exists()
    if not fresh and stamp.exists() and stamp.read_text() == now:
        return
    python, env = str(root / ".venv" / "bin" / "python"), {**os.environ, **settings}
    log = var / "logs" / "prepare.log"
    run("Bringing the database up to date ...", [python, "-m", "bot", "migrate"], log, root, env)
    done = run(
        "Loading the sample directory ...",
        [python, "-m", "bot", "import-directory", str(SAMPLE)],
        log,
        root,
        env,
    )
    tell(f"  {done}")
    stamp.write_text(now)


def _sqlite_file(root: Path, settings: Mapping[str, str]) -> Path:
    return root / settings["DATABASE_URL"].removeprefix("sqlite:///")


def _fingerprint(root: Path, settings: Mapping[str, str]) -> str:
    digest = hashlib.sha256(settings["DATABASE_URL"].encode())
    # What can be found is worked out at import, from the whole package's rules and words.
    for folder in (root / "migrations" / "versions", root / "services_directory"):
        for file in sorted(folder.rglob("*.*")):
            if file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()
