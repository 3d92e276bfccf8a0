"""The time in a text: one, or a rule for many; in the person's own zone."""

from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from bot import check_ins
from bot.actions.action import conversation_of, text_of
from bot.bootstrap import Line
from bot.check_in_times import read_time
from bot.db import reading
from bot.errors import TimeNotPossible, TimeNotUnderstood, TooOften
from bot.local_time import instant
from bot.models import Conversation

NOT_A_TIME = "check_in_not_understood"


def zone_of(tracker: Tracker, line: Line) -> str:
    """The zone a person's times are meant in: that of the place they named, now or once, else the line's."""
    place = tracker.get_slot("place") or {}
    if place.get("timezone"):
        return str(place["timezone"])
    with reading(line.engine) as session:
        known = conversation_of(session, tracker).person.timezone
    return known or line.settings.timezone


def zone_in(tracker: Tracker, line: Line, conversation: Conversation) -> str:
    """The same, kept with the person for when the dialogue has forgotten the place."""
    place = tracker.get_slot("place") or {}
    if place.get("timezone"):
        conversation.person.timezone = str(place["timezone"])
    return conversation.person.timezone or line.settings.timezone


def time_slots(tracker: Tracker, line: Line) -> list[dict[str, Any]]:
    """The slots of the time a text holds, or none."""
    text, now, zone = text_of(tracker), line.clock(), zone_of(tracker, line)
    try:
        rule = check_ins.read_recurrence(text, now, zone)
        if rule is None:
            due = read_time(text, now, zone)
            return [SlotSet("check_in_at", due.isoformat()), SlotSet("check_in_series", None)]
    except (TimeNotUnderstood, TimeNotPossible):
        return []
    pending = {
        "rrule": rule.rrule,
        "starts_on": rule.starts_on.isoformat(),
        "minutes": rule.minutes,
        "chosen_time": rule.chosen_time,
        "timezone": zone,
        "words": text,
        "if_silent": check_ins.ROSTER if check_ins.tells_of_silence(text) else check_ins.NOTHING,
    }
    first = instant(rule.starts_on, rule.minutes, zone)
    return [SlotSet("check_in_at", first.isoformat()), SlotSet("check_in_series", pending)]


def time_problem(text: str, now: datetime, zone: str) -> str | None:
    """The reply that says what is wrong with the time in a text, or None when it can be promised."""
    try:
        if check_ins.read_recurrence(text, now, zone) is None:
            read_time(text, now, zone)
    except TooOften:
        return "check_in_once_a_day"
    except TimeNotPossible:
        return "check_in_not_possible"
    except TimeNotUnderstood:
        return NOT_A_TIME
    return None
