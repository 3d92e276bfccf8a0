"""How somebody is: fine, or not fine. The feeling first, then what can be done."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.action import LineAction, say, text_of
from bot.actions.check_in_answers import take_in
from bot.actions.check_in_changes import NOTHING_LEFT
from bot.actions.talk import OFFERS
from bot.check_ins import Answer
from bot.phrases import says


class CheckInOk(LineAction):
    """Is glad, and leaves the door open."""

    called = "action_checkin_ok"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if tracker.get_slot("offer") in OFFERS:
            # After "want me to check on you later?" it is a no.
            say(dispatcher, "no_check_in")
            return list(NOTHING_LEFT)
        # Told late, and after other things: it still answers the check-in that waits.
        answered = take_in(self.line, dispatcher, tracker, Answer.OK)
        if answered is None:
            say(dispatcher, "checkin_ok")
        return [SlotSet("offer", None)]


class CheckInNotOk(LineAction):
    """Is sorry, and offers a person, 988 or the next place."""

    called = "action_checkin_not_ok"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if says("turned_away", text_of(tracker)):
            if tracker.get_slot("listed"):
                say(dispatcher, "turned_away")
                return [SlotSet("offer", None)]
            answered = take_in(self.line, dispatcher, tracker, Answer.NO)
            if answered is not None:
                return answered
        say(dispatcher, "checkin_not_ok")
        return [SlotSet("offer", "person")]


ACTIONS = (CheckInOk, CheckInNotOk)
