"""A text to home: the words, said back whole, a yes, sent."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot import home_messages
from bot.actions.action import LineAction, asks_again, conversation_of, message_id_of, say, text_of
from bot.actions.calls import forget_home
from bot.actions.home_reading import given_name, words_of
from bot.db import writing
from bot.presenting import phone_words


class AskHomeMessage(LineAction):
    """Asks what to say."""

    called = "action_ask_home_message"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if asks_again(tracker):
            say(dispatcher, "ask_home_message", {"number": phone_words(tracker.get_slot("home_number"))})
        return []


class AskMessageConfirmed(LineAction):
    """Shows all that home would read, and asks for a yes."""

    called = "action_ask_message_confirmed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if asks_again(tracker):
            fill = {"name": given_name(tracker), "words": words_of(tracker, self.line)}
            say(dispatcher, "ask_message_confirmed", fill)
        return []


class SendMessageHome(LineAction):
    """Sends it."""

    called = "action_send_message_home"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        words = words_of(tracker, self.line)
        with writing(self.line.engine) as session:
            done = home_messages.send(
                session,
                conversation_of(session, tracker),
                str(tracker.get_slot("home_number")),
                words,
                text_of(tracker),
                message_id_of(tracker),
                self.line.clock(),
                self.line.durably,
                self.line.call_limits,
                name=given_name(tracker),
            )
        say(dispatcher, done)
        return forget_home()


class CancelMessageHome(LineAction):
    """Takes a no."""

    called = "action_cancel_message_home"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        say(dispatcher, "message_none")
        return forget_home()


ACTIONS = (AskHomeMessage, AskMessageConfirmed, SendMessageHome, CancelMessageHome)
