"""Where the dialogue remembers: sealed, forgotten after 12 hours, and never longer than 60 events.

A stock Rasa tracker store keeps every event in the clear and for ever, and the 400th message of one
session took 1,350 ms here against 6 ms for the 10th (docs/adr/0006).
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

LONGEST = 60
#: What a cut leaves: about the last three turns, so that cuts are rare.
KEPT = 24
#: Slots whose filling says why the line answered as it did. Numbers, names and places are in the text itself.
SHOWN_SLOTS = {"need", "needs", "heard", "offer", "misses", "requested_slot", "details"}
FORGOTTEN_AFTER = timedelta(hours=12)
BUSY_TIMEOUT_SECONDS = 30

#: Made by migration 0001, like every table of ours.
TRACKERS = sa.Table(
    "dialogue_tracker",
    sa.MetaData(),
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("tracker", sa.LargeBinary, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)
#: What case workers see of it: made by migration 0013.
UNDERSTANDINGS = sa.Table(
    "understanding",
    TRACKERS.metadata,
    sa.Column("message_id", sa.Integer, primary_key=True),
    sa.Column("intent", sa.String(48), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("detail", sa.LargeBinary, nullable=False),
)
MESSAGES = sa.table("message", sa.column("id"))
CONVERSATIONS = sa.table("conversation", sa.column("id"), sa.column("public_id"))
THREADS = sa.table("thread", sa.column("conversation_id"), sa.column("need"))


def utc_now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(timezone.utc)


def cut(events: list[Event], sender_id: str, slots: Iterable[Any]) -> list[Event]:
    """The last turns of a long dialogue, after events that put slots and an active form back as they were.

    The cut falls just before a text: cut elsewhere, or without the form, the dialogue goes silent.
    """
    if len(events) <= LONGEST:
        return events
    texts = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    later = [place for place in texts if place >= len(events) - KEPT]
    if not texts:
        return events
    at = later[0] if later else texts[-1]
    before = DialogueStateTracker.from_events(sender_id, events[:at], slots)
    kept: list[Event] = [
        SlotSet(name, value) for name, value in before.current_slot_values().items() if value is not None
    ]
    if before.active_loop_name:
        kept.append(ActiveLoop(before.active_loop_name))
    return [*kept, ActionExecuted(ACTION_LISTEN_NAME), *events[at:]]


def understood(events: list[Event]) -> dict[str, Any] | None:
    """What was made of the newest text: intent, entities, slots filled, what was asked before, actions run.

    None when the text is not one of the line's (typed in a terminal), or nothing has been decided yet.
    """
    at = max((place for place, event in enumerate(events) if isinstance(event, UserUttered)), default=None)
    if at is None:
        return None
    text = events[at]
    message_id = (text.metadata or {}).get("message_id")
    since = events[at + 1 :]
    actions = [event.action_name for event in since if isinstance(event, ActionExecuted)]
    if not isinstance(message_id, int) or not actions:
        return None
    asked = [
        event.value for event in events[:at] if isinstance(event, SlotSet) and event.key == "requested_slot"
    ]
    return {
        "message_id": message_id,
        "intent": str((text.intent or {}).get("name") or ""),
        "confidence": float((text.intent or {}).get("confidence") or 0.0),
        "detail": {
            "entities": [
                {"entity": one.get("entity"), "value": one.get("value")} for one in text.entities or []
            ],
            "slots": {
                event.key: event.value
                for event in since
                if isinstance(event, SlotSet) and event.key in SHOWN_SLOTS and event.value is not None
            },
            "asked_before": asked[-1] if asked else None,
            "actions": [name for name in actions if name != ACTION_LISTEN_NAME],
        },
    }


class SealedTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Rasa's memory in our database, one sealed row for each conversation."""

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        database_url: str = "",
        field_keys: str = "",
        clock: Any = utc_now,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._engine = make_engine(database_url or os.environ["DATABASE_URL"])
        keys = (field_keys or os.environ["FIELD_KEYS"]).split(",")
        self._fernet = MultiFernet([Fernet(key.strip()) for key in keys if key.strip()])
        self._clock = clock

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store a dialogue, cut if it has grown long. Rasa handles one text of a conversation at a time."""
        events = cut(list(tracker.events), tracker.sender_id, self.domain.slots)
        if len(events) != len(tracker.events):
            tracker = DialogueStateTracker.from_events(tracker.sender_id, events, self.domain.slots)
        sealed = self._fernet.encrypt(self.serialise_tracker(tracker).encode())
        made_of_it = understood(list(tracker.events))
        row = {"tracker": sealed, "saved_at": self._clock()}
        mine = TRACKERS.c.sender_id == tracker.sender_id
        with self._engine.begin() as connection:
            if not connection.execute(TRACKERS.update().where(mine).values(**row)).rowcount:
                connection.execute(TRACKERS.insert().values(sender_id=tracker.sender_id, **row))
            if made_of_it is not None:
                self._keep(connection, tracker.sender_id, made_of_it)

    def _keep(self, connection: sa.engine.Connection, sender_id: str, made_of_it: dict[str, Any]) -> None:
        """Keep what was made of the newest text, for case workers to see; only while that text is there."""
        message_id, need = made_of_it["message_id"], made_of_it["detail"]["slots"].get("need")
        row = {
            "intent": made_of_it["intent"][:48],
            "confidence": made_of_it["confidence"],
            "detail": self._fernet.encrypt(json.dumps(made_of_it["detail"]).encode()),
        }
        mine = UNDERSTANDINGS.c.message_id == message_id
        if not connection.execute(UNDERSTANDINGS.update().where(mine).values(**row)).rowcount:
            there = sa.select(
                MESSAGES.c.id,
                sa.literal(row["intent"]),
                sa.literal(row["confidence"], sa.Float),
                sa.literal(row["detail"], sa.LargeBinary),
            ).where(MESSAGES.c.id == message_id)
            names = ["message_id", "intent", "confidence", "detail"]
            connection.execute(UNDERSTANDINGS.insert().from_select(names, there))
        if isinstance(need, str):
            theirs = sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.public_id == sender_id)
            connection.execute(
                THREADS.update()
                .where(THREADS.c.conversation_id == theirs.scalar_subquery())
                .values(need=need[:32])
            )

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The dialogue so far; None when there was none, it is too old, or no key opens it."""
        with self._engine.connect() as connection:
            row = connection.execute(
                sa.select(TRACKERS.c.tracker, TRACKERS.c.saved_at).where(TRACKERS.c.sender_id == sender_id)
            ).first()
        if row is None:
            return None
        saved_at = row.saved_at if row.saved_at.tzinfo else row.saved_at.replace(tzinfo=timezone.utc)
        if saved_at < self._clock() - FORGOTTEN_AFTER:
            return None
        try:
            opened = self._fernet.decrypt(bytes(row.tracker))
        except InvalidToken:
            return None
        return self.deserialise_tracker(sender_id, opened)

    async def keys(self) -> Iterable[str]:
        """The conversations remembered."""
        with self._engine.connect() as connection:
            return [row.sender_id for row in connection.execute(sa.select(TRACKERS.c.sender_id))]


def make_engine(database_url: str) -> sa.engine.Engine:
    """An engine of this environment's SQLAlchemy (1.4) for the line's database."""
    url = sa.engine.make_url(database_url.replace("postgres://", "postgresql://", 1))
    if url.get_backend_name() == "sqlite":
        # SQLAlchemy 1.4 opens a file anew for every use unless told to keep the connection.
        engine = sa.create_engine(
            url,
            # An error's text goes to logs.
            hide_parameters=True,
            poolclass=sa.pool.QueuePool,
            connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
        return engine
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg2"), pool_pre_ping=True, hide_parameters=True
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    # A dialogue lost with the power is a question asked twice; texts themselves are stored with FULL.
    connection.execute("PRAGMA synchronous=NORMAL")
    # An older state of a dialogue is overwritten, not only let go of (docs/adr/0022).
    connection.execute("PRAGMA secure_delete=ON")
