"""Using alone: who can really watch, then a timer as an extra: minutes, place, who is told, a yes."""

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import phone_numbers, using_alone
from bot.actions.action import (
    LineAction,
    asks_again,
    conversation_of,
    intent_of,
    message_id_of,
    requested,
    say,
    text_of,
)
from bot.bootstrap import Line
from bot.db import reading, writing
from bot.phrases import says
from bot.presenting import phone_words
from bot.using_alone import Wanted, ladder, read_minutes

SLOTS = ("alone_minutes", "alone_place", "alone_tells", "alone_confirmed")
#: What `alone_tells` holds when nobody but the people on call is told.
TEAM = "roster"
#: Questions and wishes that are no place, though they come when the line has asked where somebody is.
NO_PLACE = {
    "privacy_question", "identity_question", "help", "stop", "start", "deny", "affirm", "cancel_checkin",
    "cancel_call", "change_language", "talk_to_person", "abuse", "thanks", "goodbye", "greet", "using_alone",
}  # fmt: skip
#: Directions to a door: longer than that is cut when it is told on.
LONGEST_PLACE = 300


def read_alone(tracker: Tracker, line: Line) -> list[dict[str, Any]]:
    """What a text tells of the timer being set up."""
    text, asked, intent = text_of(tracker), requested(tracker), intent_of(tracker)
    if asked == "alone_minutes" or (not asked and intent == "using_alone"):
        minutes = read_minutes(text, bare=asked == "alone_minutes")
        within = minutes is not None and ladder().shortest_minutes <= minutes <= ladder().longest_minutes
        return [SlotSet("alone_minutes", minutes)] if within else []
    if asked == "alone_place" and intent not in NO_PLACE and re.search(r"\w", text):
        return [SlotSet("alone_place", text[:LONGEST_PLACE])]
    if asked == "alone_tells":
        number = phone_numbers.read_number(text)
        if number and phone_numbers.may_ring(number, line.settings.twilio_from):
            return [SlotSet("alone_tells", number)]
        return [SlotSet("alone_tells", TEAM)] if says("team", text) else []
    if asked == "alone_confirmed" and intent == "affirm":
        return [SlotSet("alone_confirmed", True)]
    return []


class UsingAlone(LineAction):
    """Says first that it cannot watch, then who can; a timer is only an extra (docs/safety.md)."""

    called = "action_using_alone"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        with reading(self.line.engine) as session:
            running = using_alone.live(session, conversation_of(session, tracker))
        say(dispatcher, "using_alone")
        if running is not None:
            left = (running.ends_at - self.line.clock()).total_seconds() / 60
            say(dispatcher, "alone_already", {"minutes": max(1, round(left))})
            return [SlotSet("offer", None)]
        say(dispatcher, "using_alone_offer")
        return [SlotSet("offer", "timer")]


class _Asks(LineAction):
    """Asks for one thing of the timer."""

    asks = ""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if asks_again(tracker):
            say(dispatcher, self.asks)
        return [SlotSet("offer", None)]


class AskMinutes(_Asks):
    """Asks how long."""

    called, asks = "action_ask_alone_minutes", "ask_alone_minutes"


class AskPlace(_Asks):
    """Asks where they are."""

    called, asks = "action_ask_alone_place", "ask_alone_place"


class AskTells(_Asks):
    """Asks who is told."""

    called, asks = "action_ask_alone_tells", "ask_alone_tells"


class AskConfirmed(LineAction):
    """Says what will happen, and asks for a yes."""

    called = "action_ask_alone_confirmed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if not asks_again(tracker):
            return []
        fill = {"minutes": tracker.get_slot("alone_minutes")}
        tells = tracker.get_slot("alone_tells")
        if tells == TEAM:
            say(dispatcher, "ask_alone_confirmed", fill)
        else:
            say(dispatcher, "ask_alone_confirmed_contact", {**fill, "number": phone_words(tells)})
        return []


class StartTimer(LineAction):
    """Starts it."""

    called = "action_start_timer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        tells = tracker.get_slot("alone_tells")
        wanted = Wanted(
            minutes=int(tracker.get_slot("alone_minutes")),
            place=tracker.get_slot("alone_place"),
            contact_number=None if tells == TEAM else tells,
        )
        now = self.line.clock()
        with writing(self.line.engine) as session:
            timer, _ = using_alone.start(
                session,
                conversation_of(session, tracker),
                wanted,
                text_of(tracker),
                message_id_of(tracker),
                now,
                self.line.durably,
            )
            left = round((timer.ends_at - now).total_seconds() / 60)
        say(dispatcher, "alone_set", {"minutes": max(1, left)})
        return [SlotSet(name, None) for name in (*SLOTS, "offer")]


class DeclineTimer(LineAction):
    """Takes a no."""

    called = "action_decline_timer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        say(dispatcher, "alone_none")
        return [SlotSet(name, None) for name in (*SLOTS, "offer")]


ACTIONS = (UsingAlone, AskMinutes, AskPlace, AskTells, AskConfirmed, StartTimer, DeclineTimer)
