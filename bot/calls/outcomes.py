"""How a call ended, from the facts known of it: a pure function, so that their order cannot matter."""

from bot.models import Call, CallPurpose, Outcome

#: Keys that home may press: https://www.twilio.com/docs/voice/twiml/gather gives them as Digits.
TAKE, WRONG_PERSON, NO_MORE = "1", "3", "9"
KEYS = {WRONG_PERSON: Outcome.WRONG_PERSON, NO_MORE: Outcome.REFUSED}
#: AnsweredBy: https://www.twilio.com/docs/voice/answering-machine-detection
MACHINES = ("machine", "fax")
HUMAN = "human"
#: DialCallStatus: https://www.twilio.com/docs/voice/twiml/dial
NOT_REACHED = {
    "no-answer": Outcome.NO_ANSWER,
    "busy": Outcome.BUSY,
    "failed": Outcome.UNREACHABLE,
    "canceled": Outcome.HUNG_UP,
}
#: CallStatus of the phone we rang: https://www.twilio.com/docs/voice/api/call-resource#call-status-values
NOT_PICKED_UP = {"busy", "no-answer", "canceled"}


def outcome_of(call: Call) -> Outcome | None:
    """How it ended; None while that is not known, or it has not."""
    if not call.dial_status and not call.leg_status:
        return None
    if call.purpose == CallPurpose.VOICEMAIL:
        return _voicemail(call)
    if call.accepted_at is not None:
        return Outcome.JOINED
    if call.purpose != CallPurpose.HOME:
        return Outcome.FAILED if call.leg_status == "failed" else Outcome.MISSED
    if call.home_key in KEYS:
        return KEYS[call.home_key]
    if call.dial_status:
        return NOT_REACHED.get(call.dial_status) or _not_accepted(call)
    return _first_leg(call)


def _voicemail(call: Call) -> Outcome:
    if call.home_key in KEYS:
        return KEYS[call.home_key]
    if call.accepted_at is not None:
        # What is not certain to be somebody's ear is taken for a voice box: more is not promised.
        return Outcome.HEARD if call.answered_by == HUMAN else Outcome.LEFT
    return Outcome.UNREACHABLE if call.leg_status == "failed" else Outcome.NOT_LEFT


def _not_accepted(call: Call) -> Outcome:
    machine = (call.answered_by or "").startswith(MACHINES) and not call.home_key
    return Outcome.VOICEMAIL if machine else Outcome.DECLINED


def _first_leg(call: Call) -> Outcome | None:
    if call.leg_status == "failed":
        return Outcome.FAILED
    if call.leg_status in NOT_PICKED_UP:
        return Outcome.MISSED
    # Whoever pressed 1 had home rung: only the second leg says how that went.
    return None if call.dialed_at is not None else Outcome.NOT_PRESSED
