"""A real Rasa with the trained model, and nothing else of the line."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from launch.prepare import RASA_ENV
from tests.e2e.running_line import ROOT, free_port, wait_for

PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The model of the present training data, trained now if there is none."""
    done = subprocess.run(
        [str(PYTHON), "nlu/train.py"],
        cwd=ROOT,
        env={**os.environ, **RASA_ENV},
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="session")
def rasa_url(model_path: Path) -> Iterator[str]:
    """Rasa's address; its tracker store is its own in-memory one."""
    port = free_port()
    command = [str(PYTHON), "nlu/serve.py", "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port)]
    rasa = subprocess.Popen(
        [
            *command,
            "--model",
            str(model_path),
            "--credentials",
            "nlu/credentials.yml",
            "--endpoints",
            os.devnull,
        ],
        cwd=ROOT,
        env={**os.environ, **RASA_ENV, "PYTHONPATH": "nlu"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    session = requests.Session()
    session.trust_env = False

    def loaded() -> bool:
        try:
            return bool(session.get(f"{url}/status", timeout=2).json().get("model_file"))
        except (requests.RequestException, ValueError):
            return False

    try:
        wait_for("Rasa", loaded, 60)
        yield url
    finally:
        session.close()
        rasa.terminate()
        rasa.wait(15)
