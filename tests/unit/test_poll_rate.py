"""Queues are looked at often while there is work, and seldom while there is none."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import OperationalError

from bot.adapters.poll_rate import PollRate

OFTEN, SELDOM = 0.05, 0.5


@dataclass
class Queue:
    """As of DBOS; `broken` is how many settings fail."""

    name: str
    broken: int = 0
    rates: list[float] = field(default_factory=lambda: [OFTEN])

    @property
    def polling_interval_sec(self) -> float:
        return self.rates[-1]

    def set_polling_interval_sec(self, value: float) -> None:
        if self.broken:
            self.broken -= 1
            raise OperationalError("", None, Exception())
        self.rates.append(value)


def test_quiet_makes_it_seldom_and_work_makes_it_often_at_once():
    turns, others = Queue("turns"), Queue("calls")
    rate = PollRate({"turns": OFTEN}, SELDOM, quiet_after=0.2, seen_to_every=0.02)
    rate.start(turns, others)
    try:
        _wait_for(lambda: turns.rates == [OFTEN, SELDOM])
        rate.worked()
        _wait_for(lambda: turns.rates[:3] == [OFTEN, SELDOM, OFTEN])
        _wait_for(lambda: turns.rates == [OFTEN, SELDOM, OFTEN, SELDOM])
        assert others.rates == [OFTEN]
    finally:
        rate.stop()


def test_work_that_goes_on_keeps_it_often_even_when_another_worker_is_quiet():
    turns = Queue("turns")
    rate = PollRate({"turns": OFTEN}, SELDOM, quiet_after=0.5, seen_to_every=0.02)
    rate.start(turns)
    try:
        # The other worker's hand on the same row.
        turns.rates.append(SELDOM)
        _wait_for(lambda: turns.rates == [OFTEN, SELDOM, OFTEN])
    finally:
        rate.stop()


def test_a_database_that_is_away_is_tried_again():
    turns = Queue("turns", broken=2)
    rate = PollRate({"turns": OFTEN}, SELDOM, quiet_after=0.5, seen_to_every=0.02)
    turns.rates.append(SELDOM)
    rate.start(turns)
    try:
        _wait_for(lambda: turns.rates[-1] == OFTEN)
    finally:
        rate.stop()


def _wait_for(look: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if look():
            return
        time.sleep(0.005)
    raise AssertionError("it never came to that")
