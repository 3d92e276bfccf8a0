"""Texts sent to Rasa as the worker sends them, and what processor time that takes."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psutil
import requests

from bot.db import make_engine, writing
from bot.people import conversation_with
from bot.sealing import FieldCipher
from launch.settings import read_file
from tests.e2e.running_line import RunningLine

#: A need and a place: the second text looks the directory up and answers with a list.
DIALOGUE = ("food", "98104", "more", "treatment", "thanks", "is the first one open", "2", "98101")


@dataclass
class Took:
    """Milliseconds of one kind of text."""

    rasa: list[float] = field(default_factory=list)
    actions: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)

    @property
    def both(self) -> list[float]:
        """Processor time of Rasa and the action server together."""
        return [one + other for one, other in zip(self.rasa, self.actions, strict=True)]


@dataclass(frozen=True)
class Processes:
    """Whose time is counted; the action server may be missing."""

    rasa: int
    actions: int | None = None

    def worked(self) -> tuple[float, float]:
        """Seconds of processor time used so far."""
        return worked(self.rasa), worked(self.actions) if self.actions else 0.0

    def on_one_core(self) -> None:
        """Hold all their threads to the first core and this process to the others, if there are any."""
        cores = sorted(os.sched_getaffinity(0))
        for pid in filter(None, (self.rasa, self.actions)):
            for thread in psutil.Process(pid).threads():
                os.sched_setaffinity(thread.id, {cores[0]})
        os.sched_setaffinity(0, set(cores[1:]) or set(cores))


def worked(pid: int) -> float:
    """Seconds of processor time of another process, by its own clock (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def timed(processes: Processes, took: Took, work: Callable[[], object]) -> None:
    """Count one piece of work."""
    rasa, actions = processes.worked()
    began = time.perf_counter()
    work()
    took.clock.append((time.perf_counter() - began) * 1000)
    # What is done after the answer, such as keeping the tracker, belongs to the text as well.
    time.sleep(0.002)
    rasa_now, actions_now = processes.worked()
    took.rasa.append((rasa_now - rasa) * 1000)
    took.actions.append((actions_now - actions) * 1000)


def say(http: requests.Session, url: str, sender: str, text: str) -> list[dict]:
    """One text over Rasa's REST channel, as the worker sends it, and the answer to it.

    Raises SystemExit for none.
    """
    body = {"sender": sender, "message": text, "metadata": {"message_id": 1}}
    answer = http.post(f"{url}/webhooks/rest/webhook", json=body, timeout=30)
    answer.raise_for_status()
    if not answer.json():
        raise SystemExit(f"Rasa answered nothing to {text!r}")
    return list(answer.json())


def people_of(line: RunningLine, count: int, database_url: str = "") -> list[str]:
    """People of the line's own database, as a first text makes them."""
    kept = read_file(line.var / "local.env")
    cipher = FieldCipher(tuple(kept["FIELD_KEYS"].split(",")), kept["SECRET_KEY"])
    url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = make_engine(url or f"sqlite:///{line.var / 'warmline.db'}", cipher)
    try:
        with writing(engine) as session:
            return [
                conversation_with(session, f"+1206555{number:04d}", datetime.now(UTC)).public_id
                for number in range(1000, 1000 + count)
            ]
    finally:
        engine.dispose()
