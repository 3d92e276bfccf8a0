"""Lists of places: for one need or several, wishes in mind, and never the same list word for word."""

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import check_ins, numbers
from bot.actions.action import LineAction, before_the_text, conversation_of, place_of, say, told_now
from bot.db import reading, writing
from bot.finding import Looked, ask_first, lists, look
from bot.needs import CALL_HOME
from bot.presenting import list_fill, match_fill
from services_directory import search
from services_directory.places import Place
from services_directory.search import Match

#: The same list asked for so often: say something else.
STUCK_AFTER = 2


class ShowServices(LineAction):
    """What the actions about the directory share."""

    def serve(self, dispatcher: CollectingDispatcher, tracker: Tracker, place: Place) -> list[dict[str, Any]]:
        """One list for each need, numbered on from one to the next; then the call home if that was asked."""
        needs = tracker.get_slot("needs") or [tracker.get_slot("need")]
        directory = [need for need in needs if need != CALL_HOME] or [tracker.get_slot("need")]
        found = [self.find(tracker, need, place) for need in directory]
        again = self._again(dispatcher, tracker, place, [one for looked in found for one in looked.results])
        if again is not None:
            return again
        timezone = self.line.settings.timezone
        numbers.note_served(self.line.engine, directory, place.zip, self.line.clock(), timezone)
        events: list[dict[str, Any]] = [SlotSet(name, None) for name in ("chosen", "repeats", "offer")]
        shown: list[dict[str, str]] = []
        for looked, reply in zip(found, lists(place, found, tracker.get_slot("details")), strict=True):
            say(dispatcher, reply.key, reply.fill)
            if looked.results:
                shown += [{"id": match["id"], "name": match["name"]} for match in reply.fill["matches"]]
                events.append(SlotSet("need", looked.need))
            elif looked.results.drop:
                dropping = {"offer": "drop", "dropping": looked.results.drop, "need": looked.need}
                events += [SlotSet(name, value) for name, value in dropping.items()]
        events += [SlotSet("listed", shown or None), SlotSet("needs", directory)]
        return [*events, FollowupAction("call_home_form")] if CALL_HOME in needs else events

    def find(
        self, tracker: Tracker, need: str, place: Place, before: Sequence[dict[str, str]] = ()
    ) -> Looked:
        """What is near for a need."""
        told = [one["id"] for one in before]
        with reading(self.line.engine) as session:
            return look(session, need, place, self.line.clock(), tracker.get_slot("details"), told)

    def more(self, dispatcher: CollectingDispatcher, tracker: Tracker, place: Place) -> list[dict[str, Any]]:
        """The next few for the need of the last list, numbered on."""
        before = tracker.get_slot("listed") or []
        found = self.find(tracker, tracker.get_slot("need"), place, before).results
        if not found:
            say(dispatcher, "list_end", {"label": place.label})
            return []
        fill = list_fill(place.label, found, first_number=len(before) + 1)
        fill |= {"ask_first": ask_first(tracker.get_slot("details"), found)}
        say(dispatcher, "service_list", fill)
        shown = [{"id": match["id"], "name": match["name"]} for match in fill["matches"]]
        none = [SlotSet(name, None) for name in ("chosen", "offer", "repeats")]
        return [SlotSet("listed", [*before, *shown]), *none]

    def _again(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, place: Place, matches: Sequence[Match]
    ) -> list[dict[str, Any]] | None:
        """The list that is on their screen already, said shorter; the time after that, another way."""
        listed = tracker.get_slot("listed") or []
        now = [match.service_at_location_id for match in matches]
        moved = before_the_text(tracker, "place") != tracker.get_slot("place")
        other = moved or CALL_HOME in (tracker.get_slot("needs") or []) or told_now(tracker, "details")
        if not now or other or now != [one["id"] for one in listed]:
            return None
        repeats = (tracker.get_slot("repeats") or 0) + 1
        if repeats >= STUCK_AFTER:
            say(dispatcher, "list_stuck", {"label": place.label})
            return [SlotSet("repeats", repeats), SlotSet("offer", "person")]
        say(dispatcher, "list_again", {"label": place.label, "names": [one["name"] for one in listed]})
        return [SlotSet("repeats", repeats), SlotSet("offer", None)]

    def tell(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, service_at_location_id: str
    ) -> list[dict[str, Any]]:
        """Say where one is and how to reach it, then offer once to check in later."""
        match = self.get(tracker, service_at_location_id)
        if match is None:
            say(dispatcher, "which_one")
            return []
        say(dispatcher, "service_details", match_fill(match))
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            offers = check_ins.may_offer(session, conversation, self.line.clock())
            check_ins.ask_about(session, conversation, service_at_location_id)
        if offers:
            say(dispatcher, "offer_check_in")
        return [SlotSet("chosen", service_at_location_id), SlotSet("offer", "ladder" if offers else None)]

    def get(self, tracker: Tracker, service_at_location_id: str) -> Match | None:
        """One service as seen from the place."""
        place = place_of(tracker)
        if place is None:
            return None
        with reading(self.line.engine) as session:
            return search.get(session, service_at_location_id, place, self.line.clock())
