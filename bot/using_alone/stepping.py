"""Take the next step of a timer. The row says which; however many clocks ring, each is taken once."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import calls, outbox
from bot.db import writing
from bot.models import CallPurpose, Consent, TimerState, UsingAloneTimer
from bot.ports import Durably, Reply
from bot.using_alone.ending import escalate
from bot.using_alone.ladder import ladder

#: A wake-up may come this much early by another clock.
EARLY = timedelta(milliseconds=500)
WAITING = (TimerState.RUNNING, TimerState.ASKING)
TEXTS = {"text": "alone_time_is_up", "text_again": "alone_time_is_up_again"}
SWEPT_AT_ONCE = 500


def step(engine: Engine, timer_id: int, now: datetime, durably: Durably) -> TimerState:
    """Take what is due of one timer and set the next wake-up. Returns where it stands."""
    with writing(engine) as session:
        timer = session.get_one(UsingAloneTimer, timer_id, with_for_update=True)
        if timer.state in WAITING and timer.next_at is not None and timer.next_at <= now + EARLY:
            _take(session, timer, now, durably)
        return TimerState(timer.state)


def step_overdue(engine: Engine, now: datetime, durably: Durably) -> int:
    """Take the steps that are due and whose wake-up has not come. Returns how many."""
    with writing(engine) as session:
        due = session.scalars(
            select(UsingAloneTimer.id)
            .where(UsingAloneTimer.state.in_(WAITING), UsingAloneTimer.next_at <= now)
            .order_by(UsingAloneTimer.next_at)
            .limit(SWEPT_AT_ONCE)
        ).all()
    for timer_id in due:
        step(engine, timer_id, now, durably)
    return len(due)


def _take(session: Session, timer: UsingAloneTimer, now: datetime, durably: Durably) -> None:
    does = ladder().does[timer.step]
    if does == "escalate":
        escalate(session, timer.id, now, durably)
        return
    if does == "call":
        cause = _cause(timer)
        calls.ring(
            session,
            timer.conversation,
            CallPurpose.USING_ALONE,
            cause,
            now,
            durably,
            using_alone_timer_id=timer.id,
        )
    else:
        consent = session.get_one(Consent, timer.consent_id)
        outbox.put_unprompted(
            session, timer.conversation, [Reply(TEXTS[does])], _cause(timer), now, durably, consent
        )
    timer.state, timer.step = TimerState.ASKING, timer.step + 1
    timer.next_at = ladder().next_at(timer.ends_at, timer.step, now)
    if timer.next_at is not None:
        durably.timer(session, timer.id, timer.step, timer.next_at, now)


def _cause(timer: UsingAloneTimer) -> str:
    # With its end: an extended timer asks anew.
    return f"ua-{timer.id}-{timer.step}-{int(timer.ends_at.timestamp())}"
