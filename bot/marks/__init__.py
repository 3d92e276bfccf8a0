"""What is marked beside a conversation: a person is needed, tags, notes, who looks after it, how far read."""

from bot.marks.assigning import assign
from bot.marks.doing import Did, did
from bot.marks.needing import need_person, needed, settle
from bot.marks.notes import add_note
from bot.marks.reading_on import read_up_to, seen_up_to
from bot.marks.tags import add_tag, every_tag, remove_tag, tags_of
from bot.marks.waiting import wait

__all__ = [
    "Did",
    "add_note",
    "add_tag",
    "assign",
    "did",
    "every_tag",
    "need_person",
    "needed",
    "read_up_to",
    "remove_tag",
    "seen_up_to",
    "settle",
    "tags_of",
    "wait",
]
