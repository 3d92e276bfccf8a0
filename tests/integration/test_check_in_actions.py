"""What the dialogue's actions do with check-ins when it remembers nothing of them any more."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from bot import check_ins
from bot.actions.__main__ import executor_of
from bot.adapters.memory import MemoryWork
from bot.db import reading, writing
from bot.intake import InboundText, receive
from bot.models import CheckIn, Conversation
from services_directory.importing import import_directory
from services_directory.models import ClosedReport, ServiceSearch
from tests.integration.conftest import PHONE, ROOT


class Dialogue:
    """One conversation whose texts go straight to the actions, as Rasa would call them."""

    def __init__(self, line):
        self.line, self.actions, self.slots, self.sids = (
            line,
            executor_of(line).actions,
            {},
            iter(range(1, 99)),
        )

    def text(self, body):
        with writing(self.line.engine) as session:
            received = receive(
                session,
                InboundText(f"MM{next(self.sids):032x}", PHONE, body),
                self.line.clock(),
                MemoryWork(),
            )
        return received.message_id

    def hears(self, body, intent=""):
        """Keys of what follows says to a text that Rasa took for an intent; a form's name; or None."""
        message_id = self.text(body)
        with reading(self.line.engine) as session:
            public_id = session.scalars(select(Conversation)).one().public_id
        latest = {
            "text": body,
            "intent": {"name": intent, "confidence": 0.9},
            "metadata": {"message_id": message_id},
        }
        events = [{"event": "user", "text": body}]
        tracker = Tracker(public_id, dict(self.slots), latest, events, False, None, {}, "action_listen")
        heard = self._run("action_validate_slot_mappings", tracker, [])
        # A form whose time is known is over at once.
        heard = {"check_in_form": "action_schedule_check_in"}.get(heard, heard)
        if heard not in self.actions:
            return heard
        said = []
        self._run(heard, tracker, said)
        return said

    def _run(self, name, tracker, said):
        dispatcher = CollectingDispatcher()
        events = asyncio.run(self.actions[name](dispatcher, tracker, {}))
        for event in events:
            if event.get("event") == "slot":
                self.slots[event["name"]] = tracker.slots[event["name"]] = event["value"]
        said += [message["custom"]["reply"] for message in dispatcher.messages]
        return self.slots.get("heard")


@pytest.fixture
def dialogue_with(line):
    return Dialogue(line)


def ask(dialogue, listing_id=None):
    """A check-in that has just been sent."""
    message_id = dialogue.text("check on me")
    with writing(dialogue.line.engine) as session:
        conversation = session.scalars(select(Conversation)).one()
        now = dialogue.line.clock()
        asked = check_ins.promise(
            session, conversation, now, "UTC", message_id, now, listing_id=listing_id
        ).id
    check_ins.keep(dialogue.line.engine, asked, dialogue.line.clock(), MemoryWork())
    return asked


def answer_of(dialogue, check_in_id):
    with reading(dialogue.line.engine) as session:
        return session.get_one(CheckIn, check_in_id).answer


@pytest.mark.parametrize(
    ("body", "intent", "said", "answer"),
    [
        ("OK", "affirm", "checkin_ok", "ok"),
        ("yeah im good", "checkin_ok", "checkin_ok", "ok"),
        ("NO", "deny", "checkin_not_ok", "no"),
        ("HELP", "help", "check_in_help", "help"),
        ("AYUDA", "crisis_free", "check_in_help", "help"),
        ("rough night man", "checkin_not_ok", "checkin_not_ok", "no"),
    ],
)
def test_an_answer_needs_no_memory_of_the_dialogue(dialogue_with, body, intent, said, answer):
    asked = ask(dialogue_with)
    assert dialogue_with.hears(body, intent) == [said]
    assert answer_of(dialogue_with, asked) == answer


def test_closed_offers_the_next_place_and_its_number_can_be_chosen(dialogue_with):
    with writing(dialogue_with.line.engine) as session:
        folder = ROOT / "services_directory" / "data" / "sample"
        import_directory(session, folder, "sample", dialogue_with.line.clock().date())
        found = select(ServiceSearch.service_at_location_id).where(ServiceSearch.category == "shelter")
        shelter = session.scalars(found.order_by(ServiceSearch.id)).first()
    ask(dialogue_with, shelter)
    assert dialogue_with.hears("it was closed", "report_closed") == ["closed_noted", "service_list"]
    assert (dialogue_with.slots["need"], dialogue_with.slots["offer"]) == ("shelter", None)
    assert shelter not in [one["id"] for one in dialogue_with.slots["listed"]]
    with reading(dialogue_with.line.engine) as session:
        assert session.scalars(select(ClosedReport)).one().service_at_location_id == shelter


def test_a_need_in_the_answer_is_served_and_not_taken_for_an_answer(dialogue_with):
    asked = ask(dialogue_with)
    assert dialogue_with.hears("no, i need a shower", "deny") == "place_form"
    assert answer_of(dialogue_with, asked) is None


def test_a_crisis_goes_before_every_answer(dialogue_with):
    ask(dialogue_with)
    assert dialogue_with.hears("no", "crisis") is None


def test_stop_the_morning_ones_is_no_opt_out(dialogue_with):
    dialogue_with.text("hi")
    with writing(dialogue_with.line.engine) as session:
        conversation = session.scalars(select(Conversation)).one()
        now = dialogue_with.line.clock()
        rule = check_ins.read_recurrence("every morning for 3 days", now, "UTC")
        agreed = check_ins.Agreed("every morning for 3 days", None, None)
        check_ins.promise_series(session, conversation, rule, "UTC", agreed, now)
    assert dialogue_with.hears("stop the morning ones", "stop") == ["check_in_canceled"]
    with reading(dialogue_with.line.engine) as session:
        assert session.scalars(select(Conversation)).one().person.opted_out_at is None
        assert set(session.scalars(select(CheckIn.state))) == {"canceled"}


def test_the_zone_of_a_place_is_kept_for_when_the_dialogue_has_forgotten_it(dialogue_with):
    place = {"label": "10001", "latitude": 40.75, "longitude": -73.99, "zip": "10001", "kind": "zip"}
    dialogue_with.slots = {"place": {**place, "timezone": "America/New_York"}}
    assert dialogue_with.hears("please check on me tomorrow at 9", "out_of_scope") == ["check_in_set"]
    dialogue_with.slots = {}
    assert dialogue_with.hears("please check on me tomorrow at 10", "out_of_scope") == ["check_in_set"]
    with reading(dialogue_with.line.engine) as session:
        zones = {one.timezone for one in session.scalars(select(CheckIn))}
        hours = {
            one.due_at.astimezone(ZoneInfo("America/New_York")).hour
            for one in session.scalars(select(CheckIn))
        }
    assert (zones, hours) == ({"America/New_York"}, {9, 10})


def test_more_check_ins_than_can_be_held_are_refused_kindly(dialogue_with):
    dialogue_with.text("hi")
    with writing(dialogue_with.line.engine) as session:
        conversation = session.scalars(select(Conversation)).one()
        now = dialogue_with.line.clock()
        for hours in range(1, 41):
            due_at = now + timedelta(hours=hours)
            check_ins.promise(session, conversation, due_at, "UTC", None, now, words="again")
    assert dialogue_with.hears("check on me in 20 minutes", "out_of_scope") == ["check_in_too_many"]


def test_a_promise_is_taken_back_with_never_mind_only_right_after_it(dialogue_with):
    asked = ask(dialogue_with)
    assert dialogue_with.hears("nvm", "deny") == ["checkin_not_ok"]
    assert answer_of(dialogue_with, asked) == "no"
