"""Emergencies: opened, escalated along the roster until somebody takes them, over, closed."""

from bot.incidents.answers import answer
from bot.incidents.ladder import change as change_escalation
from bot.incidents.ladder import current as current_escalation
from bot.incidents.leaving import left
from bot.incidents.listing import Happening, open_incidents, outcomes, past_incidents, resolve, timeline
from bot.incidents.opening import WRITTEN, gone_quiet, open_incident, open_of
from bot.incidents.reaching import call_ended
from bot.incidents.record import Happened, record
from bot.incidents.stepping import step, step_overdue
from bot.incidents.taking import acknowledge, close, over, person_answered, take_call
from bot.incidents.watching import NotTaken, not_taken

__all__ = [
    "WRITTEN",
    "Happened",
    "Happening",
    "NotTaken",
    "acknowledge",
    "answer",
    "call_ended",
    "change_escalation",
    "close",
    "current_escalation",
    "gone_quiet",
    "left",
    "not_taken",
    "open_incident",
    "open_incidents",
    "open_of",
    "outcomes",
    "over",
    "past_incidents",
    "person_answered",
    "record",
    "resolve",
    "step",
    "step_overdue",
    "take_call",
    "timeline",
]
