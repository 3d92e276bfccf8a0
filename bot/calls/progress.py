"""A call's states, which only go forward, and the facts it gathers in whatever order they are told."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calls.limits import LONGEST
from bot.models import Call, CallState, Outcome

ORDER = {state: rank for rank, state in enumerate(CallState)}
ENDS = frozenset({CallState.FINISHED, CallState.CANCELED, CallState.FAILED})
#: So long may a state last before the provider is asked: how long a phone rings, or a key is waited for, and
#: the way of a callback that comes.
LOOK_AFTER: Mapping[CallState, timedelta] = {
    CallState.RINGING: timedelta(seconds=60),
    CallState.ANSWERED: timedelta(seconds=75),
    CallState.DIALING: timedelta(seconds=100),
    CallState.JOINED: LONGEST + timedelta(seconds=30),
}
#: The first leg is over and what became of the second was not told: its callback is waited for so long.
AFTER_THE_LEG = timedelta(seconds=8)
TIMES = {
    CallState.PLACING: "placing_at",
    CallState.ANSWERED: "answered_at",
    CallState.DIALING: "dialed_at",
    CallState.JOINED: "accepted_at",
}


def find(session: Session, public_id: str, *, lock: bool = False) -> Call | None:
    """The call a voice webhook speaks of."""
    return session.scalars(
        select(Call).where(Call.public_id == public_id).with_for_update()
        if lock
        else select(Call).where(Call.public_id == public_id)
    ).first()


def is_over(call: Call) -> bool:
    """Whether it has ended: what is told of it later changes nothing."""
    return call.ended_at is not None


def advance(call: Call, state: CallState, now: datetime) -> bool:
    """Move a call forward; False when it is there already, further on, or over."""
    if is_over(call) or ORDER[state] <= ORDER[CallState(call.state)]:
        return False
    call.state = state
    if state in TIMES and getattr(call, TIMES[state]) is None:
        setattr(call, TIMES[state], now)
    if state in LOOK_AFTER and not call.leg_status:
        call.look_at = now + LOOK_AFTER[state]
    return True


def note_facts(
    call: Call,
    now: datetime,
    *,
    dial_status: str = "",
    leg_status: str = "",
    seconds: int | None = None,
    home_key: str = "",
    answered_by: str = "",
) -> None:
    """Keep what was told of a call. The first of each kind stands; nothing told twice counts twice."""
    call.dial_status = call.dial_status or dial_status[:16] or None
    call.home_key = call.home_key or home_key[:1] or None
    call.answered_by = call.answered_by or answered_by[:24] or None
    if seconds is not None:
        call.seconds = max(call.seconds or 0, seconds)
    if leg_status and not call.leg_status:
        call.leg_status = leg_status[:16]
        call.look_at = None if is_over(call) else now + AFTER_THE_LEG


def note_over(call: Call, outcome: Outcome, now: datetime) -> bool:
    """End a call; False when it has ended before."""
    if is_over(call):
        return False
    call.outcome, call.ended_at = outcome, now
    # Taken back while a phone may still ring: it is hung up on, whoever dies meanwhile.
    call.look_at = now if outcome is Outcome.CANCELED and not call.leg_status else None
    call.state = {
        Outcome.FAILED: CallState.FAILED,
        Outcome.CANCELED: CallState.CANCELED,
    }.get(outcome, CallState.FINISHED)
    return True
