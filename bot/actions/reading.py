"""What a text tells beyond its intent: a place, a phone number, a yes to it, a time. Run on every text."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import calls, emergencies, home_messages
from bot.actions import crisis, using_alone
from bot.actions.action import (
    LineAction,
    confidence_of,
    conversation_of,
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
from bot.actions.hearing import NOT_UNDERSTOOD, SURE, hear
from bot.actions.home_reading import (
    CALL_FORM,
    HOME_SLOTS,
    MESSAGE_FORM,
    number_problem,
    read_home,
    when_problem,
)
from bot.actions.which_place import read_place
from bot.bootstrap import Line
from bot.calls.naming import read_name
from bot.db import reading
from bot.details import is_minor
from bot.language import wished
from bot.needs import CALL_HOME, every_need, read_needs
from bot.phrases import says

#: What is said when an answer about a timer did not fit.
ALONE_AGAIN = {
    "alone_minutes": "alone_minutes_not_understood",
    "alone_place": "ask_alone_place",
    "alone_tells": "alone_tells_not_understood",
    "alone_confirmed": "alone_yes_or_no",
}
#: The same of a name for home, and of a yes to words for it.
HOME_AGAIN = {"home_name": "home_name_not_usable", "message_confirmed": "message_yes_or_no"}
LOCATION_INTENTS = {"give_location", "update_location"}
#: Forms whose question is about something else: five digits there are no ZIP.
NOT_ABOUT_PLACES = {"check_in_at", *HOME_SLOTS, *using_alone.SLOTS}
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
            *read_home(tracker, self.line),
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
        follows = None if filled.get("which_place") else self._about_home(tracker) or heard.follows
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

    def _about_home(self, tracker: Tracker) -> str | None:
        """A text home instead of a call, or the last call again; None when the text asks for neither."""
        text, loop = text_of(tracker), loop_of(tracker)
        if loop not in {"", CALL_FORM, MESSAGE_FORM, "place_form"} or emergencies_first(tracker):
            return None
        if requested(tracker) == "home_name" and self._is_no_name(tracker):
            return "action_not_understood"
        if says("message_home", text) and loop != MESSAGE_FORM and requested(tracker) != "home_name":
            return MESSAGE_FORM
        if loop or not says("call_again", text):
            return None
        with reading(self.line.engine) as session:
            last = calls.last_home(session, conversation_of(session, tracker), self.line.clock())
        return "action_call_again" if last else None

    def _is_no_name(self, tracker: Tracker) -> bool:
        """Whether a text is meant for a name and cannot be one ("the police"), whatever it sounds like."""
        text = text_of(tracker)
        if read_name(text) is not None or read_needs(text).wanted or "?" in text:
            return False
        return confidence_of(tracker) < SURE or intent_of(tracker) in {*every_need(), *LOCATION_INTENTS}

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

    def _time(self, tracker: Tracker) -> list[dict[str, Any]]:
        offered = tracker.get_slot("offer") in {"check_in", "ladder"} and intent_of(tracker) == "affirm"
        in_form = loop_of(tracker) == "check_in_form"
        if not (in_form or offered or intent_of(tracker) == "checkin_request"):
            return []
        return time_slots(tracker, self.line)


def emergencies_first(tracker: Tracker) -> bool:
    """Whether Rasa is sure of a crisis: nothing else is heard in such a text."""
    return intent_of(tracker) == "crisis" and confidence_of(tracker) >= SURE


def question_again(tracker: Tracker, line: Line) -> str | None:
    """The reply that puts a form's question again after an answer that did not fit; None without a form."""
    asked, text = requested(tracker), text_of(tracker)
    if asked == "place":
        return "ask_place_again"
    if asked == "home_number":
        return number_problem(tracker, line) or "home_number_not_understood"
    if asked == "home_confirmed":
        return when_problem(tracker, line) or "yes_or_no"
    if asked == "home_message":
        return home_messages.unusable(text) or "ask_home_message_again"
    if asked in HOME_AGAIN:
        return HOME_AGAIN[asked]
    if asked in using_alone.SLOTS:
        return ALONE_AGAIN[asked]
    if asked == "check_in_at":
        return time_problem(text, line.clock(), zone_of(tracker, line))
    return None
