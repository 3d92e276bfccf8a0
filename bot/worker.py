"""The worker: runs durable work (DBOS) and keeps the clock (APScheduler). `python -m bot.worker`."""

import os
import signal
import sys
import threading
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from dbos import DBOS, Queue
from sqlalchemy import select

from bot import calls, check_ins, delivery, turn
from bot.adapters.durable import APPLICATION_VERSION, CALLS, CHECK_INS, DELIVERIES, TURNS
from bot.bootstrap import Line, now, set_up_logging
from bot.config import Settings
from bot.db import writing
from bot.errors import SettingsError, TryAgain
from bot.models import WorkerHeartbeat
from bot.people import insert_or_ignore

POLL_SECONDS = 0.05
#: Unbounded, a flood of texts would be a flood of threads.
AT_ONCE = 16
FINISHED_KEPT_MS = 24 * 3600 * 1000


def _may_try_again(error: BaseException) -> bool:
    return isinstance(error, TryAgain)


def register(line: Line) -> None:
    """Declare queues and the four tiny workflows. Their names and inputs are a contract with stored timers."""
    for name in (TURNS, DELIVERIES):
        Queue(name, partition_concurrency=1, worker_concurrency=AT_ONCE, polling_interval_sec=POLL_SECONDS)
    for name in (CHECK_INS, CALLS):
        Queue(name, worker_concurrency=AT_ONCE, polling_interval_sec=POLL_SECONDS)

    @DBOS.step(name="answer", retries_allowed=True, max_attempts=5, interval_seconds=0.5)
    def answer(message_id: int) -> str:
        return line.turn.answer(message_id)

    @DBOS.step(
        name="send", retries_allowed=True, max_attempts=8, interval_seconds=0.5, should_retry=_may_try_again
    )
    def send(message_id: int) -> str:
        return line.delivery.deliver(message_id)

    @DBOS.step(name="keep", retries_allowed=True, max_attempts=5, interval_seconds=0.5)
    def keep(check_in_id: int) -> str:
        return check_ins.keep(line.engine, check_in_id, now(), line.durably)

    @DBOS.step(
        name="ring", retries_allowed=True, max_attempts=5, interval_seconds=0.5, should_retry=_may_try_again
    )
    def ring(call_id: int) -> str:
        return line.calling.place(call_id)

    for name, step in ((TURNS, answer), (DELIVERIES, send), (CHECK_INS, keep), (CALLS, ring)):
        _workflow(name, step)


def _workflow(name: str, step: Callable[[int], str]) -> None:
    @DBOS.workflow(name=name)
    def run(row_id: int) -> str:
        return str(step(row_id))


class Sweeps:
    """What the clock does. Each is safe in any number of workers at once: the rows decide."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._away = False

    def beat(self) -> None:
        """Say that this slot lives."""
        at, slot = now(), self._line.settings.worker_slot
        with writing(self._line.engine) as session:
            insert_or_ignore(session, WorkerHeartbeat, slot=slot, beat_at=at)
            session.scalars(select(WorkerHeartbeat).where(WorkerHeartbeat.slot == slot)).one().beat_at = at

    def promises(self) -> None:
        """Keep check-ins whose timer was lost."""
        check_ins.keep_overdue(self._line.engine, now(), self._line.durably)

    def stuck(self) -> None:
        """Take up texts and calls that never settled."""
        delivery.resume_stuck(self._line.engine, self._line.durably, now())
        calls.resume_stuck(self._line.engine, self._line.durably, now())

    def dialogue_back(self) -> None:
        """Answer properly what the keyword menu answered while the dialogue model was away."""
        if self._line.dialogue.ready():
            turn.answer_again(
                self._line.engine, self._line.durably, attempt=int(now().timestamp()) % 10_000 + 1
            )

    def purge(self) -> None:
        """Forget finished workflows: DBOS keeps them for ever otherwise."""
        finished = DBOS.list_workflows(
            status=["SUCCESS", "CANCELLED"], load_input=False, load_output=False, limit=1000,
            end_time=now().fromtimestamp(now().timestamp() - FINISHED_KEPT_MS / 1000, now().tzinfo).isoformat(),
        )  # fmt: skip
        if finished:
            DBOS.delete_workflows([workflow.workflow_id for workflow in finished])


def main() -> int:
    """Run until told to stop."""
    set_up_logging()
    try:
        line = Line(Settings.from_env(os.environ))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    DBOS(
        config={
            "name": "warmline",
            "system_database_engine": line.durable_engine,
            "application_version": APPLICATION_VERSION,
            "executor_id": line.settings.worker_slot,
            "log_level": "WARNING",
        }
    )
    register(line)
    DBOS.launch()
    sweeps = Sweeps(line)
    clock = BackgroundScheduler(timezone="UTC")
    for job, seconds in (
        (sweeps.beat, 2),
        (sweeps.promises, 1),
        (sweeps.dialogue_back, 3),
        (sweeps.stuck, 20),
        (sweeps.purge, 600),
    ):
        clock.add_job(
            job, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )
    sweeps.beat()
    clock.start()
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    over.wait()
    clock.shutdown(wait=False)
    DBOS.destroy(workflow_completion_timeout_sec=5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
