"""Run in Rasa's own environment: a long dialogue in the sealed tracker store, and what is left of it."""

import asyncio
import json
import statistics
import sys
import time
from datetime import datetime, timedelta, timezone

from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from sqlalchemy import text
from tracker_store import LONGEST, TRACKERS, UNDERSTANDINGS, SealedTrackerStore

TEXT = "Marigold is hungry"


async def main() -> None:
    domain = Domain.load("nlu/domain")
    key, url = Fernet.generate_key().decode(), sys.argv[1]
    at = datetime(2026, 11, 24, tzinfo=timezone.utc)
    store = SealedTrackerStore(domain, database_url=url, field_keys=key, clock=lambda: at)
    TRACKERS.metadata.create_all(store._engine)
    with store._engine.begin() as connection:
        # What migrations make of these elsewhere. The text of the last turn has been deleted since.
        for statement in (
            "CREATE TABLE message (id INTEGER PRIMARY KEY)",
            "CREATE TABLE conversation (id INTEGER PRIMARY KEY, public_id VARCHAR(32))",
            "CREATE TABLE thread (conversation_id INTEGER PRIMARY KEY, need VARCHAR(32))",
            "INSERT INTO conversation VALUES (7, 'c1')",
            "INSERT INTO thread VALUES (7, NULL)",
        ):
            connection.execute(text(statement))
        connection.execute(text("INSERT INTO message VALUES (:id)"), [{"id": turn} for turn in range(399)])
    lengths, costs = [], []
    for turn in range(400):
        began = time.process_time()
        tracker = await store.get_or_create_tracker("c1")
        events = [UserUttered(TEXT, {"name": "food"}, metadata={"message_id": turn}), SlotSet("misses", turn)]
        if turn == 3:
            events += [
                SlotSet("place", {"label": "98104"}),
                SlotSet("need", "food"),
                ActiveLoop("call_home_form"),
                SlotSet("requested_slot", "home_number"),
            ]
        tracker.update_with_events(
            [*events, ActionExecuted("action_ask_home_number"), ActionExecuted("action_listen")], domain
        )
        await store.save(tracker)
        costs.append(time.process_time() - began)
        lengths.append(len((await store.retrieve("c1")).events))
    last = await store.retrieve("c1")
    later = SealedTrackerStore(
        domain, database_url=url, field_keys=key, clock=lambda: at + timedelta(hours=13)
    )
    rotated = SealedTrackerStore(
        domain, database_url=url, field_keys=f"{Fernet.generate_key().decode()},{key}", clock=lambda: at
    )
    stranger = SealedTrackerStore(
        domain, database_url=url, field_keys=Fernet.generate_key().decode(), clock=lambda: at
    )
    with store._engine.connect() as connection:
        held = b"".join(bytes(row.tracker) for row in connection.execute(TRACKERS.select()))
        kept = connection.execute(UNDERSTANDINGS.select().order_by(UNDERSTANDINGS.c.message_id)).all()
        held += b"".join(bytes(row.detail) for row in kept)
        need = connection.execute(text("SELECT need FROM thread")).scalar()
    detail = json.loads(Fernet(key).decrypt(bytes(kept[-1].detail)))
    print(
        json.dumps(
            {
                "longest": max(lengths),
                # Our own time, around the 10th and over the last hundred: one turn is too short to measure.
                "tenth": statistics.median(costs[5:15]),
                "last": statistics.median(costs[300:]),
                "limit": LONGEST,
                "understood": [len(kept), kept[-1].intent, detail["actions"], detail["slots"]],
                "need": need,
                "place": last.get_slot("place"),
                "misses": last.get_slot("misses"),
                "loop": last.active_loop_name,
                "requested": last.get_slot("requested_slot"),
                "latest_action": last.latest_action_name,
                "latest_text": last.latest_message.text,
                "forgotten": await later.retrieve("c1") is None,
                "opened_after_rotation": (await rotated.retrieve("c1")).get_slot("misses"),
                "opened_by_stranger": await stranger.retrieve("c1") is not None,
                "readable": b"Marigold" in held,
            }
        )
    )


asyncio.run(main())
