"""What has been kept for as long as it is kept goes: people who went quiet, and what is old of the others.

Daily by the worker's clock, and by `python -m bot purge`. Small transactions: the line goes on meanwhile.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Engine, Select, exists, select, update

from bot import search
from bot.db import reading, writing
from bot.errors import ErasureHeld
from bot.forgetting import copies, reach
from bot.forgetting.copies_known import note_known_copies
from bot.forgetting.erasing import WAITING, erase
from bot.forgetting.staying import count_incidents
from bot.inserting import insert_or_ignore
from bot.models import (
    Call,
    CheckIn,
    CheckInSeries,
    CheckInState,
    Consent,
    Conversation,
    Erasure,
    ErasureBy,
    HomeMessage,
    Incident,
    Message,
    RetentionRun,
    UnpromptedText,
    UsingAloneTimer,
)
from bot.ports import Clock, Durably

logger = logging.getLogger(__name__)
PEOPLE_AT_ONCE, ROWS_AT_ONCE = 100, 200
#: A day's purge that was not finished by then has lost its worker.
LOST_AFTER = timedelta(hours=2)
PROMISED = (CheckInState.SCHEDULED, CheckInState.HELD, CheckInState.PAUSED)


@dataclass(frozen=True)
class Purged:
    """How much went: whole people, and rows of people who stay."""

    people: int = 0
    rows: int = 0


class Retention:
    """Forgets what is older than so many days."""

    def __init__(self, engine: Engine, durably: Durably, clock: Clock, days: int | None) -> None:
        self._engine, self._durably, self._clock, self._days = engine, durably, clock, days

    def run_daily(self) -> Purged | None:
        """Purge, if nobody has today. None when somebody has, or nothing is ever purged."""
        now = self._clock()
        if self._days is None or not self._is_mine(now):
            return None
        purged = self.purge()
        with writing(self._engine) as session:
            run = session.get_one(RetentionRun, now.date())
            run.finished_at, run.people, run.texts = self._clock(), purged.people, purged.rows
        return purged

    def purge(self) -> Purged:
        """Forget everybody who has been quiet for so many days, and what is older than that of the others."""
        now = self._clock()
        copies.forget_sids(self._engine, now)
        if self._days is None:
            return Purged()
        before = now - timedelta(days=self._days)
        purged = Purged(self._people(before), self._rows(before))
        if purged.people or purged.rows:
            logger.info("purged %d people and %d rows", purged.people, purged.rows)
        return purged

    def _is_mine(self, now: datetime) -> bool:
        with writing(self._engine) as session:
            if insert_or_ignore(session, RetentionRun, day=now.date(), began_at=now, people=0, texts=0):
                return True
            lost = (
                update(RetentionRun)
                .where(
                    RetentionRun.day == now.date(),
                    RetentionRun.finished_at.is_(None),
                    RetentionRun.began_at < now - LOST_AFTER,
                )
                .values(began_at=now)
                .returning(RetentionRun.day)
            )
            return session.execute(lost).first() is not None

    def _people(self, before: datetime) -> int:
        last, forgotten = 0, 0
        while some := self._quiet(before, last):
            last = some[-1]
            forgotten += sum(self._forget(conversation_id, before) for conversation_id in some)
        return forgotten

    def _quiet(self, before: datetime, after_id: int) -> list[int]:
        with reading(self._engine) as session:
            quiet = _quiet(before).where(Conversation.id > after_id)
            return list(session.scalars(quiet.order_by(Conversation.id).limit(PEOPLE_AT_ONCE)))

    def _forget(self, conversation_id: int, before: datetime) -> bool:
        with writing(self._engine) as session:
            # They may have texted since.
            still = session.scalars(_quiet(before).where(Conversation.id == conversation_id)).first()
            if still is None:
                return False
            conversation = session.get_one(Conversation, conversation_id)
            try:
                erase(session, conversation, ErasureBy.RETENTION, self._clock(), self._durably)
            except ErasureHeld:
                return False
            return True

    def _rows(self, before: datetime) -> int:
        gone = 0
        for table, old in _old(before):
            while some := self._delete(table, old):
                gone += some
        return gone

    def _delete(self, table: str, old: Select[Any]) -> int:
        with writing(self._engine) as session:
            ids = set(session.scalars(old.limit(ROWS_AT_ONCE)))
            if not ids:
                return 0
            now = self._clock()
            keys = reach.theirs(session, {table: ids})
            erasure = Erasure(
                public_id=uuid4().hex,
                asked_by=ErasureBy.RETENTION,
                erased_at=now,
                counts="{}",
                texts=0,
                media=0,
                calls=0,
                attempts=0,
                tells=False,
                next_try_at=now,
            )
            session.add(erasure)
            session.flush()
            note_known_copies(session, erasure, keys)
            count_incidents(session, keys.get("incident", set()))
            named = select(Message.conversation_id).where(Message.id.in_(keys.get("message", set())))
            searched = session.scalars(named.distinct()).all()
            counts = reach.delete_all(session, keys)
            for conversation_id in searched:
                # The words of what is gone must not be found any more.
                search.reindex(session, conversation_id)
            erasure.counts = json.dumps(counts, sort_keys=True)
            self._durably.erasure(session, erasure.id)
            return len(ids)


def _quiet(before: datetime) -> Select[Any]:
    """People of whom and to whom nothing was written since, and to whom nothing is promised."""
    written = exists().where(Message.conversation_id == Conversation.id, Message.created_at >= before)
    promised = exists().where(CheckIn.conversation_id == Conversation.id, CheckIn.state.in_(PROMISED))
    called = exists().where(Call.conversation_id == Conversation.id, Call.created_at >= before)
    return select(Conversation.id).where(Conversation.created_at < before, ~written, ~promised, ~called)


def _old(before: datetime) -> Iterator[tuple[str, Select[Any]]]:
    """What is over and older, by table; what others point to without a choice stays until they are gone."""
    yield "home_message", select(HomeMessage.id).where(HomeMessage.closed_at < before)
    yield "call", select(Call.id).where(Call.ended_at < before)
    yield "using_alone_timer", select(UsingAloneTimer.id).where(UsingAloneTimer.ended_at < before)
    yield "incident", select(Incident.id).where(Incident.closed_at < before)
    yield (
        "check_in",
        select(CheckIn.id).where(
            CheckIn.due_at < before, CheckIn.state.not_in(PROMISED), CheckIn.follow_up_at.is_(None)
        ),
    )
    yield (
        "check_in_series",
        select(CheckInSeries.id).where(
            CheckInSeries.created_at < before, ~exists().where(CheckIn.series_id == CheckInSeries.id)
        ),
    )
    yield "message", select(Message.id).where(Message.created_at < before, Message.state.not_in(WAITING))
    yield "consent", select(Consent.id).where(Consent.revoked_at < before, *_not_needed())


def _not_needed() -> tuple[ColumnElement[bool], ...]:
    return (
        ~exists().where(CheckInSeries.consent_id == Consent.id),
        ~exists().where(UsingAloneTimer.consent_id == Consent.id),
        ~exists().where(HomeMessage.consent_id == Consent.id),
        ~exists().where(UnpromptedText.consent_id == Consent.id),
    )
