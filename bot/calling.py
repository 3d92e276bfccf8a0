"""The step that rings a phone, and what is done when a call has ended, by what it was for."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import calls, incidents, using_alone
from bot.calls.limits import LONGEST
from bot.db import reading, writing
from bot.errors import Refused, TryAgain
from bot.models import Call, CallPurpose, CallState, Outcome
from bot.ports import Caller, Clock, Durably

logger = logging.getLogger(__name__)
#: Twilio's list is by its own clock; a little slack on ours.
LOOK_BACK = timedelta(minutes=2)
PLACEABLE = {CallState.REQUESTED, CallState.PLACING}
ENDED: Mapping[CallPurpose, Callable[[Session, Call, Outcome, datetime, Durably], None]] = {
    CallPurpose.HOME: calls.home_ended,
    CallPurpose.VOICEMAIL: calls.home_ended,
    CallPurpose.USING_ALONE: using_alone.call_ended,
    CallPurpose.INCIDENT: incidents.call_ended,
    # What follows is said on the phone.
    CallPurpose.PERSON: lambda *_: None,
}
#: CallStatus of a leg that is over: https://www.twilio.com/docs/voice/api/call-resource#call-status-values
FINAL = {"completed", "busy", "failed", "no-answer", "canceled"}
#: Longer than the two legs can take together; the provider is asked to end it.
TOO_LONG = LONGEST + timedelta(minutes=10)


class Calling:
    """Rings the phone of a call's conversation."""

    def __init__(self, engine: Engine, caller: Caller, durably: Durably, clock: Clock) -> None:
        self._engine, self._caller, self._durably, self._clock = engine, caller, durably, clock

    def place(self, call_id: int) -> CallState:
        """Ring the phone. After a crash, looks for the call before placing another. Raises TryAgain."""
        now = self._clock()
        with writing(self._engine) as session:
            call = session.get_one(Call, call_id, with_for_update=True)
            if calls.is_over(call) or call.state not in PLACEABLE:
                return CallState(call.state)
            if call.state == CallState.REQUESTED and calls.ended_unwanted(session, call, now, self._durably):
                return CallState(call.state)
            resumed = not calls.advance(call, CallState.PLACING, now)
            to, public_id, began = call.conversation.person.number, call.public_id, call.placing_at or now
            for_machine = call.purpose == CallPurpose.VOICEMAIL
            if for_machine:
                to, call.dialed_at = str(call.home_number), call.dialed_at or now
        try:
            sid = self._found(to, began) if resumed else None
            sid = sid or self._caller.place(to, public_id, for_machine=for_machine)
        except Refused:
            note(self._engine, public_id, now, self._durably, leg_status="failed")
            return CallState.FAILED
        with writing(self._engine) as session:
            call = session.get_one(Call, call_id, with_for_update=True)
            call.call_sid = sid
            calls.advance(call, CallState.RINGING, self._clock())
            taken_back, state = calls.is_over(call), CallState(call.state)
        if taken_back:
            self._hang_up(call_id, sid)
        return state

    def settle(self) -> int:
        """Ask the provider about calls whose end nobody told us. Returns how many were asked about."""
        asked = calls.unsettled(self._engine, self._clock())
        for call_id, sid in asked:
            try:
                self._look(call_id, sid)
            except TryAgain:
                logger.warning("call %s could not be asked about; it is asked about again", call_id)
        return len(asked)

    def give_up_late(self) -> int:
        """Start again what was never placed, and tell of what is too late by now. Returns how many are."""
        late = calls.resume_stuck(self._engine, self._durably, self._clock())
        for public_id in late:
            note(self._engine, public_id, self._clock(), self._durably, leg_status="failed")
        return len(late)

    def _look(self, call_id: int, sid: str) -> None:
        with reading(self._engine) as session:
            call = session.get_one(Call, call_id)
            public_id, began, over = call.public_id, call.placing_at or call.created_at, calls.is_over(call)
        try:
            seen = self._caller.look(sid)
        except Refused:
            # The provider knows of no such call.
            note(self._engine, public_id, self._clock(), self._durably, leg_status="failed")
            return
        if seen.status in FINAL:
            note(
                self._engine,
                public_id,
                self._clock(),
                self._durably,
                leg_status=seen.status,
                dial_status=seen.second_status if seen.second_status in FINAL else "",
                seconds=seen.seconds,
                settled=True,
            )
        elif over or self._clock() - began > TOO_LONG:
            self._hang_up(call_id, sid)

    def _hang_up(self, call_id: int, sid: str) -> None:
        try:
            self._caller.hang_up(sid)
        except (TryAgain, Refused):
            # Whoever answers it hears that it is over.
            logger.warning("call %s could not be ended", call_id)

    def _found(self, to: str, began: datetime) -> str | None:
        candidates = self._caller.find(to, began - LOOK_BACK)
        with writing(self._engine) as session:
            known = set(session.scalars(select(Call.call_sid).where(Call.call_sid.in_(candidates))))
        return next((sid for sid in candidates if sid not in known), None)


def note(
    engine: Engine,
    public_id: str,
    now: datetime,
    durably: Durably,
    *,
    dial_status: str = "",
    leg_status: str = "",
    seconds: int | None = None,
    settled: bool = False,
) -> Outcome | None:
    """Keep what was told of a call and, once it is known how it ended, do what follows, once.

    The statuses are Twilio's DialCallStatus and CallStatus. `settled` says that nothing more will be told. An
    unknown call is nobody's: nothing is done. Returns how it ended.
    """
    with writing(engine) as session:
        call = calls.find(session, public_id, lock=True)
        if call is None:
            return None
        calls.note_facts(call, now, dial_status=dial_status, leg_status=leg_status, seconds=seconds)
        outcome = calls.outcome_of(call)
        if outcome is None and settled:
            # Home was rung and the provider lists no such leg: the person was gone before it rang.
            outcome = Outcome.HUNG_UP
        if outcome is not None and calls.note_over(call, outcome, now):
            ENDED[CallPurpose(call.purpose)](session, call, outcome, now, durably)
        return Outcome(call.outcome) if call.outcome else None
