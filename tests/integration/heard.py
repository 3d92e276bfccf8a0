"""A text taken in and answered, with a dialogue model that only listens."""

from datetime import timedelta

import pytest

from bot.db import writing
from bot.errors import DialogueUnavailable
from bot.intake import InboundText, receive
from bot.models import MessageState
from bot.turn import Turn
from tests.integration.call_world import HOME


class Dialogue:
    """A dialogue model that only listens, or is away."""

    def __init__(self):
        self.asked = []
        self.away = False

    def ask(self, conversation, text, message_id):
        if self.away:
            raise DialogueUnavailable
        self.asked.append(text)
        return []

    def already_said(self, conversation, message_id):
        return None

    def ready(self):
        return True


@pytest.fixture
def heard(call_world):
    """Takes in a text of a number and answers it; returns the keys of what that number is told."""
    model = Dialogue()
    numbers = iter(range(1, 1000))

    def hear(body, number=HOME):
        told = len(call_world.texts(number))
        line = call_world.line
        sid = f"SM{next(numbers):032x}"
        with writing(line.engine) as session:
            reception = receive(session, InboundText(sid, number, body), call_world.now(), line.durably)
        if reception.state == MessageState.RECEIVED:
            Turn(line.engine, model, line.durably, call_world.now).answer(reception.message_id)
        call_world.later += timedelta(seconds=5)
        return call_world.texts(number)[told:]

    hear.dialogue = model
    return hear
