"""The step that rings a phone, and what is done when a call has ended, by what it was for."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from bot import calls, incidents, using_alone
from bot.db import writing
from bot.errors import Refused
from bot.models import Call, CallPurpose, CallState
from bot.ports import Caller, Clock, Durably

#: Twilio's list is by its own clock; a little slack on ours.
LOOK_BACK = timedelta(minutes=2)
OVER = {CallState.FINISHED, CallState.CANCELED, CallState.FAILED}
ENDED = {
    CallPurpose.HOME: calls.home_ended,
    CallPurpose.USING_ALONE: using_alone.call_ended,
    CallPurpose.INCIDENT: incidents.call_ended,
}


class Calling:
    """Rings the phone of a call's conversation."""

    def __init__(self, engine: Engine, caller: Caller, durably: Durably, clock: Clock) -> None:
        self._engine, self._caller, self._durably, self._clock = engine, caller, durably, clock

    def place(self, call_id: int) -> CallState:
        """Ring the phone. After a crash, looks for the call before placing another. Raises TryAgain."""
        now = self._clock()
        with writing(self._engine) as session:
            call = session.get_one(Call, call_id, with_for_update=True)
            if call.state not in {CallState.REQUESTED, CallState.PLACING}:
                return CallState(call.state)
            resumed = call.state == CallState.PLACING
            call.state = CallState.PLACING
            call.placing_at = call.placing_at or now
            to, public_id, began = call.conversation.person.number, call.public_id, call.placing_at
        try:
            sid = self._found(to, began) if resumed else None
            sid = sid or self._caller.place(to, public_id)
        except Refused:
            finish(self._engine, public_id, "failed", now, self._durably)
            return CallState.FAILED
        with writing(self._engine) as session:
            call = session.get_one(Call, call_id, with_for_update=True)
            call.call_sid = sid
            if call.state == CallState.PLACING:
                call.state = CallState.RINGING
            return CallState(call.state)

    def _found(self, to: str, began: datetime) -> str | None:
        candidates = self._caller.find(to, began - LOOK_BACK)
        with writing(self._engine) as session:
            known = set(session.scalars(select(Call.call_sid).where(Call.call_sid.in_(candidates))))
        return next((sid for sid in candidates if sid not in known), None)


def finish(engine: Engine, public_id: str, outcome: str, now: datetime, durably: Durably) -> None:
    """Note how a call ended, once, and do what follows. An unknown call is nobody's: nothing is done.

    `outcome` is Twilio's DialCallStatus or CallStatus, or "missed" when the phone we rang was not answered.
    """
    with writing(engine) as session:
        call = calls.find(session, public_id)
        if call is None or call.state in OVER:
            return
        call.state = CallState.FAILED if outcome == "failed" else CallState.FINISHED
        call.outcome = outcome
        ENDED[CallPurpose(call.purpose)](session, call, outcome, now, durably)
