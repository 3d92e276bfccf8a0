"""The answer to "Did you get in?": noted, and used at once for the next place or a person."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import check_ins
from bot.actions.action import LineAction, conversation_of, intent_of, place_slot, say, text_of
from bot.bootstrap import Line
from bot.check_ins import Answer, TakenIn
from bot.db import writing


class AnswerCheckIn(LineAction):
    """Takes in an answer that came right after the question."""

    called = "action_answer_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        answer = check_ins.read_answer(text_of(tracker), intent_of(tracker))
        answered = take_in(self.line, dispatcher, tracker, answer) if answer else None
        if answered is None:
            say(dispatcher, "menu")
            return []
        return answered


def take_in(
    line: Line, dispatcher: CollectingDispatcher, tracker: Tracker, answer: Answer
) -> list[dict[str, Any]] | None:
    """Use an answer to the newest check-in that waits for one; None when none waits."""
    now = line.clock()
    with writing(line.engine) as session:
        conversation = conversation_of(session, tracker)
        check_in = check_ins.awaiting(session, conversation, now)
        if check_in is None:
            return None
        taken = check_ins.take_in(session, conversation, check_in, answer, now, line.durably)
    for reply in taken.replies:
        say(dispatcher, reply.key, reply.fill)
    return _slots(taken, answer)


def _slots(taken: TakenIn, answer: Answer) -> list[dict[str, Any]]:
    if taken.next is None:
        # A yes after "want to talk to someone?" is a yes to a person.
        return [SlotSet("offer", "person" if answer in {Answer.NO, Answer.HELP} else None)]
    told: Any = taken.next.fill["matches"]
    return [
        SlotSet("place", place_slot(taken.next.place)),
        SlotSet("need", taken.next.need),
        SlotSet("needs", [taken.next.need]),
        SlotSet("listed", [{"id": one["id"], "name": one["name"]} for one in told]),
        *[SlotSet(name, None) for name in ("chosen", "repeats", "offer", "misses")],
    ]
