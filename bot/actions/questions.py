"""Questions about one place: when, what it costs, whom it takes, the way. All from the directory."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import facts
from bot.actions.action import place_of, said_before, say, text_of
from bot.actions.choosing import Listed, read_choice
from bot.actions.showing import ShowServices
from bot.db import reading
from bot.phrases import says
from bot.presenting import match_fill, names_of, phone_words
from bot.replies.fitting import shorten
from services_directory.search import Match

LONGEST_NAME = 40
#: Who to ask when a listing has no phone.
HELP_NEAR_YOU = "211"


class Question(ShowServices):
    """Finds out which place is meant: the one named, the one chosen, the only one listed; else asks."""

    #: What the slot `offer` says while we wait for which one; also the end of the reply's key without a list.
    about = ""
    without_list = "no_list"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        listed = tracker.get_slot("listed") or []
        choice = read_choice(text_of(tracker), [Listed(**one) for one in listed], names_only=len(listed) == 1)
        meant = listed[choice]["id"] if choice is not None else tracker.get_slot("chosen")
        if meant is None and len(listed) == 1:
            meant = listed[0]["id"]
        if meant is not None:
            return self.answer(dispatcher, tracker, meant)
        if not listed:
            say(dispatcher, self.without_list)
            return []
        say(dispatcher, "which_one_question")
        return [SlotSet("offer", self.about)]

    def answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, service_at_location_id: str
    ) -> list[dict[str, Any]]:
        """Answer about one place. A number sent after "which one?" answers for the question before it."""
        match = self.get(tracker, service_at_location_id)
        if match is None:
            say(dispatcher, "which_one")
            return []
        asked = said_before(tracker) if tracker.get_slot("offer") == self.about else text_of(tracker)
        self.say_about(dispatcher, tracker, match, asked)
        if match.alert:
            say(dispatcher, "alert", {"alert": shorten(match.alert, 250)})
        return [SlotSet("chosen", service_at_location_id), SlotSet("offer", None)]

    def say_about(self, dispatcher: CollectingDispatcher, tracker: Tracker, match: Match, asked: str) -> None:
        """Say what the directory knows."""
        raise NotImplementedError


class Hours(Question):
    """Today's hours, with the address and phone to make sure."""

    called = "action_hours"
    about = "hours"
    without_list = "hours_unsure"

    def say_about(self, dispatcher: CollectingDispatcher, tracker: Tracker, match: Match, asked: str) -> None:
        say(dispatcher, "service_details", match_fill(match))


class Cost(Question):
    """Whether it is free. No directory of ours says who takes which insurance."""

    called = "action_cost"
    about = "cost"
    without_list = "cost_line"

    def say_about(self, dispatcher: CollectingDispatcher, tracker: Tracker, match: Match, asked: str) -> None:
        key = {True: "cost_free", False: "cost_paid", None: "cost_unknown"}[match.free]
        if match.free is not True and says("insurance", asked):
            key = "cost_insurance"
        say(dispatcher, key, named(match))


class Eligibility(Question):
    """Whom it takes and what to bring."""

    called = "action_eligibility"
    about = "eligibility"

    def say_about(self, dispatcher: CollectingDispatcher, tracker: Tracker, match: Match, asked: str) -> None:
        with reading(self.line.engine) as session:
            fact = facts.answer(session, match.service_at_location_id, asked, tracker.get_slot("details"))
        fill = named(match) | {"aspect": fact.aspect, "words": shorten(fact.words, 60)}
        say(dispatcher, f"eligible_{fact.kind}", fill)


class Directions(Question):
    """Address, distance and phone; the line has no map and says so."""

    called = "action_directions"
    about = "directions"

    def say_about(self, dispatcher: CollectingDispatcher, tracker: Tracker, match: Match, asked: str) -> None:
        place = place_of(tracker)
        label = place.label if place else ""
        where = {"address": match.address, "miles": match.miles, "label": label}
        say(dispatcher, "directions", named(match) | where)


def named(match: Match) -> dict[str, Any]:
    """What to call a place, and the number to ask at."""
    phone = phone_words(match.phone) if match.phone else HELP_NEAR_YOU
    return {"name": shorten(names_of(match)[0], LONGEST_NAME), "phone": phone}


ACTIONS = (Hours, Cost, Eligibility, Directions)
QUESTIONS: dict[str, type[Question]] = {question.about: question for question in ACTIONS}
