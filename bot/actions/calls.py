"""A call home: whose number, say it back, ring, or leave it."""

import logging
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import calls
from bot.actions.action import LineAction, asks_again, conversation_of, intent_of, message_id_of, say, text_of
from bot.bootstrap import Line
from bot.db import writing
from bot.errors import Refused, TryAgain
from bot.presenting import phone_words

logger = logging.getLogger(__name__)


class AskHomeNumber(LineAction):
    """Asks for the number, in words that fit what has just been said."""

    called = "action_ask_home_number"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if not asks_again(tracker):
            return []
        if intent_of(tracker) == "deny":
            say(dispatcher, "home_number_again")
        elif calls.read_number(text_of(tracker)):
            say(dispatcher, "home_number_refused")
        else:
            say(dispatcher, "ask_home_number")
        return [SlotSet("offer", None)]


class AskHomeConfirmed(LineAction):
    """Says the number back and what will happen, and asks for a yes."""

    called = "action_ask_home_confirmed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if asks_again(tracker):
            say(dispatcher, "ask_home_confirmed", {"number": phone_words(tracker.get_slot("home_number"))})
        return []


class PlaceCall(LineAction):
    """Asks the worker to ring."""

    called = "action_place_call"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        with writing(self.line.engine) as session:
            calls.request(
                session,
                conversation_of(session, tracker),
                tracker.get_slot("home_number"),
                message_id_of(tracker),
                self.line.clock(),
                self.line.durably,
            )
        say(dispatcher, "calling")
        return _forget_number()


class CancelCall(LineAction):
    """Calls it off, while asking or while it rings."""

    called = "action_cancel_call"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            going = calls.going(session, conversation)
            ringing = calls.take_back(session, conversation)
        hang_up(self.line, ringing)
        asking = (tracker.active_loop or {}).get("name") == "call_home_form"
        say(dispatcher, "call_canceled" if going or asking else "call_none")
        return _forget_number()


def hang_up(line: Line, call_sids: Sequence[str]) -> None:
    """End calls at the provider. One that cannot be ended finds itself canceled when it is answered."""
    for call_sid in call_sids:
        try:
            line.caller.hang_up(call_sid)
        except (TryAgain, Refused):
            logger.warning("call %s could not be ended", call_sid)


def _forget_number() -> list[dict[str, Any]]:
    return [SlotSet("home_number", None), SlotSet("home_confirmed", None), SlotSet("offer", None)]


ACTIONS = (AskHomeNumber, AskHomeConfirmed, PlaceCall, CancelCall)
