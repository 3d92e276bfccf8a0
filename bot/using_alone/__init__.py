"""Timers for people who use alone: asked for, kept to the second, and escalated when nobody answers.

A timer is no spotter and the line says so first: it cannot see whether somebody breathes.
"""

from bot.using_alone.ending import call_ended, escalate, settle
from bot.using_alone.hearing import hear, read_minutes
from bot.using_alone.ladder import ladder
from bot.using_alone.starting import Wanted, live, start
from bot.using_alone.stepping import step, step_overdue

__all__ = [
    "Wanted",
    "call_ended",
    "escalate",
    "hear",
    "ladder",
    "live",
    "read_minutes",
    "settle",
    "start",
    "step",
    "step_overdue",
]
