"""Numbers that supervisors look at: counted by day, told without small cells."""

from bot.numbers.counting import count_days
from bot.numbers.measures import Measure
from bot.numbers.reporting import RANGES, Breakdown, ByDay, Report, report
from bot.numbers.served import note_served
from bot.numbers.suppressing import FEWEST_TOLD, Told, suppressed

__all__ = [
    "FEWEST_TOLD",
    "RANGES",
    "Breakdown",
    "ByDay",
    "Measure",
    "Report",
    "Told",
    "count_days",
    "note_served",
    "report",
    "suppressed",
]
