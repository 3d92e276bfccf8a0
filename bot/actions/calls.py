"""A call home: whose number, what name, said back, ring now or at a time, or leave it."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import calls
from bot.actions.action import (
    LineAction,
    asks_again,
    begins,
    conversation_of,
    has_run,
    intent_of,
    loop_of,
    message_id_of,
    say,
)
from bot.actions.check_in_times import zone_in
from bot.actions.home_reading import CALL_FORM, HOME_SLOTS, NOW, given_name, number_problem, when_problem
from bot.bootstrap import Line
from bot.calls.naming import NO_NAME
from bot.db import reading, writing
from bot.errors import Refused, TryAgain
from bot.models import CallState
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
        wrong = number_problem(tracker, self.line)
        if intent_of(tracker) == "deny":
            say(dispatcher, "home_number_again")
        elif wrong:
            say(dispatcher, wrong)
        else:
            say(dispatcher, "ask_home_number" if loop_of(tracker) == CALL_FORM else "ask_message_number")
        return [SlotSet("offer", None)]


class AskHomeName(LineAction):
    """Asks what name home is told."""

    called = "action_ask_home_name"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if asks_again(tracker):
            say(dispatcher, "ask_home_name")
        return [SlotSet("offer", None)]


class AskHomeConfirmed(LineAction):
    """Says the number back, what home will hear and what they see; asks for a yes or a time."""

    called = "action_ask_home_confirmed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if not asks_again(tracker) and not has_run(tracker, "action_call_again"):
            return []
        wrong = None if begins(tracker) else when_problem(tracker, self.line)
        if wrong:
            say(dispatcher, wrong)
            return []
        number = phone_words(tracker.get_slot("home_number"))
        say(dispatcher, "ask_home_confirmed", {"number": number, "name": given_name(tracker)})
        return []


class PlaceCall(LineAction):
    """Asks the worker to ring, now or at the time said."""

    called = "action_place_call"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        number, when = str(tracker.get_slot("home_number")), str(tracker.get_slot("home_confirmed"))
        now, line = self.line.clock(), self.line
        due_at = None if when == NOW else when
        with writing(line.engine) as session:
            conversation = conversation_of(session, tracker)
            zone = zone_in(tracker, line, conversation)
            wrong = calls.problem(
                session, conversation, number, line.settings.twilio_from, line.call_limits, now
            )
            if wrong:
                say(dispatcher, wrong)
                return forget_home()
            asked = calls.request(
                session,
                conversation,
                number,
                message_id_of(tracker),
                now,
                line.durably,
                name=given_name(tracker),
                due_at=datetime.fromisoformat(due_at) if due_at else None,
            )
            state = asked.call.state
        if not asked.new and state not in {CallState.SCHEDULED, CallState.REQUESTED}:
            say(dispatcher, "call_already")
        elif due_at is not None:
            say(dispatcher, "call_set", {"due_at": due_at, "timezone": zone})
        else:
            say(dispatcher, "calling")
        return forget_home()


class CallAgain(LineAction):
    """Begins anew with the number and the name of the last call."""

    called = "action_call_again"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        line = self.line
        with reading(line.engine) as session:
            conversation = conversation_of(session, tracker)
            last = calls.last_home(session, conversation, line.clock())
            number, name = (last.home_number, last.name) if last else (None, None)
            wrong = number and calls.problem(
                session, conversation, number, line.settings.twilio_from, line.call_limits, line.clock()
            )
        if number is None or wrong:
            say(dispatcher, wrong or "call_no_one_yet")
            return [SlotSet("offer", None)]
        return [
            SlotSet("home_number", number),
            SlotSet("home_name", name or NO_NAME),
            SlotSet("home_confirmed", None),
            SlotSet("offer", None),
            FollowupAction(CALL_FORM),
        ]


class CancelCall(LineAction):
    """Calls it off, while asking, while it waits for its time or while it rings."""

    called = "action_cancel_call"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            going = calls.going(session, conversation)
            ringing = calls.take_back(session, conversation, self.line.clock())
        hang_up(self.line, ringing)
        say(dispatcher, "call_canceled" if going or loop_of(tracker) == CALL_FORM else "call_none")
        return forget_home()


def hang_up(line: Line, call_sids: Sequence[str]) -> None:
    """End calls at the provider. One that cannot be ended finds itself canceled when it is answered."""
    for call_sid in call_sids:
        try:
            line.caller.hang_up(call_sid)
        except (TryAgain, Refused):
            logger.warning("call %s could not be ended", call_sid)


def forget_home() -> list[dict[str, Any]]:
    """Events that leave nothing of home in the dialogue."""
    return [SlotSet(name, None) for name in (*HOME_SLOTS, "offer")]


ACTIONS = (AskHomeNumber, AskHomeName, AskHomeConfirmed, PlaceCall, CallAgain, CancelCall)
