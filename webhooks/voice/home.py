"""POST /twilio/voice: what a caller hears. A call home rings the person, then home, and joins on keypresses.

Home answers to `screen`, a keypress joins the two; our number is shown on both legs; nothing is recorded.
"""

from flask import Blueprint, Response, abort, request
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from bot import calls
from bot.bootstrap import now
from bot.db import reading, writing
from bot.models import Call
from bot.replies import render_spoken
from webhooks.security import line

RING_HOME_SECONDS = 25
LONGEST_CALL_SECONDS = 30 * 60
VOICES = {"en": "en-US", "es": "es-US"}
#: Twilio's CallStatus for the person's own leg, as an outcome of the call.
MISSED = {"busy", "no-answer", "failed", "canceled"}


def blueprint() -> Blueprint:
    """The routes for calls."""
    door = Blueprint("voice", __name__, url_prefix="/twilio/voice")
    door.post("")(answer)
    for step in (connect, screen, accept, done, status):
        door.post(f"/{step.__name__}", endpoint=step.__name__)(step)
    return door


def answer() -> Response:
    """The person picks up, or somebody calls the line itself."""
    public_id = request.args.get("call", "")
    if not public_id:
        return _twiml(_saying(VoiceResponse(), "line_answers", "en"))
    language, _ = _call(public_id)
    response = VoiceResponse()
    keys = Gather(num_digits=1, timeout=10, action=f"/twilio/voice/connect?call={public_id}", method="POST")
    _saying(keys, "call_connect", language)
    response.append(keys)
    return _twiml(_saying(response, "call_goodbye", language))


def connect() -> Response:
    """The person pressed a key: ring home."""
    public_id = request.args.get("call", "")
    language, home = _call(public_id)
    response = VoiceResponse()
    if request.form.get("Digits") != "1":
        return _twiml(_saying(response, "call_goodbye", language))
    _saying(response, "call_ringing", language)
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
    return _twiml(response)


def screen() -> Response:
    """Home picks up: nothing is said of who calls or why, and only a keypress joins the two."""
    public_id = request.args.get("call", "")
    language, _ = _call(public_id)
    response = VoiceResponse()
    keys = Gather(num_digits=1, timeout=10, action=f"/twilio/voice/accept?call={public_id}", method="POST")
    _saying(keys, "call_screen", language)
    response.append(keys)
    response.hangup()
    return _twiml(response)


def accept() -> Response:
    """Home pressed a key: 1 joins, anything else ends."""
    public_id = request.args.get("call", "")
    _call(public_id)
    response = VoiceResponse()
    if request.form.get("Digits") != "1":
        response.hangup()
        return _twiml(response)
    with writing(line().engine) as session:
        calls.accept(session, public_id, now())
    return _twiml(response)


def done() -> Response:
    """The second leg is over."""
    public_id = request.args.get("call", "")
    language, _ = _call(public_id)
    outcome = request.form.get("DialCallStatus", "completed")
    calls.finish(line().engine, public_id, outcome, now(), line().durably)
    response = VoiceResponse()
    if outcome == "completed":
        return _twiml(response)
    return _twiml(_saying(response, "call_over", language))


def status() -> Response:
    """The person's own leg is over; a call that never got further was missed."""
    outcome = request.form.get("CallStatus", "")
    missed = "missed" if outcome in MISSED or outcome == "completed" else outcome
    calls.finish(line().engine, request.args.get("call", ""), missed, now(), line().durably)
    return Response(status=200)


def _call(public_id: str) -> tuple[str, str]:
    with reading(line().engine) as session:
        call: Call | None = calls.find(session, public_id)
        if call is None:
            abort(404)
        return call.conversation.person.language, call.home_number


def _saying(verb: VoiceResponse | Gather, key: str, language: str) -> VoiceResponse | Gather:
    verb.say(render_spoken(key, language), language=VOICES[language])
    return verb


def _twiml(response: VoiceResponse | Gather) -> Response:
    return Response(str(response), mimetype="text/xml")
