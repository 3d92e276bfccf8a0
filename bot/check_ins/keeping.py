"""Keep a promise when it is due. The row is the truth; a clock only says when to read it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, joinedload

from bot import outbox
from bot.check_ins import quiet_hours
from bot.check_ins.allowing import Busy, busy_with, standing_consent, too_late, wait_for_another
from bot.check_ins.coming import free_instant, lock
from bot.check_ins.following_up import when_to_follow_up
from bot.check_ins.saying import asking
from bot.check_ins.terms import terms
from bot.db import writing
from bot.models import CheckIn, CheckInState, Conversation
from bot.outbox import Unprompted
from bot.ports import Durably

#: A timer may be this much early by another clock and still count as due.
EARLY = timedelta(seconds=1)


def keep(engine: Engine, check_in_id: int, now: datetime, durably: Durably) -> CheckInState:
    """Keep one promise if it still stands and is due. Run twice, or by two clocks at once, it texts once."""
    with writing(engine) as session:
        conversation, check_in = locked(session, check_in_id)
        if check_in.state == CheckInState.SCHEDULED and check_in.due_at <= now + EARLY:
            check_in.state = send(session, conversation, check_in, now, durably)
        return CheckInState(check_in.state)


def locked(session: Session, check_in_id: int) -> tuple[Conversation, CheckIn]:
    """A check-in and its conversation, both held until the transaction ends."""
    # The person before the promise, as everything that changes promises does: no two wait for each other.
    conversation_id = session.scalars(select(CheckIn.conversation_id).where(CheckIn.id == check_in_id)).one()
    conversation = lock(session, conversation_id)
    held = select(CheckIn).options(joinedload(CheckIn.consent)).where(CheckIn.id == check_in_id)
    return conversation, session.scalars(held.with_for_update(of=CheckIn)).one()


def send(
    session: Session, conversation: Conversation, check_in: CheckIn, now: datetime, durably: Durably
) -> CheckInState:
    """Send what is due, if nothing stands in its way. Returns the state it is in then."""
    decided = decide(session, conversation, check_in, busy_with(session, conversation, now), now)
    if isinstance(decided, CheckInState):
        return decided
    outbox.put_unprompted_together(session, [decided], now, durably)
    asked(session, [check_in], now)
    return CheckInState.SENT


def decide(
    session: Session, conversation: Conversation, check_in: CheckIn, busy: Busy, now: datetime
) -> Unprompted | CheckInState:
    """The text that a due check-in is, or the state it is in since something stands in its way.

    The caller holds the conversation, `busy` says who has it, and puts the text into the outbox.
    """
    consent = standing_consent(session, check_in)
    if consent is None:
        return CheckInState.CANCELED
    if busy is Busy.CASE_WORKER:
        return CheckInState.HELD
    if too_late(check_in, now):
        return _put_off(session, conversation, check_in, now)
    wait_until = wait_for_another(conversation, now)
    if busy is Busy.EMERGENCY:
        wait_until = now + terms().emergency_wait
    if wait_until is not None:
        return _move(session, conversation, check_in, wait_until)
    return Unprompted(conversation, asking(session, check_in), f"ck-{check_in.id}", consent)


def asked(session: Session, some: Sequence[CheckIn], now: datetime) -> None:
    """Note of check-ins of different people that their texts are in the outbox."""
    for check_in in some:
        check_in.state, check_in.sent_at = CheckInState.SENT, now
        check_in.follow_up_at = when_to_follow_up(check_in, now)
    _let_go_of_earlier(session, some)


def _put_off(session: Session, conversation: Conversation, check_in: CheckIn, now: datetime) -> CheckInState:
    """Give a check-in that comes too late its next allowed time; its text will say sorry.

    One of a series that goes on leaves the apology to the next of them: nobody is asked twice in a row.
    """
    following = _next_of_series(session, check_in)
    if following is not None:
        following.late = True
        return CheckInState.CANCELED
    check_in.late = True
    soon = now + terms().anew_after + timedelta(minutes=quiet_hours.spread(conversation.id))
    at = quiet_hours.next_allowed(soon, check_in.timezone, conversation.id)
    check_in.chosen_time = False
    return _move(session, conversation, check_in, at)


def _next_of_series(session: Session, check_in: CheckIn) -> CheckIn | None:
    if check_in.series_id is None or terms().late_after[check_in.kind] is not None:
        return None
    return session.scalars(
        select(CheckIn)
        .where(
            CheckIn.series_id == check_in.series_id,
            CheckIn.state == CheckInState.SCHEDULED,
            CheckIn.due_at > check_in.due_at,
        )
        .order_by(CheckIn.due_at)
        .limit(1)
    ).first()


def _move(session: Session, conversation: Conversation, check_in: CheckIn, at: datetime) -> CheckInState:
    # Not in its own way while a free instant is looked for.
    check_in.state = CheckInState.HELD
    session.flush()
    check_in.due_at = free_instant(session, conversation, at)
    return CheckInState.SCHEDULED


def _let_go_of_earlier(session: Session, some: Sequence[CheckIn]) -> None:
    # The new question stands for an older one that got no answer, unless its silence was to be told of.
    session.execute(
        update(CheckIn)
        .where(
            CheckIn.conversation_id.in_([check_in.conversation_id for check_in in some]),
            CheckIn.state == CheckInState.SENT,
            CheckIn.follow_up_at.is_not(None),
            CheckIn.if_silent == "nothing",
            CheckIn.id.not_in([check_in.id for check_in in some]),
        )
        .values(state=CheckInState.MISSED, follow_up_at=None)
    )
