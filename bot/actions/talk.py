"""Hello, a person please, and the honest answer to what was not understood."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import check_ins, marks
from bot.actions.action import (
    LineAction,
    conversation_of,
    place_of,
    requested,
    said_before,
    say,
    text_of,
    told_now,
)
from bot.actions.check_ins import PromiseLadder, PromiseSeries
from bot.actions.choosing import Listed, read_choice
from bot.actions.directory import FindServices
from bot.actions.reading import question_again
from bot.bootstrap import Line
from bot.db import reading, writing
from bot.models import Reason
from services_directory.places import Place

#: Check-ins that a yes sets up.
AGREED_TO: dict[str, type[LineAction]] = {"ladder": PromiseLadder, "check_in_series": PromiseSeries}
#: Offers of a check-in, that a no declines.
OFFERS = {"check_in", *AGREED_TO}


class Greet(LineAction):
    """Says hello back with the three offers."""

    called = "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        # Said twice, the shorter one.
        say(dispatcher, "menu" if said_before(tracker) == text_of(tracker) else "greet")
        return [SlotSet("offer", None)]


class TalkToPerson(LineAction):
    """Marks the conversation for a case worker, and gives numbers that answer now."""

    called = "action_talk_to_person"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            conversation.person_asked_for_at = conversation.person_asked_for_at or self.line.clock()
            marks.need_person(session, conversation.id, Reason.ASKED, self.line.clock())
        say(dispatcher, "talk_to_person")
        return [SlotSet("offer", None)]


class Affirm(TalkToPerson):
    """Takes a yes to what was offered last."""

    called = "action_affirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        offer = tracker.get_slot("offer")
        if offer == "check_in" or (offer == "ladder" and told_now(tracker, "check_in_at")):
            return [SlotSet("offer", None), FollowupAction("check_in_form")]
        if offer in AGREED_TO:
            done: list[dict[str, Any]] = await AGREED_TO[offer](self.line).run(dispatcher, tracker, domain)
            return done
        if offer == "timer":
            return [SlotSet("offer", None), FollowupAction("using_alone_form")]
        if offer == "person":
            return await super().run(dispatcher, tracker, domain)
        place = place_of(tracker)
        if offer == "drop" and place:
            return self.without_the_wish(dispatcher, tracker, place)
        say(dispatcher, "checkin_ok" if asked_how_they_are(self.line, tracker) else "ok_yes")
        return []

    def without_the_wish(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, place: Place
    ) -> list[dict[str, Any]]:
        """Look again without the wish that stood in the way."""
        details = {**(tracker.get_slot("details") or {}), tracker.get_slot("dropping"): None}
        tracker.slots |= {"details": details, "listed": None}
        return [SlotSet("details", details), *FindServices(self.line).serve(dispatcher, tracker, place)]


class Deny(LineAction):
    """Takes a no to what was offered last."""

    called = "action_deny"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if asked_how_they_are(self.line, tracker):
            say(dispatcher, "checkin_not_ok")
            return [SlotSet("offer", "person")]
        offer = tracker.get_slot("offer")
        if offer == "timer":
            say(dispatcher, "alone_none")
        else:
            say(dispatcher, "no_check_in" if offer in OFFERS else "ok_no")
        return [SlotSet("offer", None)]


def asked_how_they_are(line: Line, tracker: Tracker) -> bool:
    """Whether a yes or a no answers a check-in: it may come long after everything else is forgotten."""
    with reading(line.engine) as session:
        return check_ins.just_asked(session, conversation_of(session, tracker))


class NotUnderstood(FindServices):
    """Asks again, about what was asked if anything was; the second time offers a person or 211."""

    called = "action_not_understood"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        listed = tracker.get_slot("listed") or []
        named = read_choice(text_of(tracker), [Listed(**one) for one in listed])
        if named is not None and not requested(tracker):
            return self.tell(dispatcher, tracker, listed[named]["id"])
        misses = (tracker.get_slot("misses") or 0) + 1
        if misses > 1:
            with writing(self.line.engine) as session:
                conversation = conversation_of(session, tracker)
                marks.need_person(session, conversation.id, Reason.NOT_UNDERSTOOD, self.line.clock())
            say(dispatcher, "not_understood_second")
            return [SlotSet("misses", misses), SlotSet("offer", "person")]
        say(dispatcher, question_again(tracker, self.line) or "not_understood_first")
        return [SlotSet("misses", misses)]


ACTIONS = (Greet, TalkToPerson, Affirm, Deny, NotUnderstood)
