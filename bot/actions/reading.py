"""What a text tells beyond its intent: a place, a phone number, a yes to it, a time. Run on every text."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import calls, emergencies
from bot.actions import crisis, using_alone
from bot.actions.action import (
    LineAction,
    confidence_of,
    intent_of,
    loop_of,
    place_of,
    requested,
    say,
    text_of,
)
from bot.actions.check_in_hearing import hear_check_in
from bot.actions.check_in_times import time_problem, time_slots, zone_of
from bot.actions.choosing import Listed, read_full_name
from bot.actions.hearing import NOT_UNDERSTOOD, hear
from bot.actions.which_place import read_place
from bot.bootstrap import Line
from bot.details import is_minor
from bot.language import wished
from bot.needs import CALL_HOME, read_needs

#: What is said when an answer about a timer did not fit.
ALONE_AGAIN = {
    "alone_minutes": "alone_minutes_not_understood",
    "alone_place": "ask_alone_place",
    "alone_tells": "alone_tells_not_understood",
    "alone_confirmed": "alone_yes_or_no",
}
LOCATION_INTENTS = {"give_location", "update_location"}
#: Forms whose question is about something else: five digits there are no ZIP.
NOT_ABOUT_PLACES = {"home_number", "check_in_at", *using_alone.SLOTS}
#: Texts whose places are somebody else's: "call my brother in tacoma".
ABOUT_OTHERS = {"call_home", "inform_phone", "cancel_call", "crisis"}
#: Texts whose places tell services apart: "is the one in ballard open".
ABOUT_LISTED = {"hours_question", "report_closed", "cost_question", "eligibility_question", "directions"}
#: Texts with no place in them, though "english" and "leave me alone" may look like one.
ABOUT_THE_LINE = {"change_language", "stop", "abuse", "identity_question", "privacy_question"}


class ReadText(LineAction):
    """Fills the slots a text speaks of (Rasa's name for it: validating slot mappings)."""

    called = "action_validate_slot_mappings"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        listed = [Listed(**one) for one in tracker.get_slot("listed") or []]
        named = None if requested(tracker) else read_full_name(text_of(tracker), listed)
        if named is not None:
            none = [SlotSet(name, None) for name in ("place_choices", "which_place", "heard", "misses")]
            return [SlotSet("named", named), *none]
        about_check_in = hear_check_in(tracker, self.line)
        if about_check_in is not None:
            none = [SlotSet(name, None) for name in ("named", "place_choices", "which_place", "misses")]
            return [*none, *about_check_in]
        read = [
            *self._place(tracker),
            *self._home(tracker),
            *self._time(tracker),
            *using_alone.read_alone(tracker, self.line),
        ]
        return [SlotSet("named", None), *read, *self._heard(dispatcher, tracker, read)]

    def _heard(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, read: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        filled = {event["name"]: event["value"] for event in read if event["value"] is not None}
        heard = hear(tracker, set(filled))
        # An unclear place is asked about first; what is needed there is kept.
        follows = None if filled.get("which_place") else heard.follows
        events = [SlotSet("heard", follows)]
        only_a_number = follows == "action_not_understood"
        if intent_of(tracker) == "crisis" and not only_a_number and (follows or heard.needs):
            # The numbers first, then what was asked for; a question of ours would be one too many.
            sure = confidence_of(tracker) >= crisis.SURE
            say(dispatcher, emergencies.CRISIS_WORDS if sure else "crisis")
        if tracker.get_slot("misses") and (follows or intent_of(tracker) not in NOT_UNDERSTOOD):
            events.append(SlotSet("misses", None))
        if heard.needs:
            events += [SlotSet("needs", list(heard.needs))]
            events += [SlotSet("need", heard.needs[0])] if heard.needs[0] != CALL_HOME else []
        before = tracker.get_slot("details") or {}
        if heard.details:
            details = {**before, **heard.details}
            events.append(SlotSet("details", details))
            if is_minor(details) and not is_minor(before):
                say(dispatcher, "minor")
        return events

    def _place(self, tracker: Tracker) -> list[dict[str, Any]]:
        asked, intent = requested(tracker), intent_of(tracker)
        about_else = asked in NOT_ABOUT_PLACES or intent in ABOUT_THE_LINE or wished(text_of(tracker))
        said = read_needs(text_of(tracker))
        if said.corrects and CALL_HOME not in said.wanted:
            # "i said 98118 not 98104" sounds like a call to the classifier.
            intent = "update_location"
        if about_else or (asked != "place" and intent in ABOUT_OTHERS | ABOUT_LISTED):
            return [SlotSet("place_choices", None), SlotSet("which_place", None)]
        expected = asked == "place" or intent in LOCATION_INTENTS
        return read_place(tracker, place_of(tracker), expected=expected)

    def _home(self, tracker: Tracker) -> list[dict[str, Any]]:
        asked, intent = requested(tracker), intent_of(tracker)
        if loop_of(tracker) != "call_home_form" and intent not in {"call_home", "inform_phone"}:
            return []
        number = calls.read_number(text_of(tracker))
        if number and calls.may_ring(number, self.line.settings.twilio_from):
            # A number given anew, also instead of a yes, asks for a new yes.
            return [SlotSet("home_number", number), SlotSet("home_confirmed", None)]
        if asked == "home_confirmed" and intent == "affirm":
            return [SlotSet("home_confirmed", True)]
        if asked == "home_confirmed" and intent == "deny":
            return [SlotSet("home_number", None), SlotSet("home_confirmed", None)]
        return []

    def _time(self, tracker: Tracker) -> list[dict[str, Any]]:
        offered = tracker.get_slot("offer") in {"check_in", "ladder"} and intent_of(tracker) == "affirm"
        in_form = loop_of(tracker) == "check_in_form"
        if not (in_form or offered or intent_of(tracker) == "checkin_request"):
            return []
        return time_slots(tracker, self.line)


def question_again(tracker: Tracker, line: Line) -> str | None:
    """The reply that puts a form's question again after an answer that did not fit; None without a form."""
    asked, text = requested(tracker), text_of(tracker)
    if asked == "place":
        return "ask_place_again"
    if asked == "home_number":
        return "home_number_refused" if calls.read_number(text) else "home_number_not_understood"
    if asked == "home_confirmed":
        return "yes_or_no"
    if asked in using_alone.SLOTS:
        return ALONE_AGAIN[asked]
    if asked == "check_in_at":
        return time_problem(text, line.clock(), zone_of(tracker, line))
    return None
