"""Whether a text is about a check-in, whatever its intent seems to be: an answer, a wish, which one."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from bot import check_ins
from bot.actions.action import conversation_of, intent_of, requested, text_of
from bot.actions.check_in_times import time_slots, zone_of
from bot.actions.hearing import NOT_UNDERSTOOD, clearly_stop
from bot.bootstrap import Line
from bot.check_ins import Wish
from bot.db import reading
from bot.needs import read_needs
from bot.phrases import says

#: Intents that go before anything about check-ins.
FIRST = {"crisis", "using_alone"}
CHANGE, CHOOSE, ANSWER = "action_change_check_ins", "action_choose_check_in", "action_answer_check_in"
FORM, AGAIN = "check_in_form", "action_ask_check_in_series"
#: Offers that a time takes up.
OFFERED = {"ladder", "check_in"}
#: Yes and no to a series that was said back.
YES_OR_NO = {"affirm", "deny", "checkin_ok", "cancel_checkin"}


def hear_check_in(tracker: Tracker, line: Line) -> list[dict[str, Any]] | None:
    """Slots and what follows, when a text is about a check-in; None when it is about something else."""
    text = text_of(tracker)
    if intent_of(tracker) in FIRST or clearly_stop(text) or says("using_alone", text):
        return None
    follows = _choice(tracker) or _answer(tracker, line) or _wish(tracker, line)
    if follows:
        return [SlotSet("heard", follows)]
    return _series_at_another_hour(tracker, line) or _request(tracker, line)


def _choice(tracker: Tracker) -> str | None:
    pending = tracker.get_slot("check_in_pending")
    asked = tracker.get_slot("offer") == "which_check_in" and pending and not requested(tracker)
    return CHOOSE if asked and check_ins.choose(pending, text_of(tracker)) else None


def _answer(tracker: Tracker, line: Line) -> str | None:
    text = text_of(tracker)
    if requested(tracker) or not check_ins.read_answer(text, intent_of(tracker)) or read_needs(text).wanted:
        return None
    with reading(line.engine) as session:
        conversation = conversation_of(session, tracker)
        answered = check_ins.answered_by(session, conversation, text, intent_of(tracker), line.clock())
    return ANSWER if answered else None


def _wish(tracker: Tracker, line: Line) -> str | None:
    text, asked = text_of(tracker), requested(tracker)
    if check_ins.means_last(text) and not asked and _promised_just_now(tracker, line):
        return CHANGE
    wish = check_ins.read_wish(text)
    if wish is None or (asked and wish is not Wish.LIST and not check_ins.names_check_in(text)):
        return None
    if asked == "check_in_at" and wish is not Wish.LIST:
        return None
    with reading(line.engine) as session:
        some = check_ins.groups(session, conversation_of(session, tracker))
        zone = some[0].first.timezone if some else zone_of(tracker, line)
        told = check_ins.points_at(some, text, line.clock()) if some else False
    if wish is Wish.MOVE:
        to_a_time = check_ins.names_a_time(text, line.clock(), zone) and not read_needs(text).wanted
        return CHANGE if some and to_a_time else None
    if wish is Wish.TELL:
        return CHANGE if some and not time_slots(tracker, line) else None
    if wish is Wish.CANCEL:
        # "Cancel that" may also mean a call: what the dialogue takes it for decides.
        return CHANGE if told or check_ins.names_check_in(text) else None
    return CHANGE if some or wish is Wish.LIST or check_ins.names_check_in(text) else None


def _promised_just_now(tracker: Tracker, line: Line) -> bool:
    with reading(line.engine) as session:
        return check_ins.just_promised(session, conversation_of(session, tracker))


def _series_at_another_hour(tracker: Tracker, line: Line) -> list[dict[str, Any]] | None:
    """ "8:30 instead", after "every day at 8. OK?"."""
    pending = tracker.get_slot("check_in_series")
    offered = tracker.get_slot("offer") == "check_in_series" and pending and not requested(tracker)
    if not offered or intent_of(tracker) in YES_OR_NO and not any(map(str.isdigit, text_of(tracker))):
        return None
    zone, now = pending["timezone"], line.clock()
    if check_ins.read_recurrence_or_none(text_of(tracker), now, zone):
        return None
    minutes = check_ins.another_hour(text_of(tracker), now, zone)
    if minutes is None:
        return None
    words = f"{pending['words']}\n{text_of(tracker)}"
    changed = check_ins.at_another_hour(pending, minutes, now) | {"words": words}
    return [SlotSet("check_in_series", changed), SlotSet("heard", AGAIN)]


def _answers_the_offer(tracker: Tracker, line: Line) -> bool:
    """ "Every day for a week", after "want me to check on you later?"."""
    if tracker.get_slot("offer") not in OFFERED or intent_of(tracker) not in NOT_UNDERSTOOD | {"affirm"}:
        return False
    zone = zone_of(tracker, line)
    return check_ins.read_recurrence_or_none(text_of(tracker), line.clock(), zone) is not None


def _request(tracker: Tracker, line: Line) -> list[dict[str, Any]] | None:
    """A text asked for in plain words, with its time in it, that the dialogue took for something else."""
    text, intent = text_of(tracker), intent_of(tracker)
    if intent == "checkin_request" or requested(tracker) or read_needs(text).wanted:
        return None
    if not (check_ins.asks_for_text(text) or _answers_the_offer(tracker, line)):
        return None
    slots = time_slots(tracker, line)
    return [*slots, SlotSet("heard", FORM)] if slots else None
