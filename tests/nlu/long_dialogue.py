"""Run in Rasa's own environment: a long dialogue in the sealed tracker store, and what is left of it."""

import asyncio
import json
import sqlite3
import sys
from datetime import datetime, timedelta, timezone

from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from tracker_store import LONGEST, TRACKERS, SealedTrackerStore

TEXT = "Marigold is hungry"


async def main() -> None:
    domain = Domain.load("nlu/domain")
    key, url = Fernet.generate_key().decode(), f"sqlite:///{sys.argv[1]}"
    at = datetime(2026, 11, 24, tzinfo=timezone.utc)
    store = SealedTrackerStore(domain, database_url=url, field_keys=key, clock=lambda: at)
    TRACKERS.create(store._engine)
    lengths = []
    for turn in range(100):
        tracker = await store.get_or_create_tracker("c1")
        events = [UserUttered(TEXT, {"name": "food"}, metadata={"message_id": turn}), SlotSet("misses", turn)]
        if turn == 3:
            events += [
                SlotSet("place", {"label": "98104"}),
                ActiveLoop("call_home_form"),
                SlotSet("requested_slot", "home_number"),
            ]
        tracker.update_with_events(
            [*events, ActionExecuted("action_ask_home_number"), ActionExecuted("action_listen")], domain
        )
        await store.save(tracker)
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
    held = b"".join(
        bytes(row[0]) for row in sqlite3.connect(sys.argv[1]).execute("SELECT tracker FROM dialogue_tracker")
    )
    print(
        json.dumps(
            {
                "longest": max(lengths),
                "limit": LONGEST,
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
