"""Texts of a thread with what belongs to them: delivery, writer, what was understood, what it answers."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.models import (
    CaseWorker,
    Consent,
    InboundMedia,
    Message,
    Understanding,
    UnpromptedText,
    WorkerText,
)
from bot.triage import assess

#: Causes that name the text they answer: bot/turn.py, bot/intake.py, bot/emergencies, bot/using_alone.
_ANSWERS = re.compile(r"(?:in|later|again|now|before|ua-in|flood)-(\d+)")


@dataclass(frozen=True)
class Understood:
    """What the dialogue made of a text. `detail` has entities, slots, what was asked before, and actions."""

    intent: str
    confidence: float
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Text:
    """One text, either way."""

    id: int
    direction: str
    body: str
    state: str
    created_at: datetime
    media: int
    #: In: what triage found, by which rule, and the words of the text that set it off.
    triage_kind: str | None
    triage_rule: str | None
    triage_words: str | None
    understood: Understood | None
    #: Out: the provider's last word, and its error.
    twilio_status: str | None
    error_code: str | None
    #: Out: which reply, and to which text of theirs; or by what they had agreed to, when to none.
    reply_key: str | None
    answers: int | None
    agreed_to: str | None
    #: Out: the case worker who wrote it, by pseudonym, and the canned reply it began as.
    written_by: str | None
    canned: str | None


@dataclass(frozen=True)
class _Beside:
    media: Mapping[int, int]
    understood: Mapping[int, Understood]
    writers: Mapping[int, tuple[str, str | None]]
    purposes: Mapping[int, str] = field(default_factory=dict)


def texts_of(session: Session, messages: Sequence[Message]) -> list[Text]:
    """The texts of a page, with four questions for all of them."""
    about = _beside(session, [message.id for message in messages])
    return [_text(message, about) for message in messages]


def _text(message: Message, about: _Beside) -> Text:
    answers = _ANSWERS.fullmatch(message.cause or "")
    writer, canned = about.writers.get(message.id, (None, None))
    return Text(
        id=message.id,
        direction=message.direction,
        body=message.body,
        state=message.state,
        created_at=message.created_at,
        media=about.media.get(message.id, 0),
        triage_kind=message.triage_kind,
        triage_rule=message.triage_rule,
        triage_words=_words(message),
        understood=about.understood.get(message.id),
        twilio_status=message.twilio_status,
        error_code=message.error_code,
        reply_key=message.reply_key,
        answers=int(answers[1]) if answers else None,
        agreed_to=about.purposes.get(message.id),
        written_by=writer,
        canned=canned,
    )


def _words(message: Message) -> str | None:
    """The words that set triage off, looked for anew: they are stored nowhere but in the text."""
    if message.triage_rule is None:
        return None
    found = assess(message.body)
    # The rules may have changed since: then nothing is better than a guess.
    return found.words if found.rule == message.triage_rule else None


def _beside(session: Session, ids: Sequence[int]) -> _Beside:
    media = select(InboundMedia.message_id, func.count()).where(InboundMedia.message_id.in_(ids))
    understood = session.scalars(select(Understanding).where(Understanding.message_id.in_(ids)))
    writers = (
        select(WorkerText.message_id, CaseWorker.pseudonym, WorkerText.canned)
        .join(CaseWorker, CaseWorker.id == WorkerText.case_worker_id)
        .where(WorkerText.message_id.in_(ids))
    )
    purposes = (
        select(UnpromptedText.message_id, Consent.purpose)
        .join(Consent, Consent.id == UnpromptedText.consent_id)
        .where(UnpromptedText.message_id.in_(ids))
    )
    return _Beside(
        media={row[0]: row[1] for row in session.execute(media.group_by(InboundMedia.message_id))},
        understood={
            one.message_id: Understood(one.intent, one.confidence, json.loads(one.detail))
            for one in understood
        },
        writers={row[0]: (row[1], row[2]) for row in session.execute(writers)},
        purposes={row[0]: row[1] for row in session.execute(purposes)},
    )
