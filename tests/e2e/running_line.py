"""The real processes, started as `make run` starts them, and phones that text them over HTTP."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import requests

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0
#: Settings of the machine that must not reach the line under test.
OURS = ("DATABASE_URL", "PUBLIC_BASE_URL", "FIELD_KEYS", "SECRET_KEY", "TIMEZONE", "WORKER_SLOT", "RASA_URL")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, look: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """What `look` gives once it is truthy; fails with `what` when that takes too long."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {patience:g} s for {what}")


class RunningLine:
    """One line: web, worker, actions, Rasa and the simulator, each a real process."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.var = var
        ports = {name: str(free_port()) for name in ("PORT", "SIMULATOR_PORT", "RASA_PORT", "ACTIONS_PORT")}
        self.url = f"http://127.0.0.1:{ports['PORT']}"
        self.rasa_url = f"http://127.0.0.1:{ports['RASA_PORT']}"
        self.simulator_url = f"http://127.0.0.1:{ports['SIMULATOR_PORT']}"
        kept = {
            name: value for name, value in os.environ.items() if name not in OURS and "TWILIO" not in name
        }
        self.http = requests.Session()
        self.http.trust_env = False
        self.log = var / "run.log"
        var.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(ROOT / ".venv" / "bin" / "python"), "-m", "launch", "run"],
                cwd=ROOT,
                env={**kept, **ports, "WARMLINE_VAR": str(var), **settings},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_until_ready(120)

    def wait_until_ready(self, patience: float = 60) -> None:
        def look() -> bool:
            if self.process.poll() is not None:
                raise AssertionError("the line ended: " + self.log.read_text()[-2000:])
            return self.is_ready()

        wait_for("the line to be ready", look, patience)

    def is_ready(self) -> bool:
        try:
            return bool(self.http.get(f"{self.url}/readyz", timeout=5).json()["ready"])
        except (requests.RequestException, ValueError):
            return False

    def texts_under_way(self) -> int:
        """Texts of anybody that are not answered yet, and answers that are not sent yet."""
        page = self.http.get(f"{self.url}/metrics", timeout=10).text
        counted = re.findall(
            r"^warmline_texts(?:_to_send|{direction=\"in\",state=\"received\"}) (\S+)$", page, re.M
        )
        return int(sum(map(float, counted)))

    def pid(self, name: str) -> int:
        """The process id of one part of the line."""
        return int((self.var / "pids" / name).read_text())

    def kill(self, name: str, *, children: bool = True) -> int:
        """Kill one part of the line outright, as a crash or the kernel would. Returns the id it had.

        Without its `children`, web's own processes are left to themselves.
        """
        pid = self.pid(name)
        first = psutil.Process(pid)
        for process in [*(first.children(recursive=True) if children else ()), first]:
            process.kill()
        return pid

    def pause(self, name: str) -> None:
        """Hold one part still: it neither answers nor dies."""
        os.kill(self.pid(name), signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        """Let a held part run."""
        os.kill(self.pid(name), signal.SIGCONT)

    def stop(self) -> int:
        """Stop as Ctrl-C does; returns the exit code."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == [], f"left running: {[child.cmdline()[:4] for child in alive]}"
        return code

    def calls(self) -> list[dict[str, Any]]:
        """Calls placed so far, as the simulator shows them."""
        return list(self.http.get(f"{self.simulator_url}/simulator/calls", timeout=10).json())


class Phone:
    """Somebody's phone."""

    #: Beyond the 555-01xx of the phone page's tests, which text the same line.
    numbers = iter(range(102, 800))

    def __init__(self, line: RunningLine) -> None:
        self.line = line
        self.number = f"+12065550{100 + next(self.numbers):03d}"
        self.seen = 0

    @property
    def _path(self) -> str:
        return f"{self.line.simulator_url}/simulator/phones/{self.number}"

    def behave(self, **persona: Any) -> None:
        """Say what this phone does when it rings."""
        self.line.http.post(f"{self._path}/persona", json=persona, timeout=10).raise_for_status()

    def send(self, body: str, **more: Any) -> dict[str, Any]:
        """Text the line and return what its webhook answered; does not wait for replies."""
        answer = self.line.http.post(f"{self._path}/texts", json={"body": body, **more}, timeout=60)
        answer.raise_for_status()
        return dict(answer.json())

    def new_replies(self) -> list[dict[str, Any]]:
        """Texts of the line that have come since the last look."""
        found = self.line.http.get(f"{self._path}/messages", params={"after": self.seen}, timeout=10).json()
        self.seen = max([self.seen, *(message["id"] for message in found)])
        return [message for message in found if message["direction"] == "out"]

    def hears(self, words: str, patience: float = PATIENCE) -> str:
        """The first new reply that holds some words. Replies before it count as heard."""
        heard: list[str] = []

        def look() -> str | None:
            for message in self.new_replies():
                heard.append(message["body"])
            return next((body for body in heard if words in body), None)

        try:
            return str(wait_for(words, look, patience))
        except AssertionError as error:
            raise AssertionError(f"{error}; heard {heard}") from None

    def says(self, body: str, words: str) -> str:
        """Text the line and wait for a reply that holds some words."""
        self.new_replies()
        self.send(body)
        return self.hears(words)

    def hears_nothing(self, seconds: float = 1.5) -> None:
        """Fail if any reply comes in the next moment."""
        time.sleep(seconds)
        assert [message["body"] for message in self.new_replies()] == []
