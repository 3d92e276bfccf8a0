"""Food, treatment and the rest: where, what is near, which one, what else."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import check_ins
from bot.actions.action import (
    asks_again,
    conversation_of,
    place_of,
    said_before,
    said_so_far,
    say,
    text_of,
    told_now,
)
from bot.actions.check_in_answers import take_in
from bot.actions.check_in_times import zone_of
from bot.actions.choosing import Listed, read_choice
from bot.actions.questions import QUESTIONS
from bot.actions.reading import question_again
from bot.actions.showing import ShowServices
from bot.check_ins import Answer
from bot.db import writing
from bot.finding import place_question
from bot.needs import family, read_needs
from bot.phrases import says


class AskPlace(ShowServices):
    """Asks where, in words that fit the need."""

    called = "action_ask_place"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if not asks_again(tracker):
            return []
        needs = tracker.get_slot("needs") or [tracker.get_slot("need")]
        if len(needs) == 1 and asked_just_now(tracker) and not said_so_far(tracker):
            say(dispatcher, "ask_place_once_more")
        else:
            question = place_question([need or "" for need in needs], text_of(tracker))
            say(dispatcher, question.key, question.fill)
        return [SlotSet("offer", None)]


def asked_just_now(tracker: Tracker) -> bool:
    """Whether the answer to the text before this one was the very question, for the same needs."""
    earlier: list[str] = []
    before: list[str] = []
    for event in tracker.events:
        if event.get("event") == "user":
            earlier, before = before, []
        elif event.get("event") == "bot":
            before.append(str(((event.get("data") or {}).get("custom") or {}).get("reply")))
    same = read_needs(said_before(tracker)) == read_needs(text_of(tracker))
    return same and any(key.startswith("ask_place") for key in earlier)


class FindServices(ShowServices):
    """Lists what is near for the need, or tells of the one that is named."""

    called = "action_find_services"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        listed, text = tracker.get_slot("listed") or [], text_of(tracker)
        named = read_choice(text, [Listed(**one) for one in listed], names_only=True)
        if named is not None and not read_needs(text).wanted:
            return self.tell(dispatcher, tracker, listed[named]["id"])
        place, need = place_of(tracker), tracker.get_slot("need")
        if place is None or need is None:
            say(dispatcher, "ask_place_again")
            return []
        if family(need) == "health_care" and says("pain", text):
            say(dispatcher, "pain")
        return self.serve(dispatcher, tracker, place)


class MoreServices(ShowServices):
    """Lists the next few."""

    called = "action_more_services"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        place, need, listed = place_of(tracker), tracker.get_slot("need"), tracker.get_slot("listed")
        if place is None or need is None or not listed:
            say(dispatcher, "no_list")
            return []
        return self.more(dispatcher, tracker, place)


class ChooseService(ShowServices):
    """Gives the address, phone and hours of the one chosen by number or name."""

    called = "action_choose_service"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        listed = tracker.get_slot("listed")
        again = question_again(tracker, self.line)
        if again or not listed:
            say(dispatcher, again or "no_list")
            return []
        chosen = read_choice(text_of(tracker), [Listed(**one) for one in listed])
        if chosen is None:
            say(dispatcher, "which_one")
            return []
        offer = tracker.get_slot("offer")
        if offer == "closed":
            return ReportClosed(self.line).note(dispatcher, tracker, listed[chosen]["id"])
        if offer in QUESTIONS:
            return QUESTIONS[offer](self.line).answer(dispatcher, tracker, listed[chosen]["id"])
        return self.tell(dispatcher, tracker, listed[chosen]["id"])


class SetPlace(ShowServices):
    """Takes in where somebody is, and looks again if we know what for."""

    called = "action_set_place"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        place, need = place_of(tracker), tracker.get_slot("need")
        if place is None or not told_now(tracker, "place"):
            say(dispatcher, "ask_place_again")
            return []
        if need is None:
            say(dispatcher, "place_set", {"label": place.label})
            return [SlotSet("offer", None)]
        return self.serve(dispatcher, tracker, place)


class ReportClosed(ChooseService):
    """Takes in that a place was closed when somebody came, and goes on with what is next."""

    called = "action_report_closed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        listed = tracker.get_slot("listed") or []
        choice = read_choice(text_of(tracker), [Listed(**one) for one in listed])
        about = listed[choice]["id"] if choice is not None else tracker.get_slot("chosen")
        if about is None and len(listed) == 1:
            about = listed[0]["id"]
        if about is None and not listed:
            # Long after the list is forgotten: the place their check-in asks about.
            answered = take_in(self.line, dispatcher, tracker, Answer.CLOSED)
            if answered is not None:
                return answered
        if about is None:
            say(dispatcher, "ask_which_closed" if listed else "no_list")
            return [SlotSet("offer", "closed")] if listed else []
        return self.note(dispatcher, tracker, about)

    def note(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, service_at_location_id: str
    ) -> list[dict[str, Any]]:
        """Keep the report under a name that leads back to nobody, then say what else is near."""
        place, need = place_of(tracker), tracker.get_slot("need")
        with writing(self.line.engine) as session:
            conversation, zone = conversation_of(session, tracker), zone_of(tracker, self.line)
            check_ins.report(session, conversation, service_at_location_id, zone, self.line.clock())
        say(dispatcher, "closed_noted")
        if place is None or need is None:
            return [SlotSet("offer", None)]
        return self.more(dispatcher, tracker, place)


ACTIONS = (AskPlace, FindServices, MoreServices, ChooseService, SetPlace, ReportClosed)
