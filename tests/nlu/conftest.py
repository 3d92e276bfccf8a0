"""A real Rasa with the trained model, and nothing else of the line."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from launch.prepare import RASA_ENV
from tests.e2e.running_line import ROOT, free_port, wait_for
from tests.integration.conftest import postgresql_url as postgresql_url

PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"


def in_rasas_environment(*command: str) -> str:
    """What a program printed last, run by the Python that Rasa runs in."""
    done = subprocess.run(
        [str(PYTHON), *command],
        cwd=ROOT,
        env={**os.environ, **RASA_ENV, "PYTHONPATH": "nlu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()[-1]


@dataclass(frozen=True)
class RunningRasa:
    """Its address and its process."""

    url: str
    pid: int

    def parse(self, text: str) -> dict:
        """What the model says of a text."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(f"{self.url}/model/parse", json={"text": text}, timeout=30)
        answer.raise_for_status()
        return dict(answer.json())


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The model of the present training data, trained now if there is none."""
    return Path(in_rasas_environment("nlu/train.py"))


@pytest.fixture(scope="session")
def rasa(model_path: Path) -> Iterator[RunningRasa]:
    """Rasa as the line serves it, but for its tracker store, which is its own in memory."""
    port = free_port()
    command = [str(PYTHON), "nlu/serve.py", "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port)]
    command += ["--model", str(model_path), "--credentials", "nlu/credentials.yml", "--endpoints", os.devnull]
    process = subprocess.Popen(
        command,
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
        yield RunningRasa(url, process.pid)
    finally:
        session.close()
        process.terminate()
        process.wait(15)


@pytest.fixture(scope="session")
def rasa_url(rasa: RunningRasa) -> str:
    """Its address."""
    return rasa.url
