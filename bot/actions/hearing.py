"""What a text asks for beyond its intent, by plain words: several needs, a wish, being left alone.

What is found here is put into the slot `heard`; nlu/components/heard.py follows it whatever the classifier
made of the text. Where the intent already leads there the slot stays empty.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from bot import language
from bot.actions.action import confidence_of, intent_of, loop_of, place_of, requested, text_of
from bot.details import read_details
from bot.finding import asked_for
from bot.needs import CALL_HOME, MOST, Said, every_need, family, read_needs
from bot.opting_out import asks_for_silence
from bot.phrases import says

NOT_UNDERSTOOD = {"nlu_fallback", "out_of_scope", ""}
#: Intents that say little themselves, so that a need named beside them is what was meant.
SMALL_TALK = {
    "greet", "thanks", "affirm", "deny", "goodbye", "help", "start", "abuse", "checkin_ok", "checkin_not_ok",
}  # fmt: skip
PLACES = {"give_location", "update_location"}
SOFT = NOT_UNDERSTOOD | SMALL_TALK | PLACES
#: Questions about the list that was shown; with another need in them they are about that.
ABOUT_LISTED = {
    "hours_question", "cost_question", "eligibility_question", "directions", "more_options", "choose_number",
}  # fmt: skip
#: A need the classifier is so sure of is served even if no plain word names it beside the others.
SURE = 0.6
#: Intents that a wish said in passing ("i have a dog") does not take the place of.
NO_WISH = {
    "checkin_request", "checkin_not_ok", "cancel_checkin", "cancel_call", "inform_phone", "report_closed",
    "privacy_question", "identity_question", "talk_to_person", "change_language", "abuse", "thanks",
    "goodbye", "hours_question", "directions", "choose_number", "help", "start",
}  # fmt: skip
#: Slots that a number is asked for.
NUMBERS = {"home_number", "alone_minutes", "alone_tells", "home_message"}
#: Intents that nothing but a need covers up, if Rasa is sure.
FIRST = {"crisis", "using_alone", "stop"}


@dataclass(frozen=True)
class Heard:
    """What follows (an action or a form; None: what the intent leads to), and what is asked for."""

    follows: str | None = None
    needs: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


def clearly_stop(text: str) -> bool:
    """Whether a text asks for nothing but to be left alone: no other word is left over."""
    return asks_for_silence(text)


def hear(tracker: Tracker, filled: set[str]) -> Heard:
    """What a text asks for. `filled` are the slots it has just filled: it may answer a form's question."""
    text, intent = text_of(tracker), intent_of(tracker)
    answered = requested(tracker) in filled
    details, said = read_details(text), read_needs(text)
    if requested(tracker) in NUMBERS and not answered and not re.search(r"[^\W\d]", text):
        # "911" given for the number to call is no cry for help, and "90" minutes are no place: it is said
        # what number is needed.
        return Heard("action_not_understood")
    urgent = _before_needs(tracker, said)
    if urgent:
        return Heard(urgent if urgent != intent else None, details=details)
    if answered and requested(tracker) != "place":
        # A number given for "who should we reach" is not also a wish for food.
        return Heard(details=details)
    if said.corrects and "place" in filled and not said.wanted:
        return Heard(None if answered or intent in PLACES else "action_set_place", details=details)
    needs = () if _only_details(tracker, details, said) else wanted(tracker, said)
    if needs:
        return Heard(None if answered else _leads(needs, tracker), needs, details)
    return Heard(None if answered else _without_needs(tracker, details), (), details)


def _before_needs(tracker: Tracker, said: Said) -> str | None:
    """What goes before every need: the action, or the intent itself if that leads to it, or None."""
    text, intent = text_of(tracker), intent_of(tracker)
    if clearly_stop(text):
        return intent if intent == "stop" else "action_stop"
    unsure = confidence_of(tracker) < SURE and (said.wanted or said.corrects or read_details(text))
    # With a need in it a crisis is answered first (bot/actions/reading.py), and the need after it.
    if intent in FIRST and not unsure and not (intent == "crisis" and said.wanted):
        return intent
    if says("using_alone", text):
        return "action_using_alone"
    if tracker.get_slot("listed") and not requested(tracker) and says("asks_whom", text):
        return intent if intent == "eligibility_question" else "action_eligibility"
    return None


def _without_needs(tracker: Tracker, details: Mapping[str, Any]) -> str | None:
    if language.wished(text_of(tracker)) and intent_of(tracker) in SOFT | {"identity_question"}:
        return "action_change_language"
    if intent_of(tracker) == "checkin_request" and requested(tracker) == "check_in_at":
        return "action_ask_check_in_at"
    return _refines(tracker) if details else None


def _only_details(tracker: Tracker, details: Mapping[str, Any], said: Said) -> bool:
    """Whether a text tells of the person and of no need, though its intent is one: "its me and my 2 kids"."""
    unsure = confidence_of(tracker) < SURE or requested(tracker) == "place"
    return bool(details) and not said.wanted and unsure


def wanted(tracker: Tracker, said: Said) -> tuple[str, ...]:
    """The needs to serve now, the call home last; none when the text is about something else."""
    intent, now = intent_of(tracker), list(tracker.get_slot("needs") or [])
    found = list(said.wanted)
    if intent in every_need():
        named = {family(need) for need in [*found, *said.unwanted]}
        if intent not in named and (not found or confidence_of(tracker) >= SURE):
            found.insert(0, intent)
    elif intent in ABOUT_LISTED:
        current = {family(need) for need in now}
        if tracker.get_slot("listed") and {family(need) for need in found} <= current:
            return ()
    elif intent not in SOFT | FIRST:
        return ()
    found = list(asked_for(found, text_of(tracker)))
    if loop_of(tracker) == "place_form" and said.adds and not said.corrects and found:
        found = now + [need for need in found if need not in now]
    directory = [need for need in found if need != CALL_HOME]
    return tuple((directory + [CALL_HOME] * (CALL_HOME in found))[:MOST])


def _leads(needs: Sequence[str], tracker: Tracker) -> str | None:
    intent, loop = intent_of(tracker), loop_of(tracker)
    form = "place_form" if needs[0] != CALL_HOME else "call_home_form"
    if loop == form:
        # Rasa would take a form that was begun again for one that cannot go on, and say nothing.
        return f"action_ask_{requested(tracker)}" if requested(tracker) else None
    if form == "call_home_form":
        return None if intent == CALL_HOME else form
    return None if intent in every_need() and intent != CALL_HOME else form


def _refines(tracker: Tracker) -> str | None:
    """A wish or an age, and no need: look again with it, or go on asking, or take note."""
    if intent_of(tracker) in NO_WISH:
        return None
    if requested(tracker) == "place":
        return "action_ask_place"
    if requested(tracker) or tracker.get_slot("place_choices"):
        return None
    if tracker.get_slot("need") is None:
        return "action_note_details"
    return "action_find_services" if place_of(tracker) else "place_form"
