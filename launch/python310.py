"""Find a Python 3.10: Rasa 3.6 runs on nothing newer (docs/adr/0001)."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from launch.problem import Problem

PROBE = "import sys, venv, ssl; print('%d.%d' % sys.version_info[:2])"


def find(environ: Mapping[str, str]) -> str:
    """The path of a Python 3.10 that really runs. Raises Problem when there is none and uv cannot get one."""
    for candidate in _candidates(environ):
        if runs(candidate):
            return candidate
    raise Problem(
        "Warmline's dialogue model (Rasa 3.6) needs Python 3.10 beside your newer one, and none was "
        "found on PATH or among pyenv's versions.\nGet one with `uv python install 3.10` or "
        "`pyenv install 3.10`, then run this again."
    )


def _candidates(environ: Mapping[str, str]) -> Iterator[str]:
    if environ.get("PYTHON310"):
        yield environ["PYTHON310"]
    found = shutil.which("python3.10", path=environ.get("PATH"))
    if found:
        yield found
    home = Path(environ.get("PYENV_ROOT") or Path(environ.get("HOME", "/")) / ".pyenv")
    for version in sorted((home / "versions").glob("3.10*"), reverse=True):
        yield str(version / "bin" / "python")
    uv = shutil.which("uv", path=environ.get("PATH"))
    if uv:
        # Looks, and when there is none fetches one into uv's own folder.
        subprocess.run([uv, "python", "install", "3.10"], capture_output=True, check=False)
        where = subprocess.run([uv, "python", "find", "3.10"], capture_output=True, text=True, check=False)
        if where.stdout.strip():
            yield where.stdout.strip()


def runs(python: str) -> bool:
    """Whether this is a Python 3.10 that starts and can make environments: a pyenv shim may fail."""
    try:
        said = subprocess.run(
            [python, "-c", PROBE],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
            env=dict(os.environ),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and said.stdout.strip() == "3.10"
