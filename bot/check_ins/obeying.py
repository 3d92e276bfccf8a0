"""Do what a text wants done with check-ins, and say so. Needs no dialogue model."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot import check_in_times
from bot.check_ins import changing
from bot.check_ins.following_up import ROSTER
from bot.check_ins.groups import Group, groups, meant
from bot.check_ins.wishes import Wish, means_all, new_time
from bot.errors import TimeNotPossible, TimeNotUnderstood
from bot.local_time import DAY_MINUTES, minutes_of
from bot.models import CheckIn, Conversation
from bot.ports import Reply

NONE = Reply("check_in_none")
_HALF_DAY = DAY_MINUTES // 2


@dataclass(frozen=True)
class Obeyed:
    """What to say, and what waits for an answer to "which one?" (kept by whoever asks)."""

    replies: tuple[Reply, ...]
    pending: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class _Request:
    session: Session
    conversation: Conversation
    text: str
    now: datetime
    message_id: int | None


def obey(
    session: Session,
    conversation: Conversation,
    wish: Wish,
    text: str,
    now: datetime,
    message_id: int | None,
    *,
    chosen: Sequence[int] | None = None,
) -> Obeyed:
    """Do it. `chosen` are ids of check-ins picked after "which one?"; else the text says which, or we ask."""
    some = groups(session, conversation)
    if not some:
        return Obeyed((NONE,))
    request = _Request(session, conversation, text, now, message_id)
    if wish is Wish.LIST:
        return Obeyed((Reply("check_in_list", {"groups": [one.fill() for one in some]}),))
    if wish is Wish.TELL:
        changing.tell_of_silence(session, conversation, some, ROSTER)
        return Obeyed((Reply("check_in_silent_set"),))
    picked = _picked(some, chosen) if chosen is not None else None
    return _DO[wish](request, some, picked)


def choose(pending: Mapping[str, Any], text: str) -> list[int] | None:
    """Which of those asked about a text means, as ids: by number or all; None when it says neither."""
    ids = list(pending["ids"])
    if means_all(text):
        return ids
    numbers = {int(number) for number in re.findall(r"\d+", text)}
    named = [ids[number - 1] for number in numbers if 0 < number <= len(ids)]
    return named if named and len(named) == len(numbers) else None


def _picked(some: Sequence[Group], chosen: Sequence[int]) -> list[Group]:
    return [one for one in some if any(each.id in chosen for each in one.check_ins)]


def _ask_which(request: _Request, wish: Wish, some: Sequence[Group]) -> Obeyed:
    pending = {"wish": wish.value, "text": request.text, "ids": [one.first.id for one in some]}
    return Obeyed((Reply("check_in_which", {"groups": [one.fill() for one in some]}),), pending)


def _cancel(request: _Request, some: Sequence[Group], picked: list[Group] | None) -> Obeyed:
    if picked is None:
        picked = meant(some, request.text, request.now)
    if picked is None:
        picked = list(some) if len(some) == 1 else []
    if not picked:
        return _ask_which(request, Wish.CANCEL, some)
    changing.cancel(request.session, request.conversation, picked, request.now, request.message_id)
    if len(picked) == len(some) and not any(one.cut_out for one in picked):
        return Obeyed((Reply("check_in_canceled_all" if len(some) > 1 else "check_in_canceled"),))
    key = "check_in_canceled_one" if len(picked) == 1 else "check_in_canceled"
    return Obeyed((Reply(key, picked[0].fill() if len(picked) == 1 else {}),))


def _pause(request: _Request, some: Sequence[Group], picked: list[Group] | None) -> Obeyed:
    going = [one for one in (picked or meant(some, request.text, request.now) or some) if not one.paused]
    if not going:
        return Obeyed((Reply("check_in_paused"),))
    until = _until(request, going)
    if until is None:
        changing.pause(request.session, request.conversation, going)
        return Obeyed((Reply("check_in_paused"),))
    changing.pause_until(request.session, request.conversation, going, until, request.now)
    first = min(groups(request.session, request.conversation), key=lambda one: one.first.due_at)
    return Obeyed((Reply("check_in_paused_until", first.fill() | {"kind": "once"}),))


def _until(request: _Request, some: Sequence[Group]) -> date | None:
    """The day a pause ends; None when it has no end, or one beyond what anything is promised for."""
    local = request.now.astimezone(ZoneInfo(some[0].first.timezone))
    said = check_in_times.plain(request.text)
    days = check_in_times.days_in(said)
    if days is None:
        ends_on = check_in_times.day_in(said, local)
        days = (ends_on - local.date()).days if ends_on else None
    if days is None or days > check_in_times.LATEST.days:
        return None
    return local.date() + timedelta(days=max(1, days))


def _resume(request: _Request, some: Sequence[Group], picked: list[Group] | None) -> Obeyed:
    paused = [one for one in (picked or some) if one.paused]
    if paused:
        changing.resume(request.session, request.conversation, paused, request.now)
    left = groups(request.session, request.conversation)
    if not left:
        return Obeyed((NONE,))
    return Obeyed((Reply("check_in_resumed", left[0].fill()),))


def _move(request: _Request, some: Sequence[Group], picked: list[Group] | None) -> Obeyed:
    going = [one for one in (picked or some) if not one.paused] or list(some)
    group = going[0]
    on, minutes = _target(request, group.first)
    if on is None and minutes is None:
        return Obeyed((Reply("check_in_not_understood"),))
    try:
        moved = changing.move(
            request.session,
            request.conversation,
            group,
            on,
            minutes,
            request.text,
            request.message_id,
            request.now,
        )
    except TimeNotPossible:
        return Obeyed((Reply("check_in_not_moved", group.fill() | {"kind": "once"}),))
    key = "check_in_moved_next" if len(going) > 1 and picked is None else "check_in_moved"
    return Obeyed((Reply(key, moved.fill()),))


def _target(request: _Request, check_in: CheckIn) -> tuple[date | None, int | None]:
    local = request.now.astimezone(ZoneInfo(check_in.timezone))
    text = new_time(request.text)
    try:
        later = check_in_times.after_a_while(text, request.now, check_in.timezone)
        if later is not None:
            there = later.astimezone(ZoneInfo(check_in.timezone))
            return there.date(), minutes_of(there)
        said = check_in_times.said_in(check_in_times.plain(text), local, bare=True)
    except TimeNotUnderstood:
        return None, None
    if said is None:
        return None, None
    if said.hour is None:
        return said.day, None
    minutes = said.hour * 60 + said.minute
    now_at = minutes_of(check_in.due_at.astimezone(ZoneInfo(check_in.timezone)))
    if not said.half_said:
        # "Make it 10": in the half of the day it is in now.
        minutes = minutes % _HALF_DAY + (_HALF_DAY if now_at >= _HALF_DAY else 0)
    return said.day, minutes


_DO: Mapping[Wish, Callable[[_Request, Sequence[Group], list[Group] | None], Obeyed]] = {
    Wish.CANCEL: _cancel,
    Wish.PAUSE: _pause,
    Wish.RESUME: _resume,
    Wish.MOVE: _move,
}


def names_a_time(text: str, now: datetime, timezone: str) -> bool:
    """Whether a text holds a time something could be moved to."""
    plain_text = new_time(text)
    try:
        if check_in_times.after_a_while(plain_text, now, timezone) is not None:
            return True
        local = now.astimezone(ZoneInfo(timezone))
        bare = len(plain_text.split()) <= _FEW_WORDS
        return check_in_times.said_in(check_in_times.plain(plain_text), local, bare=bare) is not None
    except TimeNotUnderstood:
        return False


def another_hour(text: str, now: datetime, timezone: str) -> int | None:
    """The minutes after midnight of an hour that a text names, or None when it names none."""
    words = new_time(text)
    try:
        bare = len(words.split()) <= _FEW_WORDS
        local = now.astimezone(ZoneInfo(timezone))
        said = check_in_times.said_in(check_in_times.plain(words), local, bare=bare)
    except TimeNotUnderstood:
        return None
    return None if said is None or said.hour is None else said.hour * 60 + said.minute


#: "to 10": a bare number is an hour only with hardly anything about it.
_FEW_WORDS = 2
