"""What a text means to a timer that has not ended: heard in the request that brings it, whatever is down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.models import Conversation, Direction, Message, MessageState, TimerState, UsingAloneTimer
from bot.ports import Durably, Reply
from bot.triage.assess import normalise
from bot.using_alone.ending import cancel, escalate, settle
from bot.using_alone.ladder import ladder
from bot.using_alone.starting import live


class Said(StrEnum):
    """What a text says of the timer."""

    SAFE = "safe"
    MAYBE = "maybe"
    CRY = "cry"
    NO = "no"
    HELP = "help"
    EXTEND = "extend"
    CANCEL = "cancel"
    LEFT = "left"
    ELSE = "else"


@dataclass(frozen=True)
class _Words:
    anywhere: Mapping[Said, re.Pattern[str]]
    whole: Mapping[Said, re.Pattern[str]]
    numbers: Mapping[str, int]
    spans: Mapping[str, int]
    usual_extension: int


@cache
def _words() -> _Words:
    page = yaml.safe_load((files("bot.using_alone") / "hearing.yml").read_text("utf-8"))
    around = f"(?:(?:{'|'.join(page['around'])}) )*"
    after = f"(?: (?:{'|'.join(page['around'])}))*"
    return _Words(
        anywhere={
            said: re.compile("|".join(page[said]))
            for said in (Said.HELP, Said.CANCEL, Said.EXTEND, Said.LEFT)
        },
        whole={
            said: re.compile(f"{around}(?:{'|'.join(page[said])})(?: (?:{'|'.join(page[said])}))*{after}")
            for said in (Said.CRY, Said.NO, Said.SAFE, Said.MAYBE)
        },
        numbers=page["numbers"],
        spans=page["spans"],
        usual_extension=page["usual_extension"],
    )


def read(text: str) -> tuple[Said, int]:
    """What a text says of the timer, and the minutes to add if it asks for more."""
    plain, words = normalise(text), _words()
    for said, pattern in words.whole.items():
        if pattern.fullmatch(plain):
            return said, 0
    for said, pattern in words.anywhere.items():
        found = pattern.search(plain)
        if found:
            return said, _minutes(found) if said is Said.EXTEND else 0
    return Said.ELSE, 0


def _minutes(found: re.Match[str]) -> int:
    count = next((value for value in found.groupdict().values() if value), None)
    if count is None:
        return _words().usual_extension
    return _words().numbers.get(count) or int(count)


def read_minutes(text: str, *, bare: bool) -> int | None:
    """The minutes a text names: "10 min", "half an hour"; a bare "ten" too when they were asked for."""
    plain, words = normalise(text), _words()
    for phrase, minutes in words.spans.items():
        if re.search(rf"\b{phrase}\b", plain):
            return minutes
    number = rf"(?P<count>\d{{1,3}}|{'|'.join(words.numbers)})"
    found = re.search(rf"\b{number} ?(?:m|min|mins|minutes?|minutos?)\b", plain)
    found = found or (re.search(rf"\b{number}\b", plain) if bare else None)
    if found is None:
        return None
    return words.numbers.get(found["count"]) or int(found["count"])


def hear(
    session: Session,
    conversation: Conversation,
    message: Message,
    *,
    emergency: bool,
    now: datetime,
    durably: Durably,
) -> bool:
    """Apply a new text to the person's timer, in the transaction that stores the text.

    True when the text was only about the timer and has been answered. After the end any answer is an
    all-clear, unless it is a cry for help; what else it asks for is left to the dialogue.
    """
    timer = live(session, conversation)
    if timer is None:
        return False
    said, minutes = read(message.body)
    running = timer.state == TimerState.RUNNING
    if emergency or said in {Said.HELP, Said.CRY} or (said is Said.NO and not running):
        # The emergency words have gone out already; else the dialogue of the incident answers.
        escalate(session, timer.id, now, durably)
        return False
    if running and said in {Said.MAYBE, Said.NO} and not _about_timer(session, conversation):
        return False
    if running or (said is Said.EXTEND and timer.state == TimerState.ASKING):
        replies, only = _while_running(session, timer, said, minutes, now, durably)
    else:
        settle(session, timer.id, now, durably)
        replies, only = [Reply("alone_safe")], said is not Said.ELSE
    outbox.put(session, conversation, replies, f"ua-in-{message.id}", now, durably)
    if only:
        message.state = MessageState.ANSWERED
    return only


def _about_timer(session: Session, conversation: Conversation) -> bool:
    """Whether the last text they got was about the timer: else a bare "yes" answers another question."""
    last = select(Message.reply_key).where(
        Message.conversation_id == conversation.id, Message.direction == Direction.OUT
    )
    key = session.scalars(last.order_by(Message.id.desc()).limit(1)).first()
    return bool(key and key.startswith("alone_"))


def _while_running(
    session: Session, timer: UsingAloneTimer, said: Said, minutes: int, now: datetime, durably: Durably
) -> tuple[list[Reply], bool]:
    if said is Said.SAFE:
        settle(session, timer.id, now, durably)
        return [Reply("alone_safe")], True
    if said is Said.CANCEL:
        cancel(timer, now)
        return [Reply("alone_canceled")], True
    if said is Said.EXTEND:
        return [_extended(session, timer, minutes, now, durably)], True
    if said in {Said.LEFT, Said.MAYBE}:
        left = max(1, round((timer.ends_at - now).total_seconds() / 60))
        return [Reply("alone_left", {"minutes": left})], True
    return [], False


def _extended(
    session: Session, timer: UsingAloneTimer, minutes: int, now: datetime, durably: Durably
) -> Reply:
    longest = now + timedelta(minutes=ladder().longest_minutes)
    timer.ends_at = min(max(timer.ends_at, now) + timedelta(minutes=minutes), longest)
    timer.state, timer.step, timer.next_at = TimerState.RUNNING, 0, timer.ends_at
    durably.timer(session, timer.id, 0, timer.ends_at, now)
    left = max(1, round((timer.ends_at - now).total_seconds() / 60))
    return Reply("alone_extended", {"minutes": left})
