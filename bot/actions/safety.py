"""How somebody is: using alone, fine, or not fine. The feeling first, then what can be done."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.action import LineAction, say, text_of
from bot.actions.hearing import says


class UsingAlone(LineAction):
    """Says first that it cannot watch, then who can; a text later is only an extra (docs/safety.md)."""

    called = "action_using_alone"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        say(dispatcher, "using_alone")
        say(dispatcher, "using_alone_check_in")
        return [SlotSet("offer", "check_in")]


class CheckInOk(LineAction):
    """Is glad, and leaves the door open."""

    called = "action_checkin_ok"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        # After "want me to check on you later?" it is a no.
        say(dispatcher, "no_check_in" if tracker.get_slot("offer") == "check_in" else "checkin_ok")
        return [SlotSet("offer", None)]


class CheckInNotOk(LineAction):
    """Is sorry, and offers a person, 988 or the next place."""

    called = "action_checkin_not_ok"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if tracker.get_slot("listed") and says("turned_away", text_of(tracker)):
            say(dispatcher, "turned_away")
            return [SlotSet("offer", None)]
        say(dispatcher, "checkin_not_ok")
        return [SlotSet("offer", "person")]


ACTIONS = (UsingAlone, CheckInOk, CheckInNotOk)
