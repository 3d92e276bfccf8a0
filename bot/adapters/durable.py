"""Durable work through DBOS: a workflow enqueued inside our own transaction.

Workflow ids sort by our row ids. DBOS takes the oldest first by creation time, which SQLite keeps in whole
seconds, and then by id: random ids ran 1,600 of 2,000 texts out of order (docs/adr/0002).
"""

from datetime import UTC, datetime

from dbos import DBOSClient, EnqueueOptions
from sqlalchemy import Engine
from sqlalchemy.orm import Session

TURNS, DELIVERIES, CHECK_INS, CALLS = "turns", "deliveries", "check_ins", "calls"
#: Pinned: a timer set before a release must run after it. Workflows stay tiny so that they can.
APPLICATION_VERSION = "warmline-1"


class DurableWork:
    """Starts workflows for rows that the caller is about to commit."""

    def __init__(self, engine: Engine) -> None:
        self._client = DBOSClient(system_database_engine=engine)

    def turn(self, session: Session, message_id: int, conversation_id: int, attempt: int = 0) -> None:
        """Answer a text, after every earlier text of the same conversation."""
        self._start(session, TURNS, f"in-{message_id:012d}", message_id, attempt, partition=conversation_id)

    def deliver(self, session: Session, message_id: int, conversation_id: int, attempt: int = 0) -> None:
        """Send a text, after every earlier text to the same conversation."""
        self._start(
            session, DELIVERIES, f"out-{message_id:012d}", message_id, attempt, partition=conversation_id
        )

    def check_in(self, session: Session, check_in_id: int, due_at: datetime, now: datetime) -> None:
        """Wake at a time to keep a promise."""
        workflow_id = f"ck-{check_in_id:012d}-{due_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        delay = max(0.0, (due_at - now).total_seconds())
        self._start(session, CHECK_INS, workflow_id, check_in_id, 0, delay=delay)

    def call(self, session: Session, call_id: int, attempt: int = 0) -> None:
        """Place a call."""
        self._start(session, CALLS, f"call-{call_id:012d}", call_id, attempt)

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
