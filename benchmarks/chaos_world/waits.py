"""How long each text waited for the first words said to it, by the simulator's own dates."""

from datetime import datetime

from sqlalchemy import select

from benchmarks.chaos_world.books import ANSWERS
from benchmarks.chaos_world.journal import texts
from bot.bootstrap import Line
from bot.db import reading
from bot.models import Direction, Message
from tests.e2e.running_line import RunningLine


def waits(running: RunningLine, line: Line) -> list[float]:
    """Seconds, in the order of the texts; emergencies and texts that got no answer of their own are left out.

    An emergency's words are in the webhook's own answer: its wait is the webhook's.
    """
    return [(answered - sent).total_seconds() for sent, answered in answered_texts(running, line)]


def answered_texts(running: RunningLine, line: Line) -> list[tuple[datetime, datetime]]:
    """When each text was sent and when the first words said to it were there, in the order of the texts."""
    at = {text["message_sid"]: datetime.fromisoformat(text["at"]) for text in texts(running)}
    said: dict[str, datetime] = {}
    found = []
    with reading(line.engine) as session:
        out = select(Message.cause, Message.message_sid).where(Message.direction == Direction.OUT)
        for cause, sid in session.execute(out):
            if cause and sid in at:
                said[cause] = min(at[sid], said.get(cause, at[sid]))
        asked = select(Message.id, Message.message_sid).where(Message.direction == Direction.IN)
        for row_id, sid in session.execute(asked.order_by(Message.id)):
            answers = [said[cause] for kind in ANSWERS if (cause := f"{kind}-{row_id}") in said]
            if answers and sid in at:
                found.append((at[sid], min(answers)))
    return found
