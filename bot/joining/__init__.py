"""Case workers in conversations: take over, write, hand over, give back (docs/joining.md)."""

from bot.joining.closing import close, reopen
from bot.joining.counting import Count, count
from bot.joining.ending import give_back, hand_over
from bot.joining.hearing import has, hear, is_left_to_worker, leave_to_worker
from bot.joining.noticing import Notice, notice_seen, notices
from bot.joining.returning import bring_back, return_unanswered
from bot.joining.sending import Written, send
from bot.joining.taking import Patience, take_over, taken_by

__all__ = [
    "Count",
    "Notice",
    "Patience",
    "Written",
    "bring_back",
    "close",
    "count",
    "give_back",
    "hand_over",
    "has",
    "hear",
    "is_left_to_worker",
    "leave_to_worker",
    "notice_seen",
    "notices",
    "reopen",
    "return_unanswered",
    "send",
    "take_over",
    "taken_by",
]
