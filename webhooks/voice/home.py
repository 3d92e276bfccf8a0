"""A call home: rings the person, then home, and joins the two on keypresses.

Home answers to `screen`, a keypress joins the two; our number is shown on both legs; nothing is recorded.
"""

from flask import Response, abort, request
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from bot import calling, calls
from bot.bootstrap import now
from bot.db import reading, writing
from bot.models import Call
from webhooks.security import line
from webhooks.voice.speaking import saying, twiml

RING_HOME_SECONDS = 25
LONGEST_CALL_SECONDS = 30 * 60


def answered(call: Call) -> VoiceResponse:
    """The person picks up."""
    language = call.conversation.person.language
    response = VoiceResponse()
    keys = Gather(
        num_digits=1, timeout=10, action=f"/twilio/voice/connect?call={call.public_id}", method="POST"
    )
    saying(keys, "call_connect", language)
    response.append(keys)
    return saying(response, "call_goodbye", language)


def connect() -> Response:
    """The person pressed a key: ring home."""
    public_id = request.args.get("call", "")
    language, home = _call(public_id)
    response = VoiceResponse()
    if request.form.get("Digits") != "1":
        return twiml(saying(response, "call_goodbye", language))
    saying(response, "call_ringing", language)
    dial = Dial(
        # Without this the person's own number would be shown at home.
        caller_id=line().settings.twilio_from,
        answer_on_bridge=True,
        timeout=RING_HOME_SECONDS,
        time_limit=LONGEST_CALL_SECONDS,
        record="do-not-record",
        action=f"/twilio/voice/done?call={public_id}",
        method="POST",
    )
    dial.number(home, url=f"/twilio/voice/screen?call={public_id}", method="POST")
    response.append(dial)
    return twiml(response)


def screen() -> Response:
    """Home picks up: nothing is said of who calls or why, and only a keypress joins the two."""
    public_id = request.args.get("call", "")
    language, _ = _call(public_id)
    response = VoiceResponse()
    keys = Gather(num_digits=1, timeout=10, action=f"/twilio/voice/accept?call={public_id}", method="POST")
    saying(keys, "call_screen", language)
    response.append(keys)
    response.hangup()
    return twiml(response)


def accept() -> Response:
    """Home pressed a key: 1 joins, anything else ends."""
    public_id = request.args.get("call", "")
    _call(public_id)
    response = VoiceResponse()
    if request.form.get("Digits") != "1":
        response.hangup()
        return twiml(response)
    with writing(line().engine) as session:
        calls.accept(session, public_id, now())
    return twiml(response)


def done() -> Response:
    """The second leg is over."""
    public_id = request.args.get("call", "")
    language, _ = _call(public_id)
    outcome = request.form.get("DialCallStatus", "completed")
    calling.finish(line().engine, public_id, outcome, now(), line().durably)
    response = VoiceResponse()
    if outcome == "completed":
        return twiml(response)
    return twiml(saying(response, "call_over", language))


def _call(public_id: str) -> tuple[str, str]:
    with reading(line().engine) as session:
        call: Call | None = calls.find(session, public_id)
        if call is None or call.home_number is None:
            abort(404)
        return call.conversation.person.language, call.home_number
