"""Which of several places of one name is meant: asking, and reading the answer."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.action import LineAction, intent_of, place_slot, requested, say, text_of
from bot.actions.choosing import Listed, read_choice
from services_directory import places
from services_directory.places import Ambiguous, Place

#: What the slot `which_place` says of a text; nlu/components/which_place.py acts on it.
ASK, ANSWERED, AGAIN = "ask", "answered", "again"
#: Texts about something else: a place of an unclear name in them is not worth a question.
NOT_WORTH_ASKING = {"checkin_request", "talk_to_person", "thanks", "goodbye", "help", "start"}
#: What a text that names a place may be taken for and is not: "kennewick", "no, fremont".
MISHEARD = {"nlu_fallback", "out_of_scope", "deny", "greet", ""}
#: "3rd and pike" chooses no third service.
EXACT = {"zip", "corner"}
#: After "which one?": no answer, and nothing else either.
NO_ANSWER = {"deny", "affirm", "give_location", "update_location", "out_of_scope", "nlu_fallback", ""}


class AskWhichPlace(LineAction):
    """Asks which place is meant, by number; after an answer that was none, asks for a ZIP code."""

    called = "action_ask_which_place"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        kept = tracker.get_slot("place_choices")
        if tracker.get_slot("which_place") != ASK or not kept:
            say(dispatcher, "ask_place_again")
        else:
            labels = [choice["label"] for choice in kept["choices"]]
            say(dispatcher, "which_place", {"name": kept["name"], "choices": labels})
        return [SlotSet("offer", None)]


def read_place(tracker: Tracker, near: Place | None, *, expected: bool) -> list[dict[str, Any]]:
    """The slots a text's place fills: the place, or the places to ask about."""
    kept, text = tracker.get_slot("place_choices"), text_of(tracker)
    pending = _ambiguous(kept) if kept else None
    if pending:
        place = _answered(text, pending)
        if place:
            return _slots(place=place, which=ANSWERED)
    found = places.look_up(text, place_expected=expected or bool(pending), near=near)
    intent, asked = intent_of(tracker), requested(tracker)
    if isinstance(found, places.Found):
        heard = pending or intent in MISHEARD or (intent == "choose_number" and found.place.kind in EXACT)
        return _slots(place=found.place, which=ANSWERED if heard else None)
    if found and (asked or intent not in NOT_WORTH_ASKING):
        return _slots(choices=found, which=ASK)
    if pending and intent == "choose_number":
        return _slots(choices=pending, which=ASK)
    if pending and intent in NO_ANSWER:
        return _slots(which=AGAIN)
    return _slots()


def _answered(text: str, pending: Ambiguous) -> Place | None:
    listed = [Listed(place.label, place.label) for place in pending.choices]
    position = read_choice(text, listed)
    if position is not None and not places.resolve(text):
        return pending.choices[position]
    return places.choose(text, pending)


def _ambiguous(kept: dict[str, Any]) -> Ambiguous:
    return Ambiguous(kept["name"], tuple(Place(**choice) for choice in kept["choices"]))


def _slots(
    *, place: Place | None = None, choices: Ambiguous | None = None, which: str | None = None
) -> list[dict[str, Any]]:
    kept = choices and {"name": choices.name, "choices": [place_slot(one) for one in choices.choices]}
    filled = [SlotSet("place_choices", kept), SlotSet("which_place", which)]
    return [SlotSet("place", place_slot(place)), *filled] if place else filled


ACTIONS = (AskWhichPlace,)
