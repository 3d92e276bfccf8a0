"""Rasa's own command serving the line's model, action server and tracker store, with nothing of serve.py."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests

from benchmarks.rasa_turns.measuring import Processes
from tests.e2e.running_line import RunningLine, free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


@contextmanager
def stock_rasa(line: RunningLine) -> Iterator[tuple[str, Processes]]:
    """A second Rasa beside the line's own: its address, and it and the action server."""
    own = psutil.Process(line.pid("rasa"))
    endpoints, port = line.var / "stock-endpoints.yml", free_port()
    written = (ROOT / "nlu" / "endpoints.yml").read_text()
    endpoints.write_text(written.replace("enable_selective_domain: true", "enable_selective_domain: false"))
    arguments = own.cmdline()[2:]
    arguments[arguments.index("-p") + 1] = str(port)
    arguments[arguments.index("--endpoints") + 1] = str(endpoints)
    process = subprocess.Popen(
        [str(ROOT / "nlu" / ".venv" / "bin" / "python"), "-m", "rasa", *arguments],
        cwd=ROOT,
        env=own.environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"

    def loaded() -> bool:
        try:
            return bool(http.get(f"{url}/status", timeout=2).json().get("model_file"))
        except (requests.RequestException, ValueError):
            return False

    try:
        with requests.Session() as http:
            http.trust_env = False
            wait_for("stock Rasa", loaded, PATIENCE_SECONDS)
        yield url, Processes(process.pid, line.pid("actions"))
    finally:
        process.terminate()
        process.wait(20)
