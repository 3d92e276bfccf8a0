"""Check-ins that stand: listed, moved, paused, resumed and taken back."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import calls, check_ins
from bot.actions.action import LineAction, conversation_of, message_id_of, say, text_of
from bot.actions.calls import hang_up
from bot.check_ins import Wish
from bot.db import writing

#: What a dialogue keeps while a check-in is being made or changed.
SLOTS = ("check_in_at", "check_in_series", "check_in_pending", "offer")
NOTHING_LEFT = [SlotSet(name, None) for name in SLOTS]


class ChangeCheckIns(LineAction):
    """Lists, moves, pauses, resumes or takes back what is promised, as the text says."""

    called = "action_change_check_ins"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        text = text_of(tracker)
        wish = check_ins.read_wish(text) or (Wish.CANCEL if check_ins.means_last(text) else Wish.LIST)
        return self.obey(dispatcher, tracker, wish, text, None)

    def obey(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        wish: Wish,
        text: str,
        chosen: list[int] | None,
    ) -> list[dict[str, Any]]:
        """Do it and say it; when the text does not say which of several, the question is kept."""
        with writing(self.line.engine) as session:
            done = check_ins.obey(
                session,
                conversation_of(session, tracker),
                wish,
                text,
                self.line.clock(),
                message_id_of(tracker),
                chosen=chosen,
            )
        for reply in done.replies:
            say(dispatcher, reply.key, reply.fill)
        pending = dict(done.pending) if done.pending else None
        return [
            SlotSet("check_in_at", None),
            SlotSet("check_in_series", None),
            SlotSet("check_in_pending", pending),
            SlotSet("offer", "which_check_in" if pending else None),
        ]


class ChooseCheckIn(ChangeCheckIns):
    """Does what was asked, to the one picked by number."""

    called = "action_choose_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        pending = tracker.get_slot("check_in_pending")
        chosen = check_ins.choose(pending, text_of(tracker))
        return self.obey(dispatcher, tracker, Wish(pending["wish"]), pending["text"], chosen)


class CancelCheckIn(ChangeCheckIns):
    """Takes back what is promised: a check-in, or else a call that is going on ("cancel that")."""

    called = "action_cancel_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        with writing(self.line.engine) as session:
            conversation = conversation_of(session, tracker)
            some = check_ins.groups(session, conversation)
            going = [] if some else calls.going(session, conversation)
            ringing = calls.take_back(session, conversation, self.line.clock()) if going else []
        if going:
            hang_up(self.line, ringing)
            say(dispatcher, "call_canceled")
            return NOTHING_LEFT
        return self.obey(dispatcher, tracker, Wish.CANCEL, text_of(tracker), None)
