"""Check-ins: when, and the promise."""

from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import check_ins
from bot.actions.action import (
    LineAction,
    asks_again,
    before_the_text,
    conversation_of,
    message_id_of,
    say,
    since_the_text,
    text_of,
)
from bot.actions.check_in_answers import AnswerCheckIn
from bot.actions.check_in_changes import NOTHING_LEFT, CancelCheckIn, ChangeCheckIns, ChooseCheckIn
from bot.actions.check_in_times import NOT_A_TIME, time_problem, zone_in, zone_of
from bot.check_ins import Agreed, Recurrence
from bot.db import writing
from bot.errors import TooManyCheckIns


class AskCheckInAt(LineAction):
    """Asks when; says so when the time given cannot be."""

    called = "action_ask_check_in_at"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if not asks_again(tracker):
            return []
        problem = time_problem(text_of(tracker), self.line.clock(), zone_of(tracker, self.line))
        say(dispatcher, "ask_check_in_at" if problem in {None, NOT_A_TIME} else problem)
        return [SlotSet("offer", None)]


class ScheduleCheckIn(LineAction):
    """Makes the promise and says the local time back in words; a series is said back and asked first."""

    called = "action_schedule_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if tracker.get_slot("check_in_series"):
            return ask_series(dispatcher, tracker.get_slot("check_in_series"))
        due_at, now = datetime.fromisoformat(tracker.get_slot("check_in_at")), self.line.clock()
        silent = check_ins.tells_of_silence(text_of(tracker))
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            zone = zone_in(tracker, self.line, conversation)
            try:
                check_in = check_ins.promise(
                    session,
                    conversation,
                    due_at,
                    zone,
                    message_id_of(tracker),
                    now,
                    words=text_of(tracker),
                    asked=_asked(tracker),
                    listing_id=tracker.get_slot("chosen"),
                    if_silent=check_ins.ROSTER if silent else check_ins.NOTHING,
                )
            except TooManyCheckIns:
                say(dispatcher, "check_in_too_many")
                return NOTHING_LEFT
            promised = check_in.due_at
        fill = {"due_at": promised.isoformat(), "timezone": zone}
        say(dispatcher, "check_in_set_silent" if silent else "check_in_set", fill)
        return NOTHING_LEFT


def _asked(tracker: Tracker) -> str | None:
    """The reply that put the question this text answers, or None when they asked of their own accord."""
    if before_the_text(tracker, "offer") == "ladder":
        return "offer_check_in"
    begun_now = any(
        event.get("event") == "active_loop" and event.get("name") == "check_in_form"
        for event in since_the_text(tracker)
    )
    return None if begun_now else "ask_check_in_at"


def ask_series(dispatcher: CollectingDispatcher, pending: dict[str, Any]) -> list[dict[str, Any]]:
    """Say a series back and ask for a yes."""
    say(dispatcher, "check_in_series_ask", check_ins.days_of_series(pending))
    return [
        SlotSet("check_in_at", None),
        SlotSet("check_in_series", pending),
        SlotSet("offer", "check_in_series"),
    ]


class AskSeries(LineAction):
    """Says a changed series back and asks again."""

    called = "action_ask_check_in_series"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        return ask_series(dispatcher, tracker.get_slot("check_in_series"))


class PromiseSeries(LineAction):
    """Takes the yes to a series."""

    called = "action_promise_check_in_series"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        pending, now = tracker.get_slot("check_in_series"), self.line.clock()
        agreed = Agreed(
            words=f"{pending['words']}\n{text_of(tracker)}",
            asked="check_in_series_ask",
            message_id=message_id_of(tracker),
            if_silent=pending["if_silent"],
        )
        recurrence = Recurrence(
            pending["rrule"],
            datetime.fromisoformat(pending["starts_on"]).date(),
            pending["minutes"],
            pending["chosen_time"],
        )
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            zone_in(tracker, self.line, conversation)
            try:
                check_ins.promise_series(session, conversation, recurrence, pending["timezone"], agreed, now)
            except TooManyCheckIns:
                say(dispatcher, "check_in_too_many")
                return NOTHING_LEFT
        silent = pending["if_silent"] == check_ins.ROSTER
        key = "check_in_series_set_silent" if silent else "check_in_series_set"
        say(dispatcher, key, check_ins.days_of_series(pending))
        return NOTHING_LEFT


class PromiseLadder(LineAction):
    """Takes the yes to the texts after a referral."""

    called = "action_promise_ladder"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        now = self.line.clock()
        agreed = Agreed(text_of(tracker), "offer_check_in", message_id_of(tracker))
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            zone = zone_in(tracker, self.line, conversation)
            try:
                series = check_ins.promise_ladder(
                    session, conversation, zone, agreed, tracker.get_slot("chosen"), now
                )
            except TooManyCheckIns:
                say(dispatcher, "check_in_too_many")
                return NOTHING_LEFT
            first = next(
                one
                for one in check_ins.groups(session, conversation)
                if one.series and one.series.id == series.id
            ).first
            fill = {"due_at": first.due_at.isoformat(), "timezone": zone}
        say(dispatcher, "check_in_ladder_set", fill)
        return NOTHING_LEFT


class DeclineCheckIn(LineAction):
    """Takes a no to the offer."""

    called = "action_decline_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        say(dispatcher, "no_check_in")
        return NOTHING_LEFT


ACTIONS = (
    AskCheckInAt,
    ScheduleCheckIn,
    AskSeries,
    PromiseSeries,
    PromiseLadder,
    ChangeCheckIns,
    ChooseCheckIn,
    CancelCheckIn,
    DeclineCheckIn,
    AnswerCheckIn,
)
