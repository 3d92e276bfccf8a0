"""What one person has coming, in the pieces they think of: a text, "the morning ones"."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot import check_in_times
from bot.check_ins.coming import coming
from bot.check_ins.wishes import means_all, means_last, means_series, parts_of_day
from bot.errors import TimeNotUnderstood
from bot.local_time import minutes_of
from bot.models import CheckIn, CheckInKind, CheckInSeries, CheckInState, Conversation

#: Texts before these hours are "the morning ones", "the afternoon ones"; after them "the night ones".
_NOON, _EVENING = 12, 17


@dataclass
class Group:
    """One check-in, or those of one series that are still to come, the soonest first."""

    series: CheckInSeries | None
    check_ins: list[CheckIn] = field(default_factory=list)
    #: Only some of the series: what is done to it leaves the rest as it is.
    cut_out: bool = False

    @property
    def first(self) -> CheckIn:
        return self.check_ins[0]

    @property
    def paused(self) -> bool:
        return self.first.state == CheckInState.PAUSED

    def on(self, day: date) -> "Group | None":
        """What of it falls on a day: one text of a series is cut out of it."""
        there = [one for one in self.check_ins if one.due_at.astimezone(ZoneInfo(one.timezone)).date() == day]
        if not there:
            return None
        return self if len(there) == len(self.check_ins) else Group(self.series, there, cut_out=True)

    @property
    def made(self) -> tuple[datetime, int]:
        """When it was promised."""
        return self.first.created_at, max(one.id for one in self.check_ins)

    def fill(self) -> dict[str, Any]:
        """What a reply needs to put it into words (bot/replies/check_in_words.py)."""
        first, last = self.first, self.check_ins[-1]
        series = self.series
        kind = "once"
        if series is not None and len(self.check_ins) > 1:
            kind = "ladder" if series.kind == CheckInKind.REFERRAL else "series"
        return {
            "kind": kind,
            "due_at": first.due_at.isoformat(),
            "last_at": last.due_at.isoformat(),
            "timezone": first.timezone,
            "rrule": series.rrule if series else None,
            "minutes": series.local_time if series else None,
            "count": len(self.check_ins),
            "paused": self.paused,
        }


def groups(session: Session, conversation: Conversation) -> list[Group]:
    """Everything to come for one person, the soonest first; what is paused comes last."""
    found: dict[int, Group] = {}
    alone: list[Group] = []
    for check_in in coming(session, conversation):
        if check_in.series_id is None:
            alone.append(Group(None, [check_in]))
            continue
        if check_in.series_id not in found:
            found[check_in.series_id] = Group(session.get_one(CheckInSeries, check_in.series_id))
        found[check_in.series_id].check_ins.append(check_in)
    return sorted([*alone, *found.values()], key=lambda one: (one.paused, one.first.due_at))


def meant(some: Sequence[Group], text: str, now: datetime) -> list[Group] | None:
    """Those that a text picks out: all, the last promised, by hour, by day, by part of the day.

    Of a series picked out by a day it is that day's text alone. None when the text does not say which.
    """
    if means_all(text):
        return list(some)
    if means_last(text):
        return [max(some, key=lambda one: one.made)] if some else []
    parts, again, said = parts_of_day(text), means_series(text), _said(text, now, some)
    if said is not None and said.clock:
        return [one for one in some if any(_at(each, said) for each in one.check_ins)]
    if again:
        return [one for one in some if one.series and (not parts or _part(one.first) in parts)]
    if said is not None and said.day is not None:
        return list(filter(None, (one.on(said.day) for one in some)))
    if parts:
        return [one for one in some if any(_part(each) in parts for each in one.check_ins)]
    return None


def points_at(some: Sequence[Group], text: str, now: datetime) -> bool:
    """Whether a text picks some of them out by hour, day or part of the day."""
    return not means_last(text) and bool(meant(some, text, now))


def _said(text: str, now: datetime, some: Sequence[Group]) -> check_in_times.Said | None:
    if not some:
        return None
    local = now.astimezone(ZoneInfo(some[0].first.timezone))
    try:
        return check_in_times.said_in(check_in_times.plain(text), local)
    except TimeNotUnderstood:
        return None


def _at(check_in: CheckIn, clock: check_in_times.Said) -> bool:
    local = check_in.due_at.astimezone(ZoneInfo(check_in.timezone))
    minutes = (clock.hour or 0) * 60 + clock.minute
    here = minutes_of(local)
    return here == minutes or (not clock.half_said and here % (12 * 60) == minutes % (12 * 60))


def _part(check_in: CheckIn) -> str:
    hour = check_in.due_at.astimezone(ZoneInfo(check_in.timezone)).hour
    return "morning" if hour < _NOON else "afternoon" if hour < _EVENING else "night"
