"""Calls: a call home (ring the person, then, on their keypress, home), and rings no text asked for."""

from bot.calls.ending import close_answers, ended_unwanted, home_ended
from bot.calls.limits import CallLimits
from bot.calls.outcomes import outcome_of
from bot.calls.progress import advance, find, is_over, note_facts, note_over
from bot.calls.refusing import refuse, refused
from bot.calls.requesting import (
    Asked,
    for_person,
    from_inbound,
    going,
    last_home,
    request,
    request_voicemail,
    ring,
    start_due,
    take_back,
)
from bot.calls.settling import resume_stuck, unsettled
from bot.calls.whom import UNFIT, problem

__all__ = [
    "UNFIT",
    "Asked",
    "CallLimits",
    "advance",
    "close_answers",
    "ended_unwanted",
    "find",
    "for_person",
    "from_inbound",
    "going",
    "home_ended",
    "is_over",
    "last_home",
    "note_facts",
    "note_over",
    "outcome_of",
    "problem",
    "refuse",
    "refused",
    "request",
    "request_voicemail",
    "resume_stuck",
    "ring",
    "start_due",
    "take_back",
    "unsettled",
]
