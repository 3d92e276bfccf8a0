"""The answer to a check-in: read by plain words, whole texts only, so that it needs no dialogue model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.check_ins.saying import just_asked
from bot.check_ins.telling import all_clear, told_of
from bot.check_ins.terms import terms
from bot.models import CheckIn, CheckInState, Conversation
from bot.ports import Durably
from bot.triage.assess import normalise


class Answer(StrEnum):
    """What somebody says to "Did you get in?" or "How are things?"."""

    OK = "ok"
    NO = "no"
    CLOSED = "closed"
    HELP = "help"


@dataclass(frozen=True)
class _Words:
    around: re.Pattern[str]
    answers: Mapping[Answer, re.Pattern[str]]
    intents: Mapping[str, Answer]


@cache
def _words() -> _Words:
    page = yaml.safe_load((files("bot.check_ins") / "answers.yml").read_text("utf-8"))
    around = "|".join(page["around"])
    return _Words(
        around=re.compile(rf"^(?:(?:{around}) )+|(?: (?:{around}))+$"),
        # The most telling first: "no it was closed" is no bare no.
        answers={one: _whole(page[one]) for one in (Answer.CLOSED, Answer.HELP, Answer.NO, Answer.OK)},
        intents={intent: Answer(answer) for intent, answer in page["intents"].items()},
    )


def _whole(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def read_answer(text: str, intent: str = "") -> Answer | None:
    """What a text right after a check-in answers, or None. Words go before the dialogue's `intent`."""
    plain = _words().around.sub("", normalise(text))
    for answer, pattern in _words().answers.items():
        if plain and pattern.fullmatch(plain):
            return answer
    return _words().intents.get(intent)


def awaiting(session: Session, conversation: Conversation, now: datetime) -> CheckIn | None:
    """The newest check-in that was sent and not answered, as long as a late answer still belongs to it."""
    return session.scalars(
        select(CheckIn)
        .where(
            CheckIn.conversation_id == conversation.id,
            CheckIn.state.in_([CheckInState.SENT, CheckInState.MISSED]),
            CheckIn.answered_at.is_(None),
            CheckIn.sent_at >= now - terms().answered_within,
        )
        .order_by(CheckIn.sent_at.desc(), CheckIn.id.desc())
        .limit(1)
    ).first()


def answered_by(
    session: Session, conversation: Conversation, text: str, intent: str, now: datetime
) -> tuple[CheckIn, Answer] | None:
    """The check-in that a text answers, and how; None when the last thing we said was something else."""
    answer = read_answer(text, intent)
    if answer is None:
        return None
    if not just_asked(session, conversation) and told_of(session, conversation) is None:
        return None
    check_in = awaiting(session, conversation, now)
    return (check_in, answer) if check_in else None


def hear_after_silence(
    session: Session, conversation: Conversation, text: str, now: datetime, durably: Durably
) -> None:
    """Any text ends a silence that people were told of; an answer is left to what takes it in."""
    if read_answer(text) is None:
        all_clear(session, conversation, now, durably)
