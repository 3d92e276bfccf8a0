"""Stoplight Prism as a proxy that checks requests and answers: https://docs.stoplight.io/docs/prism"""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket
from time import monotonic, sleep
from typing import Any

from tests.integration.twilio_schema.hardening import hardened

ROOT = Path(__file__).resolve().parents[3]
PINNED = ROOT / "tests" / "fixtures" / "twilio"
#: The header in which Prism tells what was wrong with a request or its answer.
VIOLATIONS = "sl-violations"


def npm() -> str | None:
    """The npm that installs Prism, if there is one."""
    return shutil.which("npm") if shutil.which("node") else None


def installed() -> Path:
    """Prism as pinned, installed on the first call. Raises CalledProcessError when npm fails."""
    lock = (PINNED / "package-lock.json").read_bytes()
    place = ROOT / "var" / "cache" / "prism" / hashlib.sha256(lock).hexdigest()[:16]
    program = place / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    if not (place / "complete").exists():
        place.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PINNED / name, place)
        install = [str(npm()), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(install, cwd=place, check=True, timeout=240, capture_output=True)
        (place / "complete").touch()
    return program


@contextmanager
def proxy(upstream: str, place: Path) -> Iterator[str]:
    """Run Prism before a server; the address to use instead."""
    spec = place / "hardened.json"
    spec.write_text(json.dumps(hardened(json.loads((PINNED / "openapi.json").read_text("utf-8")))), "utf-8")
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command: list[Any] = ["node", installed(), "proxy", "-h", "127.0.0.1", "-p", str(port), spec, upstream]
    log = place / "prism.log"
    with log.open("wb") as said:
        running = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        try:
            _until_it_listens(running, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(10)


def _until_it_listens(running: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    patience = monotonic() + 60
    while monotonic() < patience and running.poll() is None:
        try:
            create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.05)
        else:
            return
    raise RuntimeError(f"Prism does not listen: {log.read_text('utf-8', 'replace')[-2000:]}")
