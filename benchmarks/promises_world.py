"""People who were promised a text, a simulated Twilio that takes them, and workers that may be killed."""

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import requests
from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from sqlalchemy import insert, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.adapters import durable  # noqa: E402
from bot.bootstrap import Line  # noqa: E402
from bot.config import Settings  # noqa: E402
from bot.db import writing  # noqa: E402
from bot.models import (  # noqa: E402
    CheckIn,
    CheckInKind,
    CheckInState,
    Consent,
    Conversation,
    Person,
    Purpose,
    TimerState,
    UsingAloneTimer,
)
from bot.sealing import cipher_of  # noqa: E402
from tests.e2e.running_line import free_port, wait_for  # noqa: E402

TIMEZONE = "America/Los_Angeles"


def now() -> datetime:
    return datetime.now(UTC)


class World:
    """A database of our tables and DBOS's, and a simulator beside it."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        port, nobody = free_port(), free_port()
        self.simulator_url = f"http://127.0.0.1:{port}"
        self.environment = {
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'line.db'}",
            # Nobody listens there: status callbacks are not what is measured.
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{nobody}",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "token",
            "TWILIO_FROM": "+12065550100",
            "TWILIO_API_BASE": self.simulator_url,
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
        self.http = requests.Session()
        self.http.trust_env = False
        self.simulator = self._start("-m", "simulator", SIMULATOR_PORT=str(port))
        wait_for("the simulator", self._simulator_is_up, 30)

    def _start(self, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment, **more},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _simulator_is_up(self) -> bool:
        try:
            return self.http.get(f"{self.simulator_url}/simulator/calls", timeout=2).ok
        except requests.RequestException:
            return False

    def worker(self, slot: str = "w1") -> subprocess.Popen[bytes]:
        """A real worker process."""
        return self._start("-m", "bot.worker", WORKER_SLOT=slot)

    def people(self, count: int) -> list[tuple[int, int, str]]:
        """Make so many; their conversation ids, consent ids and numbers."""
        return people_of(self.line, count)

    def promise(self, people: list[tuple[int, int, str]], due: list[datetime]) -> list[int]:
        """A check-in for each, at its time, as a turn promises them; the rows' ids."""
        return promise(self.line, people, due)

    def time(self, people: list[tuple[int, int, str]], ends: list[datetime]) -> list[int]:
        """A using-alone timer for each, ending at its time; the rows' ids."""
        rows = [
            UsingAloneTimer(
                conversation_id=conversation,
                place="third and pine",
                minutes=1,
                state=TimerState.RUNNING,
                started_at=now(),
                ends_at=ends_at,
                next_at=ends_at,
                tells="roster",
                consent_id=consent,
                created_at=now(),
            )
            for (conversation, consent, _), ends_at in zip(people, ends, strict=True)
        ]
        with writing(self.line.engine) as session:
            session.add_all(rows)
            session.flush()
            for row in rows:
                self.line.durably.timer(session, row.id, 0, row.ends_at, now())
        return [row.id for row in rows]

    def texts(self, after: int = 0) -> list[dict[str, str]]:
        """What the simulated Twilio has taken, in order."""
        answer = self.http.get(
            f"{self.simulator_url}/simulator/messages", params={"after": after}, timeout=60
        )
        return [text for text in answer.json() if text["direction"] == "out"]

    def close(self) -> None:
        self.simulator.terminate()
        self.simulator.wait(20)
        self.line.durably.close()
        self.line.engine.dispose()
        self.line.durable_engine.dispose()


def people_of(line: Line, count: int) -> list[tuple[int, int, str]]:
    """Make so many; their conversation ids, consent ids and numbers."""
    at, cipher = now(), cipher_of(line.engine.dialect)
    numbers = [f"+1{2_065_600_000 + number}" for number in range(count)]
    with writing(line.engine) as session:
        session.execute(
            insert(Person),
            [
                {
                    "number": number,
                    "number_index": cipher.index(number),
                    "language": "en",
                    "created_at": at,
                }
                for number in numbers
            ],
        )
        ids = {person.number: person.id for person in session.scalars(select(Person))}
        session.execute(
            insert(Conversation),
            [
                {"person_id": ids[number], "public_id": uuid4().hex, "welcomed_at": at, "created_at": at}
                for number in numbers
            ],
        )
        found = dict(session.execute(select(Conversation.person_id, Conversation.id)).all())
        session.execute(
            insert(Consent),
            [
                {
                    "conversation_id": found[ids[number]],
                    "purpose": Purpose.CHECK_IN,
                    "words": "text me tomorrow",
                    "agreed_at": at,
                }
                for number in numbers
            ],
        )
        consents = dict(session.execute(select(Consent.conversation_id, Consent.id)).all())
    return [(found[ids[number]], consents[found[ids[number]]], number) for number in numbers]


def promise(line: Line, people: list[tuple[int, int, str]], due: list[datetime]) -> list[int]:
    """A check-in for each, at its time, as a turn promises them; the rows' ids."""
    rows = [
        CheckIn(
            conversation_id=conversation,
            kind=CheckInKind.ASKED,
            due_at=due_at,
            timezone=TIMEZONE,
            state=CheckInState.SCHEDULED,
            consent_id=consent,
            created_at=now(),
        )
        for (conversation, consent, _), due_at in zip(people, due, strict=True)
    ]
    with writing(line.engine) as session:
        session.add_all(rows)
    return [row.id for row in rows]


def spread(count: int, seconds: float, starts_in: float) -> list[datetime]:
    """So many instants, evenly over a time to come."""
    first = now() + timedelta(seconds=starts_in)
    return [first + timedelta(seconds=seconds * number / max(1, count)) for number in range(count)]


def late(texts: list[dict[str, str]], due: dict[str, datetime]) -> list[float]:
    """Seconds between when each phone's first text was due and when Twilio had it, in order of size."""
    first: dict[str, datetime] = {}
    for text in texts:
        first.setdefault(text["phone"], datetime.fromisoformat(text["at"]))
    return sorted((at - due[phone]).total_seconds() for phone, at in first.items() if phone in due)


def at_share(ordered: list[float], share: float) -> float:
    """The value below which a share of ordered values lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class Killer:
    """Keeps workers running, each with its own slot, and kills one outright now and then."""

    def __init__(self, world: World, workers: int, seed: int, between: tuple[float, float]) -> None:
        self._world, self._between = world, between
        self._random = random.Random(seed)  # noqa: S311
        self._workers = {f"w{number}": world.worker(f"w{number}") for number in range(1, workers + 1)}
        self._next = time.monotonic() + self._random.uniform(*between)
        self.kills = 0

    def tend(self, *, kill: bool) -> None:
        """Kill if it is time to, and start again what is dead, as a process keeper does."""
        if kill and time.monotonic() >= self._next:
            self._workers[self._random.choice(sorted(self._workers))].kill()
            self.kills += 1
            self._next = time.monotonic() + self._random.uniform(*self._between)
        for slot, worker in self._workers.items():
            if worker.poll() is not None:
                worker.wait()
                self._workers[slot] = self._world.worker(slot)

    def stop(self) -> None:
        for worker in self._workers.values():
            worker.terminate()
        for worker in self._workers.values():
            worker.wait(30)
