"""Waiting until the line has done all that it owes, once nothing goes wrong any more."""

import logging
import time
from datetime import datetime, timedelta

import psutil
from sqlalchemy import func, or_, select

from benchmarks.chaos_world.books import UNANSWERED
from benchmarks.chaos_world.journal import texts
from bot.bootstrap import Line, now
from bot.config import Settings
from bot.db import reading
from bot.delivery import see_them_left
from bot.delivery.waiting import UNSETTLED
from bot.models import Direction, Message
from bot.reconciliation import LAG, Reconciling
from tests.e2e.running_line import RunningLine, wait_for

#: Long enough for the sweeps that take up what a dead process has dropped (a minute or two), and for what has
#: piled up meanwhile.
PATIENCE = 480.0
QUIET_SECONDS = 3.0


def line_of(running: RunningLine) -> Line:
    """The running line's own parts, with its worker's settings. They keep their warnings to themselves."""
    logging.getLogger("bot").setLevel(logging.CRITICAL)
    return Line(Settings.from_env(psutil.Process(running.pid("worker")).environ()))


def settle(running: RunningLine, line: Line, quiet: float = QUIET_SECONDS) -> float:
    """Wait until all webhooks have come and gone, and nothing waits. Returns the seconds that took.

    What the worker looks up in the provider's list every few minutes and a minute late (missed webhooks, an
    emergency's words that were cut off) is looked up here at once, by a clock that is that minute ahead.
    """
    began = time.monotonic()
    running.wait_until_ready(PATIENCE)
    wait_for("the last webhooks", lambda: all(t["answered"] for t in texts(running) if _came_in(t)), 60)

    def later() -> datetime:
        return now() + LAG + timedelta(seconds=2)

    end, quiet_since = began + PATIENCE, time.monotonic()
    while time.monotonic() < end:
        Reconciling(line.engine, line.messenger, line.durably, later).run()
        see_them_left(line.engine, line.messenger, line.durably, later())
        if missing(running, line) or waiting(line):
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > quiet:
            break
        time.sleep(0.5)
    return time.monotonic() - began


def _came_in(text: dict[str, object]) -> bool:
    return text["direction"] == "in"


def missing(running: RunningLine, line: Line) -> int:
    """How many texts are not stored yet."""
    sent = {text["message_sid"] for text in texts(running) if _came_in(text)}
    with reading(line.engine) as session:
        stored = set(session.scalars(select(Message.message_sid).where(Message.direction == Direction.IN)))
    return len(sent - stored)


def waiting(line: Line) -> int:
    """How many texts have no answer yet, or are on their way."""
    unanswered = (Message.direction == Direction.IN) & Message.state.in_(UNANSWERED)
    leaving = (Message.direction == Direction.OUT) & Message.state.in_(UNSETTLED)
    with reading(line.engine) as session:
        return session.scalar(select(func.count()).where(or_(unanswered, leaving))) or 0
