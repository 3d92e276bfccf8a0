"""Check-ins: when, the promise, and taking it back."""

from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import calls, check_ins
from bot.actions.action import LineAction, asks_again, conversation_of, message_id_of, say, text_of
from bot.actions.calls import hang_up
from bot.actions.reading import zone_of
from bot.check_in_times import read_time
from bot.db import writing
from bot.errors import TimeNotPossible, TimeNotUnderstood


class AskCheckInAt(LineAction):
    """Asks when; says so when the time given cannot be."""

    called = "action_ask_check_in_at"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if not asks_again(tracker):
            return []
        try:
            read_time(text_of(tracker), self.line.clock(), zone_of(tracker, self.line))
            key = "ask_check_in_at"
        except TimeNotUnderstood:
            key = "ask_check_in_at"
        except TimeNotPossible:
            key = "check_in_not_possible"
        say(dispatcher, key)
        return [SlotSet("offer", None)]


class ScheduleCheckIn(LineAction):
    """Makes the promise and says the local time back in words."""

    called = "action_schedule_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        due_at = datetime.fromisoformat(tracker.get_slot("check_in_at"))
        zone, now = zone_of(tracker, self.line), self.line.clock()
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            check_in = check_ins.promise(
                session, conversation, due_at, zone, message_id_of(tracker), now, self.line.durably
            )
            promised = check_in.due_at
        say(dispatcher, "check_in_set", {"due_at": promised.isoformat(), "timezone": zone})
        return [SlotSet("check_in_at", None), SlotSet("offer", None)]


class CancelCheckIn(LineAction):
    """Takes back what is promised: a check-in, or else a call that is going on ("cancel that")."""

    called = "action_cancel_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            canceled = check_ins.take_back(session, conversation)
            ringing = [] if canceled else calls.take_back(session, conversation)
        if canceled:
            say(dispatcher, "check_in_canceled")
        elif ringing:
            hang_up(self.line, ringing)
            say(dispatcher, "call_canceled")
        else:
            say(dispatcher, "check_in_none")
        return [SlotSet("check_in_at", None), SlotSet("offer", None)]


class DeclineCheckIn(LineAction):
    """Takes a no to the offer."""

    called = "action_decline_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        say(dispatcher, "no_check_in")
        return [SlotSet("check_in_at", None), SlotSet("offer", None)]


ACTIONS = (AskCheckInAt, ScheduleCheckIn, CancelCheckIn, DeclineCheckIn)
