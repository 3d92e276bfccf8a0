"""The worker: runs durable work (DBOS) and keeps the clock (APScheduler). `python -m bot.worker`."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler

from bot import check_ins, clock_went_back, garbage, incidents, keyword_menu, triage, using_alone
from bot.adapters import durable
from bot.bootstrap import Line, set_up_logging
from bot.config import Settings
from bot.errors import SettingsError
from bot.sweeps import Sweeps

LOOK_AT_CLOCK_SECONDS = 1.0
logger = logging.getLogger(__name__)
#: Of those who send check-ins, one begins the next texts while the other's are on their way.
SENDING_TOGETHER = 2
#: How often they look when nothing was due, in seconds.
LOOKS_EVERY = 0.2


def clock_of(sweeps: Sweeps) -> BackgroundScheduler:
    """The clock, not yet started. It keeps no jobs of its own in any store: our tables are the truth."""
    clock = BackgroundScheduler(timezone="UTC")
    for sweep, seconds in (
        (sweeps.beat, 2),
        # Nothing else wakes for a check-in.
        (sweeps.promises, 0.25),
        (sweeps.silences, 1),
        (sweeps.timers, 1),
        (sweeps.incidents, 1),
        (sweeps.joined, 1),
        (sweeps.search_index, 3),
        (sweeps.floods, 1),
        (sweeps.dialogue_back, 2),
        (sweeps.calls, 1),
        (sweeps.settle_calls, 5),
        (sweeps.lost_to_home, 5),
        (sweeps.unanswered, 10),
        (sweeps.said_at_once, 5),
        (sweeps.gone, 15),
        (sweeps.erasures, 10),
        (sweeps.reconcile, 180),
        (sweeps.numbers, 60),
        (sweeps.purge, 600),
        # Once a day: whoever comes first.
        (sweeps.retention, 900),
    ):
        # A clock that was held up runs a sweep once, late, rather than not at all.
        clock.add_job(
            sweep, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )
    return clock


def again_and_again(round_of: Callable[[], int], over: threading.Event) -> None:
    """Do a round after the other until it is over; with a pause after one that found nothing."""
    while not over.is_set():
        try:
            found = round_of()
        except Exception:
            logger.exception("a round of sending failed")
            found = 0
        if not found:
            over.wait(LOOKS_EVERY)


def wake_all(clock: BackgroundScheduler, now: datetime) -> None:
    """Run every sweep now. Each waits for a time far off again since the computer's clock went back."""
    logger.error("the computer's clock went back; all sweeps run now")
    for job in clock.get_jobs():
        job.modify(next_run_time=now)


def main() -> int:
    """Run until told to stop; 2 when the settings are wrong."""
    set_up_logging()
    try:
        line = Line(Settings.from_env(os.environ))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    # Read once and now: a text's turn would read it while it holds the write lock.
    triage.warm_up()
    rate = durable.launch(
        line.durable_engine,
        line.settings.worker_slot,
        {
            durable.TURNS: line.turn.answer,
            durable.DELIVERIES: line.delivery.deliver,
            durable.URGENT_DELIVERIES: line.delivery.deliver,
            # Timers set by an earlier release.
            durable.CHECK_INS: lambda row: check_ins.keep(line.engine, row, line.clock(), line.durably),
            durable.CALLS: line.calling.place,
            durable.TIMERS: lambda row: using_alone.step(line.engine, row, line.clock(), line.durably),
            durable.INCIDENTS: lambda row: incidents.step(line.engine, row, line.clock(), line.durably),
            durable.ERASURES: line.afterwards.go_on,
        },
    )
    sweeps = Sweeps(line)
    sweeps.beat()
    clock = clock_of(sweeps)
    clock.start()
    # Timers and emergencies need none of it, so they are not kept waiting.
    with garbage.loading():
        keyword_menu.warm_up()
    over = threading.Event()
    rounds = (line.together.send, over)
    senders = [
        threading.Thread(target=again_and_again, args=rounds, name="together", daemon=True)
        for _ in range(SENDING_TOGETHER)
    ]
    for sender in senders:
        sender.start()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    watch = clock_went_back.Watch(line.clock, time.monotonic)
    while not over.wait(LOOK_AT_CLOCK_SECONDS):
        if watch.went_back():
            wake_all(clock, line.clock())
    clock.shutdown(wait=False)
    line.together.stop()
    durable.stop(rate)
    for sender in senders:
        # What a request keeps for longer is looked up by whoever starts next.
        sender.join(5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
