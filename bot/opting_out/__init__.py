"""Wishes for silence: read, written down, and looked at by people."""

from bot.opting_out.noting import note, undo
from bot.opting_out.reading import asks_for_silence, how, is_keyword
from bot.opting_out.reviewing import ToReview, count_to_review, reviewed, to_review

__all__ = [
    "ToReview",
    "asks_for_silence",
    "count_to_review",
    "how",
    "is_keyword",
    "note",
    "reviewed",
    "to_review",
    "undo",
]
