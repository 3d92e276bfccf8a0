"""Durable work through DBOS: a workflow enqueued inside our own transaction.

Workflow ids sort by our row ids. DBOS takes the oldest first by creation time, which SQLite keeps in whole
seconds, and then by id: random ids ran 1,600 of 2,000 texts out of order (docs/adr/0002).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from dbos import DBOS, DBOSClient, EnqueueOptions
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bot.db import BUSY_TIMEOUT_MS
from bot.errors import TryAgain

TURNS, DELIVERIES, CHECK_INS, CALLS = "turns", "deliveries", "check_ins", "calls"
TIMERS, INCIDENTS = "timers", "incidents"
#: Texts of emergencies have workers of their own: 16 ordinary ones that hang must not keep an alert waiting.
URGENT_DELIVERIES = "urgent_deliveries"
QUEUES = (TURNS, DELIVERIES, URGENT_DELIVERIES, CHECK_INS, CALLS, TIMERS, INCIDENTS)
#: Pinned: a timer set before a release must run after it. Workflows stay tiny so that they can.
APPLICATION_VERSION = "warmline-1"
#: Somebody waits for a turn and its replies; a check-in may be half a second late. Each look at a queue costs
#: the worker about a millisecond, and looking was 44 % of its time.
POLL_SECONDS = {
    TURNS: 0.05,
    DELIVERIES: 0.05,
    URGENT_DELIVERIES: 0.1,
    CHECK_INS: 0.5,
    CALLS: 0.25,
    TIMERS: 0.25,
    INCIDENTS: 0.5,
}
#: Unbounded, a flood of texts would be a flood of threads.
AT_ONCE = 16
#: Whose work may fail in a way that trying again mends; texts wait for their next try by their rows.
TRIED_AGAIN = {CALLS}
PURGED_AT_ONCE = 1000


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

    event.listen(engine, "connect", prepare)
    return engine


def migrate(database_url: str) -> None:
    """Make or renew DBOS's tables beside ours."""
    DBOS.migrate(make_url(database_url).render_as_string(hide_password=False))


def launch(engine: Engine, slot: str, steps: Mapping[str, Callable[[int], str]]) -> None:
    """Run durable work in this process until `stop`. Only a worker does this, each with its own slot.

    `steps` holds what each queue's workflow does with a row id. Names and inputs are a contract with timers
    set long ago, so a workflow is that and nothing more.
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
    for queue, step in steps.items():
        _declare(queue, step)
    DBOS.launch()
    for queue in steps:
        in_order = queue in {TURNS, DELIVERIES, URGENT_DELIVERIES}
        DBOS.register_queue(
            queue,
            worker_concurrency=AT_ONCE,
            partition_concurrency=1 if in_order else None,
            polling_interval_sec=POLL_SECONDS[queue],
            on_conflict="always_update",
        )


def _declare(queue: str, work: Callable[[int], str]) -> None:
    if queue not in TRIED_AGAIN:
        # Run again after a crash it begins with our own rows; a step's record would only be one more write.
        @DBOS.workflow(name=queue)
        def run_once(row_id: int) -> str:
            return str(work(row_id))

        return

    @DBOS.step(
        name=f"{queue}.step",
        retries_allowed=True,
        max_attempts=8,
        interval_seconds=0.5,
        should_retry=_may_try_again,
    )
    def step(row_id: int) -> str:
        return str(work(row_id))

    @DBOS.workflow(name=queue)
    def run(row_id: int) -> str:
        return step(row_id)


def _may_try_again(error: BaseException) -> bool:
    # What is not known to be safe to repeat ends as an error; the sweeps take it up from our own rows.
    return isinstance(error, TryAgain)


def stop() -> None:
    """Let what runs finish, five seconds at most; the rest is taken up again at the next start."""
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
