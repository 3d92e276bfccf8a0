"""A text to home instead of a call, in words the person approved, and what home answers."""

from bot.home_messages.calling_back import called_back, refuse_by_key, was_reached
from bot.home_messages.reading import Answer, Unusable, read_answer, unusable
from bot.home_messages.relaying import answer, heed
from bot.home_messages.sending import may_not_send, send
from bot.home_messages.stopping import stopped
from bot.home_messages.watching import note_lost

__all__ = [
    "Answer", "Unusable", "answer", "called_back", "heed", "may_not_send", "note_lost", "read_answer",
    "refuse_by_key", "send", "stopped", "unusable", "was_reached",
]  # fmt: skip
