"""Is it open, until when, when does it open next: from schedules or weekday rows, in the place's own zone."""

from services_directory.hours.openings import Opening, week_masks, weekly_openings
from services_directory.hours.state import OpenKind, OpenState, state, state_of_week

__all__ = [
    "OpenKind",
    "OpenState",
    "Opening",
    "state",
    "state_of_week",
    "week_masks",
    "weekly_openings",
]
