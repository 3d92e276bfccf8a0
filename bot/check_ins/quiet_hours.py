"""The hours in which nobody is texted unasked, where they are."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.check_ins.terms import terms
from bot.local_time import instant, minutes_of


def quiet(at: datetime, timezone: str) -> bool:
    """Whether an instant falls into the quiet hours of a zone."""
    minutes = minutes_of(at.astimezone(ZoneInfo(timezone)))
    return not terms().quiet_until <= minutes < terms().quiet_from


def next_allowed(at: datetime, timezone: str, seed: int) -> datetime:
    """The instant itself, or the next morning when it falls into the quiet hours.

    Mornings are spread by `seed` (the conversation): not everybody's text leaves at eight sharp.
    """
    if not quiet(at, timezone):
        return at
    local = at.astimezone(ZoneInfo(timezone))
    over = minutes_of(local) >= terms().quiet_from
    return instant(local.date() + timedelta(days=over), terms().quiet_until + spread(seed), timezone)


def nearest(minutes: int, seed: int) -> int:
    """A time of day brought into the hours that are not quiet, on the same day."""
    if minutes < terms().quiet_until:
        return terms().quiet_until + spread(seed)
    if minutes >= terms().quiet_from:
        return terms().quiet_from - 1 - spread(seed)
    return minutes


def spread(seed: int) -> int:
    """So many minutes after the hour."""
    return seed % terms().spread_minutes
