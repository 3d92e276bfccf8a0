"""Wishes about the line itself: stop, start over, another language; and what was told without a need."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import consent
from bot.actions.action import (
    LineAction,
    confidence_of,
    conversation_of,
    intent_of,
    said_so_far,
    say,
    text_of,
)
from bot.actions.hearing import clearly_stop
from bot.db import writing
from bot.language import named, wished
from bot.models import OptOutBy

#: What a dialogue keeps of needs, forgotten by "start again".
OF_NEEDS = ("need", "needs", "details", "place", "listed", "chosen", "repeats", "dropping", "misses", "offer")
#: So sure must Rasa be to end texts on words that no pattern knows; less is answered with the word to send.
SURE = 0.9


class Stop(LineAction):
    """Obeys "stop texting me" as it obeys STOP, if it can mean nothing else; else says what STOP does."""

    called = "action_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        sure = intent_of(tracker) == "stop" and confidence_of(tracker) >= SURE
        if not (clearly_stop(text_of(tracker)) or sure):
            say(dispatcher, "stop_how")
            return [SlotSet("offer", None)]
        with writing(self.line.engine) as session:
            person = conversation_of(session, tracker).person
            consent.opt_out(session, person, self.line.clock(), OptOutBy.WORDS, durably=self.line.durably)
        say(dispatcher, consent.CONFIRMATION)
        return [SlotSet(name, None) for name in OF_NEEDS]


class Start(LineAction):
    """Begins again: what was asked for so far is put aside."""

    called = "action_start"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        say(dispatcher, "welcome_back")
        return [SlotSet(name, None) for name in OF_NEEDS]


class ChangeLanguage(LineAction):
    """Takes up the language asked for (bot/intake.py has, if it knew the words) or asks which."""

    called = "action_change_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        language = wished(text_of(tracker)) or named(text_of(tracker))
        if language is None:
            say(dispatcher, "language_which")
            return []
        with writing(self.line.engine) as session:
            person = conversation_of(session, tracker).person
            person.language, person.language_asked_at = language, self.line.clock()
        say(dispatcher, "language_set")
        return []


class NoteDetails(LineAction):
    """Takes note of an age or a wish said before any need."""

    called = "action_note_details"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        say(dispatcher, "menu" if said_so_far(tracker) else "details_noted")
        return [SlotSet("offer", None)]


ACTIONS = (Stop, Start, ChangeLanguage, NoteDetails)
