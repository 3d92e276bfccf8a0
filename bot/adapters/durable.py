"""Durable work through DBOS: a workflow enqueued inside our own transaction.

Workflow ids sort by our row ids. DBOS takes the oldest first by creation time, which SQLite keeps in whole
seconds, and then by id: random ids ran 1,600 of 2,000 texts out of order (docs/adr/0002).
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from dbos import DBOS, DBOSClient, EnqueueOptions
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, NoResultFound, OperationalError
from sqlalchemy.orm import Session

from bot.adapters.poll_rate import PollRate
from bot.db import BUSY_TIMEOUT_MS, PATIENT_PAUSES, take_write_lock
from bot.errors import TryAgain

logger = logging.getLogger(__name__)
TURNS, DELIVERIES, CHECK_INS, CALLS = "turns", "deliveries", "check_ins", "calls"
TIMERS, INCIDENTS = "timers", "incidents"
ERASURES = "erasures"
#: Texts of emergencies have workers of their own: ordinary ones that hang must not keep an alert waiting.
URGENT_DELIVERIES = "urgent_deliveries"
QUEUES = (TURNS, DELIVERIES, URGENT_DELIVERIES, CHECK_INS, CALLS, TIMERS, INCIDENTS, ERASURES)
#: Pinned: a timer set before a release must run after it. Workflows stay tiny so that they can.
APPLICATION_VERSION = "warmline-1"
#: Somebody waits for a turn and its replies. Each look at a queue costs the worker two or three milliseconds:
#: while nobody texts it looks less often (poll_rate.py).
OFTEN_SECONDS = {TURNS: 0.05, DELIVERIES: 0.05, URGENT_DELIVERIES: 0.1}
#: Check-ins are swept from our own rows; only timers set by an earlier release wait in their queue.
POLL_SECONDS = {**OFTEN_SECONDS, CALLS: 0.5, TIMERS: 0.25, INCIDENTS: 0.5, CHECK_INS: 2.0, ERASURES: 1.0}
#: Unbounded, a flood of texts would be a flood of threads. On SQLite one writes at a time, and who holds the
#: lock waits for all who want the processor: with 16 at once, the door waited four times as long.
AT_ONCE = {"sqlite": 6, "postgresql": 16}
#: Whose work may fail in a way that trying again mends; texts wait for their next try by their rows.
TRIED_AGAIN = {CALLS}
#: Between tries of work that lost its connection to the database.
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
PURGED_AT_ONCE = 1000
#: What the ids of the work for a row begin with, by the row's table.
PREFIXES = {
    "message": ("in", "out"),
    "call": ("call",),
    "using_alone_timer": ("ua",),
    "incident": ("inc",),
}
#: Looked for in one query.
ROWS_AT_ONCE = 50
RUNNING = "PENDING"
#: What work says whose row is gone.
GONE = "gone"
WRITES = frozenset({"INSERT", "UPDATE", "DELETE"})


def make_durable_engine(database_url: str) -> Engine:
    """DBOS's own engine. On SQLite it begins transactions DBOS's way, with the journal it does not set."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "before_cursor_execute", _wait_to_write)
    return engine


def _wait_to_write(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    # The driver would begin at this statement and leave the waiting to SQLite, which lets newcomers go first:
    # beside a busy worker DBOS waited for seconds. When the lock is not to be had, the driver says so itself.
    sqlite = connection.connection.driver_connection
    if statement.lstrip()[:6].upper() in WRITES and not sqlite.in_transaction:
        take_write_lock(sqlite, BUSY_TIMEOUT_MS / 1000, PATIENT_PAUSES)


def migrate(database_url: str) -> None:
    """Make or renew DBOS's tables beside ours."""
    DBOS.migrate(make_url(database_url).render_as_string(hide_password=False))


def launch(engine: Engine, slot: str, steps: Mapping[str, Callable[[int], str]]) -> PollRate:
    """Run durable work in this process until `stop`, which wants what this returns.

    Only a worker does this, each with its own slot. `steps` holds what each queue's workflow does with a row
    id. Names and inputs are a contract with timers set long ago, so a workflow is one step and nothing more.
    """
    DBOS(
        config={
            "name": "warmline",
            "system_database_engine": engine,
            "application_version": APPLICATION_VERSION,
            "executor_id": slot,
            "run_migrations": False,
            "log_level": "ERROR",
        }
    )
    rate = PollRate(OFTEN_SECONDS)
    for queue, step in steps.items():
        _declare(queue, step, rate)
    DBOS.launch()
    queues = [
        DBOS.register_queue(
            queue,
            worker_concurrency=AT_ONCE[engine.dialect.name],
            partition_concurrency=1 if queue in {TURNS, DELIVERIES, URGENT_DELIVERIES} else None,
            polling_interval_sec=POLL_SECONDS[queue],
            on_conflict="always_update",
        )
        for queue in steps
    ]
    rate.start(*queues)
    return rate


def _declare(queue: str, work: Callable[[int], str], rate: PollRate) -> None:
    if queue in TRIED_AGAIN:
        _declare_step(queue, work, rate)
        return

    # Run again after a crash it begins with our own rows; a step's record would only be one more write.
    @DBOS.workflow(name=queue)
    def run_once(row_id: int) -> str:
        rate.worked()
        return _whatever_the_connection_does(work, row_id)


def _whatever_the_connection_does(work: Callable[[int], str], row_id: int) -> str:
    """A lost connection is like a crash, which all work bears: waiting for a sweep would cost a minute."""
    for pause in PAUSES_SECONDS:
        try:
            return str(work(row_id))
        except NoResultFound:
            # Its person was forgotten.
            logger.warning("work on row %s: the row is gone", row_id)
            return GONE
        except (OperationalError, InterfaceError) as error:
            logger.warning("work on row %s goes on in %g s: %s", row_id, pause, type(error).__name__)
            time.sleep(pause)
    return str(work(row_id))


def _declare_step(queue: str, work: Callable[[int], str], rate: PollRate) -> None:
    @DBOS.step(
        name=f"{queue}.step",
        retries_allowed=True,
        max_attempts=8,
        interval_seconds=0.5,
        should_retry=_may_try_again,
    )
    def step(row_id: int) -> str:
        rate.worked()
        try:
            return str(work(row_id))
        except NoResultFound:
            return GONE

    @DBOS.workflow(name=queue)
    def run(row_id: int) -> str:
        return step(row_id)


def _may_try_again(error: BaseException) -> bool:
    # What else is not known to be safe to repeat ends as an error; the sweeps take it up from our own rows.
    return isinstance(error, TryAgain | OperationalError | InterfaceError)


def stop(rate: PollRate) -> None:
    """Let what runs finish, five seconds at most; the rest is taken up again at the next start."""
    rate.stop()
    DBOS.destroy(workflow_completion_timeout_sec=5)


class DurableWork:
    """Starts workflows for rows that the caller is about to commit."""

    def __init__(self, engine: Engine) -> None:
        self._client = DBOSClient(system_database_engine=engine, lazy=True)

    def close(self) -> None:
        """Let go of the database."""
        self._client.destroy()

    def adopt(self, slot: str) -> int:
        """Queue again what a slot that will not return was running. Returns how much there was."""
        adopted = 0
        for queue in QUEUES:
            left = self._client.list_workflows(
                status="PENDING", executor_id=slot, queue_name=queue, load_input=False, load_output=False
            )
            if left:
                self._client.resume_workflows([workflow.workflow_id for workflow in left], queue_name=queue)
            adopted += len(left)
        return adopted

    def purge(self, before: datetime) -> int:
        """Forget what finished before a time: DBOS keeps it for ever otherwise. Returns how much."""
        finished = self._client.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=before.astimezone(UTC).isoformat(),
            load_input=False,
            load_output=False,
            limit=PURGED_AT_ONCE,
        )
        if finished:
            self._client.delete_workflows([workflow.workflow_id for workflow in finished])
        return len(finished)

    def turn(self, session: Session, message_id: int, conversation_id: int, attempt: int = 0) -> None:
        """Answer a text, after every earlier text of the same conversation."""
        self._start(session, TURNS, f"in-{message_id:012d}", message_id, attempt, partition=conversation_id)

    def deliver(
        self,
        session: Session,
        message_id: int,
        conversation_id: int,
        attempt: int = 0,
        *,
        urgent: bool = False,
        due_at: datetime | None = None,
        now: datetime | None = None,
    ) -> None:
        """Send a text, one at a time of a conversation; at a time, if that and now are given."""
        self._start(
            session,
            URGENT_DELIVERIES if urgent else DELIVERIES,
            f"out-{message_id:012d}",
            message_id,
            attempt,
            partition=conversation_id,
            delay=_seconds(now, due_at) if now and due_at else 0.0,
        )

    def call(self, session: Session, call_id: int, attempt: int = 0) -> None:
        """Place a call."""
        self._start(session, CALLS, f"call-{call_id:012d}", call_id, attempt)

    def timer(self, session: Session, timer_id: int, step: int, due_at: datetime, now: datetime) -> None:
        """Wake at a time to take a using-alone timer's next step."""
        workflow_id = f"ua-{timer_id:012d}-{step:02d}-{_instant(due_at)}"
        self._start(session, TIMERS, workflow_id, timer_id, 0, delay=_seconds(now, due_at))

    def incident(
        self, session: Session, incident_id: int, step: int, due_at: datetime, now: datetime
    ) -> None:
        """Wake at a time to take an incident's next step."""
        workflow_id = f"inc-{incident_id:012d}-{step:02d}-{_instant(due_at)}"
        self._start(session, INCIDENTS, workflow_id, incident_id, 0, delay=_seconds(now, due_at))

    def erasure(self, session: Session, erasure_id: int, attempt: int = 0) -> None:
        """Do what follows an erasure."""
        self._start(session, ERASURES, f"erase-{erasure_id:012d}", erasure_id, attempt)

    def forget(self, work: Mapping[str, list[int]]) -> bool:
        """Delete the work for these rows, by table. False when some of it runs now."""
        starts = [
            f"{prefix}-{row:012d}"
            for table, rows in work.items()
            for prefix in PREFIXES[table]
            for row in rows
        ]
        running = False
        for first in range(0, len(starts), ROWS_AT_ONCE):
            found = self._client.list_workflows(
                workflow_id_prefix=starts[first : first + ROWS_AT_ONCE], load_input=False, load_output=False
            )
            done = [one.workflow_id for one in found if one.status != RUNNING]
            running = running or len(done) < len(found)
            if done:
                self._client.delete_workflows(done)
        return not running

    def _start(
        self,
        session: Session,
        queue: str,
        workflow_id: str,
        row_id: int,
        attempt: int,
        partition: int | None = None,
        delay: float = 0.0,
    ) -> None:
        options: EnqueueOptions = {
            "workflow_name": queue,
            "queue_name": queue,
            "workflow_id": f"{workflow_id}-{attempt:04d}" if attempt else workflow_id,
            "app_version": APPLICATION_VERSION,
        }
        if partition is not None:
            options["queue_partition_key"] = f"{partition:012d}"
        if delay:
            options["delay_seconds"] = delay
        # The row must be there before the workflow that reads it.
        session.flush()
        self._client.enqueue_in_transaction(session, options, row_id)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _seconds(now: datetime, due_at: datetime) -> float:
    return max(0.0, (due_at - now).total_seconds())
