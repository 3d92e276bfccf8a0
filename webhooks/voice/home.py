"""A call home: rings the person, then home, and joins the two on keypresses.

Home answers to `screen`, and only a keypress there joins the two, whatever machine detection thinks; our
number is shown on both legs; nothing is recorded. Every step may be asked for twice.
"""

import logging

from flask import Response, abort, request
from sqlalchemy.orm import Session
from twilio.twiml.voice_response import Dial, VoiceResponse

from bot import calling, calls
from bot.bootstrap import now
from bot.calls.ending import REFUSALS
from bot.calls.outcomes import KEYS, TAKE, WRONG_PERSON
from bot.db import writing
from bot.errors import Refused, TryAgain
from bot.models import Call, CallState, Outcome
from bot.replies import home_hears
from webhooks.security import line
from webhooks.voice.speaking import OTHER, asked_in, goodbye, one_key, saying, twiml

RING_HOME_SECONDS = 25
OTHER_LANGUAGE = "2"
logger = logging.getLogger(__name__)


def answered(call: Call) -> VoiceResponse:
    """The person picks up."""
    language = call.conversation.person.language
    keys = saying(one_key(f"/twilio/voice/connect?call={call.public_id}"), "call_connect", language)
    response = VoiceResponse()
    response.append(keys)
    return saying(response, "call_goodbye", language)


def connect() -> Response:
    """The person pressed a key: ring home."""
    with writing(line().engine) as session:
        call = _call(session)
        language = call.conversation.person.language
        if request.form.get("Digits") != TAKE or calls.is_over(call):
            return twiml(goodbye(language))
        return twiml(ringing_home(session, call))


def ringing_home(session: Session, call: Call) -> VoiceResponse:
    """Ring home, for as long as the person may still talk today."""
    language = call.conversation.person.language
    if calls.ended_unwanted(session, call, now(), line().durably):
        return goodbye(language, "call_over")
    seconds = line().call_limits.seconds_left(session, call.conversation, now())
    if not seconds:
        return goodbye(language, "call_no_time")
    calls.advance(call, CallState.DIALING, now())
    response = saying(VoiceResponse(), "call_ringing", language)
    dial = Dial(
        # Without this the person's own number would be shown at home.
        caller_id=line().settings.twilio_from,
        answer_on_bridge=True,
        timeout=RING_HOME_SECONDS,
        time_limit=seconds,
        record="do-not-record",
        action=f"/twilio/voice/done?call={call.public_id}",
        method="POST",
    )
    dial.number(
        call.home_number,
        url=f"/twilio/voice/screen?call={call.public_id}",
        method="POST",
        # Only to be off a voice box before the name is said: a key decides.
        machine_detection="Enable",
        amd_status_callback=f"/twilio/voice/machine?call={call.public_id}",
        amd_status_callback_method="POST",
    )
    response.append(dial)
    return response


def screen() -> Response:
    """Home picks up: who is calling, in the words the person agreed to; only a keypress joins the two."""
    with writing(line().engine) as session:
        call = _call(session)
        language = call.language or call.conversation.person.language
        if not _live(call):
            # Taken back or hung up while it rang: no name is said for nothing.
            return twiml(goodbye(language, "call_screen_gone"))
        return twiml(_screening(call, language))


def _screening(call: Call, language: str, *, changed: bool = False) -> VoiceResponse:
    here = f"/twilio/voice/accept?call={call.public_id}&lang={language}"
    keys = one_key(f"{here}&changed=1" if changed else here)
    saying(keys, "call_screen", language, hears=home_hears(call.name, language))
    if not changed:
        saying(keys, "other_language", OTHER[language])
    response = VoiceResponse()
    response.append(keys)
    response.hangup()
    return response


def accept() -> Response:
    """Home pressed a key: 1 joins, 2 asks in the other language, 3 and 9 are for ever, all else ends."""
    language, key = asked_in(), request.form.get("Digits", "")
    with writing(line().engine) as session:
        call = _call(session)
        # Changed once: somebody who presses 2 to be rid of it is not kept going round.
        if key == OTHER_LANGUAGE and not request.args.get("changed"):
            return twiml(_screening(call, OTHER[language], changed=True))
        if key in KEYS and call.home_index:
            calls.note_facts(call, now(), home_key=key)
            # At once: it holds also when the call has ended meanwhile.
            calls.refuse(session, call.conversation, call.home_index, REFUSALS[KEYS[key]], now())
            said = "call_screen_wrong" if key == WRONG_PERSON else "call_screen_no_more"
            return twiml(goodbye(language, said))
        if key == TAKE and not _live(call):
            # A leg that outlived its call joins nobody.
            return twiml(goodbye(language, "call_screen_gone"))
        response = VoiceResponse()
        if key == TAKE:
            calls.advance(call, CallState.JOINED, now())
        else:
            response.hangup()
        return twiml(response)


def _live(call: Call) -> bool:
    """Whether the person still waits on the line."""
    return not calls.is_over(call) and call.leg_status is None


def machine() -> Response:
    """Machine detection has made up its mind about home: a voice box is left before it hears a name."""
    found = request.form.get("AnsweredBy", "")
    with writing(line().engine) as session:
        call = _call(session)
        calls.note_facts(call, now(), answered_by=found)
        joined = call.accepted_at is not None
    sid = request.form.get("CallSid", "")
    if found.startswith(("machine", "fax")) and sid and not joined:
        try:
            line().caller.hang_up(sid)
        except (TryAgain, Refused):
            logger.warning("a voice box could not be hung up on; it hears a question and nobody is joined")
    return Response(status=204)


def done() -> Response:
    """The second leg is over."""
    public_id = request.args.get("call", "")
    with writing(line().engine) as session:
        language = _call(session).conversation.person.language
    outcome = calling.note(
        line().engine,
        public_id,
        now(),
        line().durably,
        dial_status=request.form.get("DialCallStatus", "completed"),
        seconds=whole_number("DialCallDuration"),
    )
    if outcome is Outcome.JOINED:
        return twiml(VoiceResponse())
    return twiml(goodbye(language, "call_over"))


def whole_number(field: str) -> int | None:
    """A number of seconds in the form, or None."""
    value = request.form.get(field, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 7 else None


def _call(session: Session) -> Call:
    call = calls.find(session, request.args.get("call", ""), lock=True)
    if call is None or call.home_number is None:
        abort(404)
    return call
