"""How fast a text is answered at the door: the real gunicorn, signed texts of many phones, nobody behind it.

Rasa is away all the while, and with --worker a worker competes for the same database. Beside the texts the
same process is asked for /healthz, which does nothing: the ratio tells what a text costs over that here.

`.venv/bin/python benchmarks/webhooks.py [--seconds 20] [--rate 30] [--senders 16] [--worker]`
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.adapters import durable  # noqa: E402
from bot.bootstrap import Line  # noqa: E402
from bot.config import Settings  # noqa: E402
from bot.db import reading  # noqa: E402
from bot.models import Direction, Message  # noqa: E402
from tests.e2e.running_line import free_port, wait_for  # noqa: E402

TEXTS = ("im hungry", "98104", "thanks", "need detox today", "is there a shelter near capitol hill", "ok 2")
EMERGENCIES = ("my friend wont wake up hes blue", "i want to kill myself", "no respira ayuda")
#: One text in so many is an emergency, and one request in so many asks for /healthz.
EMERGENCY_EVERY, HEALTH_EVERY = 10, 5
#: A phone sends so many and then another takes over, so that no phone is a flood.
TEXTS_A_PHONE = 8
TOKEN = "token"
WARM_UP_SECONDS = 6.0

#: (what was asked, seconds it took, HTTP status)
Taken = tuple[str, float, int]


class Door:
    """Our gunicorn on a fresh database, as the Procfile starts it."""

    def __init__(self, folder: Path, database_url: str | None, worker: bool) -> None:
        self.port, nobody = free_port(), free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'line.db'}",
            "PUBLIC_BASE_URL": self.base,
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": "+12065550100",
            # Nobody listens there.
            "TWILIO_API_BASE": f"http://127.0.0.1:{nobody}",
            "RASA_URL": f"http://127.0.0.1:{nobody}",
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "SECRET_KEY": uuid4().hex * 2,
        }
        self.line = Line(Settings.from_env(self.environment))
        config = Config(str(ROOT / "alembic.ini"))
        config.set_main_option("script_location", str(ROOT / "migrations"))
        config.attributes["engine"] = self.line.engine
        command.upgrade(config, "head")
        durable.migrate(self.line.settings.database_url)
        procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
        gunicorn = procfile["web"].replace(".venv/bin/python -m launch.keep web ", "")
        self.processes = [self._start(gunicorn.replace("$PORT", str(self.port)))]
        if worker:
            self.processes.append(
                self._start(procfile["worker"].replace("launch.keep worker .venv/bin/python -m ", ""))
            )
        wait_for("gunicorn", self._answers, 60)

    def _start(self, command_line: str) -> subprocess.Popen[bytes]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(
            ["sh", "-c", command_line], cwd=ROOT, env={**os.environ, **self.environment}, **quiet
        )

    def _answers(self) -> bool:
        try:
            return (
                self.ask(http.client.HTTPConnection("127.0.0.1", self.port, timeout=2), "GET", "/healthz")
                == 200
            )
        except OSError:
            return False

    def ask(
        self, connection: http.client.HTTPConnection, method: str, path: str, form: dict | None = None
    ) -> int:
        """One request; its status."""
        headers = {}
        if form is not None:
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(self.base + path, form),
            }
        connection.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def stored(self) -> int:
        """How many texts lie in the database."""
        with reading(self.line.engine) as session:
            counted = select(func.count()).select_from(Message).where(Message.direction == Direction.IN)
            return session.scalar(counted) or 0

    def stop(self) -> None:
        """End what was started."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(20)


def form_of(number: int) -> tuple[str, dict[str, str]]:
    """The n-th text, as Twilio sends it, and what it is."""
    emergency = number % EMERGENCY_EVERY == 0
    body = EMERGENCIES[number // EMERGENCY_EVERY % 3] if emergency else TEXTS[number % len(TEXTS)]
    return "emergency" if emergency else "text", {
        "MessageSid": f"SM{uuid4().hex}",
        "AccountSid": "AC" + "0" * 32,
        "From": f"+1{2065600000 + number // TEXTS_A_PHONE}",
        "To": "+12065550100",
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "FromCity": "",
        "FromState": "WA",
        "ApiVersion": "2010-04-01",
    }


def send(door: Door, first: int, step: int, start: float, seconds: float, rate: float) -> list[Taken]:
    """One sender: its share of the schedule, or one after the other when `rate` is 0.

    Times count from when a request was due, not from when this sender got round to it.
    """
    taken: list[Taken] = []
    number = first
    while True:
        due = start + number / rate if rate else time.perf_counter()
        if due - start >= seconds:
            return taken
        time.sleep(max(0.0, due - time.perf_counter()))
        # Twilio's webhook proxies rarely find a connection still open.
        connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=30)
        if number % HEALTH_EVERY == 1:
            what, form = "healthz", None
        else:
            what, form = form_of(number)
        status = door.ask(connection, "POST" if form else "GET", "/twilio/sms" if form else "/healthz", form)
        taken.append((what, time.perf_counter() - due, status))
        connection.close()
        number += step


def measure(door: Door, senders: int, seconds: float, rate: float) -> list[Taken]:
    """All senders at once."""
    start = time.perf_counter() + 0.2
    with ThreadPoolExecutor(senders) as pool:
        runs = [pool.submit(send, door, n, senders, start, seconds, rate) for n in range(senders)]
        return [one for run in runs for one in run.result()]


def report(name: str, taken: list[Taken], seconds: float) -> None:
    """The rows of one run."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    for what, took, _ in taken:
        by_kind[what].append(took * 1000)
    health = statistics.median(by_kind["healthz"])
    print(f"\n{name}: {len(taken) / seconds:.0f} requests/s")
    print(f"{'':12}{'count':>7}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'worst':>9}{'over /healthz':>15}")
    for what in ("text", "emergency", "healthz"):
        took = sorted(by_kind[what])
        cuts = statistics.quantiles(took, n=100)
        print(
            f"{what:12}{len(took):7d}{cuts[49]:9.1f}{cuts[94]:9.1f}{cuts[98]:9.1f}{took[-1]:9.1f}"
            f"{statistics.median(took) / health:15.1f}"
        )
    refused = sum(status != 200 for _, _, status in taken)
    print(f"not answered 200: {refused}")


def main() -> int:
    """Paced, then as fast as it goes; and every text that was answered must be stored."""
    parser = argparse.ArgumentParser(description="The door under load.")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=30.0, help="requests a second in the paced run")
    parser.add_argument("--senders", type=int, default=16)
    parser.add_argument("--worker", action="store_true", help="let a worker compete for the database")
    parser.add_argument("--database", help="a PostgreSQL URL instead of a fresh SQLite file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        door = Door(Path(folder), asked.database, asked.worker)
        try:
            measure(door, 4, WARM_UP_SECONDS, asked.rate)
            before = door.stored()
            print(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            paced = measure(door, asked.senders, asked.seconds, asked.rate)
            report(f"paced, {asked.senders} senders", paced, asked.seconds)
            rushed = measure(door, 4, asked.seconds / 2, 0)
            report("as fast as it goes, 4 senders", rushed, asked.seconds / 2)
            answered = sum(what != "healthz" and status == 200 for what, _, status in paced + rushed)
            lost = answered - (door.stored() - before)
            print(f"\nanswered {answered}, of those not stored: {lost}")
        finally:
            door.stop()
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
