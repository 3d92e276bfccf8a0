"""Outgoing texts: sent, followed, and never lost. docs/delivery.md draws their life."""

from bot.delivery.alerts import MISSED_WEBHOOKS, page
from bot.delivery.callbacks import match_parked, note_status
from bot.delivery.clock_went_back import bring_back
from bot.delivery.pace import Pace
from bot.delivery.said_at_once import see_them_left
from bot.delivery.sender import Sender
from bot.delivery.sending import Delivery
from bot.delivery.stuck import resume_stuck
from bot.delivery.together import Together
from bot.delivery.watching import Sending, not_arrived, sending
from bot.delivery.withholding import withhold_automated

__all__ = [
    "MISSED_WEBHOOKS",
    "Delivery",
    "Pace",
    "Sender",
    "Sending",
    "Together",
    "bring_back",
    "match_parked",
    "not_arrived",
    "note_status",
    "page",
    "resume_stuck",
    "see_them_left",
    "sending",
    "withhold_automated",
]
