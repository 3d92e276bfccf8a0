"""The second net: what triage did not see and the classifier took for a crisis."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot import emergencies
from bot.actions.action import LineAction, confidence_of, conversation_of, say
from bot.bootstrap import Line
from bot.db import reading

#: So sure a classifier is seldom wrong about it (docs/understanding.md); below, the question costs nothing.
SURE = 0.8


def what_to_say(line: Line, tracker: Tracker) -> str:
    """The crisis words when sure, else "are you safe right now?", else (asked already) who to call.

    The turn acts on the first two (bot/turn.py): it opens an incident, or remembers that it asked.
    """
    if confidence_of(tracker) >= SURE:
        return emergencies.CRISIS_WORDS
    with reading(line.engine) as session:
        may_ask = emergencies.may_ask(conversation_of(session, tracker), line.clock())
    return emergencies.ARE_YOU_SAFE if may_ask else "crisis"


class Crisis(LineAction):
    """Gives the crisis words, or asks whether they are safe."""

    called = "action_crisis"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        say(dispatcher, what_to_say(self.line, tracker))
        return []


ACTIONS = (Crisis,)
