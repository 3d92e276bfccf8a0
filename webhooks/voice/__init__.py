"""POST /twilio/voice and below: what is heard on the phone. Our number is shown; nothing is recorded."""

from flask import Blueprint, Response, abort, request
from twilio.twiml.voice_response import VoiceResponse

from bot import calling, calls
from bot.bootstrap import now
from bot.db import reading
from bot.models import CallPurpose
from webhooks.security import line
from webhooks.voice import home, incidents, using_alone
from webhooks.voice.speaking import saying, twiml

#: What is heard by whoever picks up, by what the call is for.
ANSWERED = {
    CallPurpose.HOME: home.answered,
    CallPurpose.USING_ALONE: using_alone.answered,
    CallPurpose.INCIDENT: incidents.answered,
}
#: Twilio's CallStatus for the leg of the phone we rang, as an outcome of the call.
MISSED = {"busy", "no-answer", "failed", "canceled"}


def blueprint() -> Blueprint:
    """The routes for calls."""
    door = Blueprint("voice", __name__, url_prefix="/twilio/voice")
    door.post("")(answer)
    keys = (home.connect, home.screen, home.accept, using_alone.alone_key, incidents.incident_key)
    for step in (*keys, home.done, status):
        door.post(f"/{step.__name__.replace('_', '-')}", endpoint=step.__name__)(step)
    return door


def answer() -> Response:
    """The phone we rang picks up, or somebody calls the line itself."""
    public_id = request.args.get("call", "")
    if not public_id:
        return twiml(saying(VoiceResponse(), "line_answers", "en"))
    with reading(line().engine) as session:
        call = calls.find(session, public_id)
        if call is None:
            abort(404)
        return twiml(ANSWERED[CallPurpose(call.purpose)](call))


def status() -> Response:
    """The leg of the phone we rang is over; a call that never got further was missed."""
    outcome = request.form.get("CallStatus", "")
    missed = "missed" if outcome in MISSED or outcome == "completed" else outcome
    calling.finish(line().engine, request.args.get("call", ""), missed, now(), line().durably)
    return Response(status=200)
