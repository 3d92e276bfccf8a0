"""Check-ins that keep their word: promised, kept once, moved, taken back, and their answers used.

docs/check-ins.md says what each does.
"""

from bot.check_ins.answers import Answer, answered_by, awaiting, hear_after_silence, read_answer
from bot.check_ins.following_up import NOTHING, ROSTER
from bot.check_ins.groups import groups, points_at
from bot.check_ins.holding import hold_back
from bot.check_ins.keeping import keep
from bot.check_ins.obeying import Obeyed, another_hour, choose, names_a_time, obey
from bot.check_ins.offering import ask_about, may_offer
from bot.check_ins.promising import promise
from bot.check_ins.recurrence import read_recurrence, read_recurrence_or_none
from bot.check_ins.saying import just_asked, just_promised
from bot.check_ins.series import (
    Agreed,
    Recurrence,
    at_another_hour,
    days_of_series,
    promise_ladder,
    promise_series,
)
from bot.check_ins.sweeping import DueCheckIns, look_after, release_held
from bot.check_ins.taking_in import TakenIn, report, take_in
from bot.check_ins.wishes import (
    Wish,
    asks_for_text,
    means_last,
    names_check_in,
    read_wish,
    tells_of_silence,
)
from bot.check_ins.without_dialogue import answer_without_dialogue

__all__ = [
    "NOTHING", "ROSTER", "Agreed", "Answer", "DueCheckIns", "Obeyed", "Recurrence", "TakenIn", "Wish",
    "another_hour",
    "answer_without_dialogue", "answered_by", "ask_about", "asks_for_text", "at_another_hour", "awaiting",
    "choose", "days_of_series", "groups", "hear_after_silence", "hold_back", "just_asked", "just_promised",
    "keep", "look_after", "may_offer", "means_last", "names_a_time", "names_check_in", "obey", "points_at",
    "promise", "promise_ladder", "promise_series", "read_answer", "read_recurrence",
    "read_recurrence_or_none", "read_wish", "release_held", "report", "take_in", "tells_of_silence",
]  # fmt: skip
