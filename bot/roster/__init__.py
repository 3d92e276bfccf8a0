"""Who is on call, and when: case workers, their shifts, each in its own time zone."""

from bot.roster.on_call import who_is_on_call
from bot.roster.shifts import TakenShift, remove_shift, take_shift
from bot.roster.week import read_days, read_hours, shift_words
from bot.roster.workers import add_worker, find_worker, leave, may_be_alerted, worker_of

__all__ = [
    "TakenShift",
    "add_worker",
    "find_worker",
    "leave",
    "may_be_alerted",
    "read_days",
    "read_hours",
    "remove_shift",
    "shift_words",
    "take_shift",
    "who_is_on_call",
    "worker_of",
]
