"""Food, treatment and the rest: where, what is near, which one, what else."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.action import LineAction, asks_again, place_of, say, since_the_text, text_of
from bot.actions.choosing import Listed, read_choice
from bot.actions.reading import question_again, zone_of
from bot.db import reading, writing
from bot.presenting import list_fill, match_fill
from services_directory import search
from services_directory.places import Place
from services_directory.search import Match
from services_directory.verification import report_closed

SHOWN_AT_ONCE = 3
ASKED_BY_NEED = {"food", "treatment", "shelter"}


class AskPlace(LineAction):
    """Asks where, in words that fit the need."""

    called = "action_ask_place"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if not asks_again(tracker):
            return []
        need = tracker.get_slot("need")
        say(dispatcher, f"ask_place_{need}" if need in ASKED_BY_NEED else "ask_place_other")
        return [SlotSet("offer", None)]


class FindServices(LineAction):
    """Lists what is near for the need."""

    called = "action_find_services"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        listed = tracker.get_slot("listed") or []
        named = read_choice(text_of(tracker), [Listed(**one) for one in listed], names_only=True)
        if named is not None:
            return self.tell(dispatcher, tracker, listed[named]["id"])
        place, need = place_of(tracker), tracker.get_slot("need")
        if place is None or need is None:
            say(dispatcher, "ask_place_again")
            return []
        return self.show(dispatcher, need, place, [])

    def show(
        self, dispatcher: CollectingDispatcher, need: str, place: Place, before: Sequence[dict[str, str]]
    ) -> list[dict[str, Any]]:
        """Say the next few after those shown before, numbered on."""
        told = [one["id"] for one in before]
        with reading(self.line.engine) as session:
            found = search.find(session, need, place, self.line.clock(), limit=SHOWN_AT_ONCE, beyond=told)
            nearer_than = None
            if found.next_miles is not None:
                # Nothing within reach: what is farther is still better than nothing, said as such.
                nearer_than = found.radius_miles
                found = search.find(
                    session,
                    need,
                    place,
                    self.line.clock(),
                    limit=SHOWN_AT_ONCE,
                    radius_miles=search.FARTHEST_MILES,
                )
        if not found:
            none = "nothing_found" if found.covered else "nothing_around"
            say(dispatcher, "list_end" if before else none, {"label": place.label})
            return [] if before else [SlotSet("listed", None), SlotSet("offer", None)]
        listed = list_fill(place.label, found, first_number=len(before) + 1, radius_miles=nearer_than)
        say(dispatcher, "service_list", listed)
        shown = [{"id": match["id"], "name": match["name"]} for match in listed["matches"]]
        return [SlotSet("listed", [*before, *shown]), SlotSet("chosen", None), SlotSet("offer", None)]

    def tell(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, service_at_location_id: str
    ) -> list[dict[str, Any]]:
        """Say where one is and how to reach it, then offer to check in later."""
        match = self.get(tracker, service_at_location_id)
        if match is None:
            say(dispatcher, "which_one")
            return []
        say(dispatcher, "service_details", match_fill(match))
        say(dispatcher, "offer_check_in")
        return [SlotSet("chosen", service_at_location_id), SlotSet("offer", "check_in")]

    def get(self, tracker: Tracker, service_at_location_id: str) -> Match | None:
        """One service as seen from the place."""
        place = place_of(tracker)
        if place is None:
            return None
        with reading(self.line.engine) as session:
            return search.get(session, service_at_location_id, place, self.line.clock())


class MoreServices(FindServices):
    """Lists the next few."""

    called = "action_more_services"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        place, need, listed = place_of(tracker), tracker.get_slot("need"), tracker.get_slot("listed")
        if place is None or need is None or not listed:
            say(dispatcher, "no_list")
            return []
        return self.show(dispatcher, need, place, listed)


class ChooseService(FindServices):
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
        if tracker.get_slot("offer") == "closed":
            return ReportClosed(self.line).note(dispatcher, tracker, listed[chosen]["id"])
        return self.tell(dispatcher, tracker, listed[chosen]["id"])


class Hours(ChooseService):
    """Repeats the hours of the one chosen, or says how to get them."""

    called = "action_hours"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        listed = tracker.get_slot("listed") or []
        chosen = read_choice(text_of(tracker), [Listed(**one) for one in listed])
        about = listed[chosen]["id"] if chosen is not None else tracker.get_slot("chosen")
        match = self.get(tracker, about) if about else None
        if match is None:
            say(dispatcher, "hours_unsure")
            return []
        say(dispatcher, "service_details", match_fill(match))
        return [SlotSet("chosen", about)]


class SetPlace(FindServices):
    """Takes in where somebody is, and looks again if we know what for."""

    called = "action_set_place"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        read_now = any(
            event.get("event") == "slot" and event.get("name") == "place" for event in since_the_text(tracker)
        )
        place, need = place_of(tracker), tracker.get_slot("need")
        if place is None or not read_now:
            say(dispatcher, "ask_place_again")
            return []
        if need is None:
            say(dispatcher, "place_set", {"label": place.label})
            return [SlotSet("offer", None)]
        return self.show(dispatcher, need, place, [])


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
        if about is None:
            say(dispatcher, "ask_which_closed" if listed else "no_list")
            return [SlotSet("offer", "closed")] if listed else []
        return self.note(dispatcher, tracker, about)

    def note(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, service_at_location_id: str
    ) -> list[dict[str, Any]]:
        """Keep the report under a name that leads back to nobody, then say what else is near."""
        key = self.line.settings.secret_key.encode()[:64]
        reporter = blake2b(tracker.sender_id.encode(), key=key, digest_size=16).hexdigest()
        place, need, listed = place_of(tracker), tracker.get_slot("need"), tracker.get_slot("listed") or []
        with writing(self.line.engine) as session:
            on = self.line.clock().astimezone(ZoneInfo(zone_of(tracker, self.line))).date()
            report_closed(session, service_at_location_id, reporter, on)
        say(dispatcher, "closed_noted")
        if place is None or need is None:
            return [SlotSet("offer", None)]
        return self.show(dispatcher, need, place, listed)


ACTIONS = (AskPlace, FindServices, MoreServices, ChooseService, Hours, SetPlace, ReportClosed)
