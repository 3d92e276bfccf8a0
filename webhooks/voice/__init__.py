"""POST /twilio/voice and below: what is heard on the phone. Our number is shown; nothing is recorded."""

from flask import Blueprint, Response, abort, request

from bot import calling, calls
from bot.bootstrap import now
from bot.db import writing
from bot.models import CallPurpose, CallState
from webhooks.security import line
from webhooks.voice import home, incidents, menu, menu_home, menu_person, using_alone, voicemail
from webhooks.voice.speaking import goodbye, twiml

#: What is heard by whoever picks up, by what the call is for.
ANSWERED = {
    CallPurpose.HOME: home.answered,
    CallPurpose.VOICEMAIL: voicemail.answered,
    CallPurpose.USING_ALONE: using_alone.answered,
    CallPurpose.INCIDENT: incidents.answered,
}
STEPS = (
    *(home.connect, home.screen, home.accept, home.machine, home.done),
    *(voicemail.voicemail_said, voicemail.voicemail_key),
    *(using_alone.alone_key, incidents.incident_key),
    *(menu.menu_choice, menu.menu_zip, menu.menu_home_back),
    *(menu_home.menu_home_number, menu_home.menu_home_confirm),
    *(menu_person.menu_person, menu_person.menu_person_screen, menu_person.menu_person_accept),
)


def blueprint() -> Blueprint:
    """The routes for calls."""
    door = Blueprint("voice", __name__, url_prefix="/twilio/voice")
    door.post("")(answer)
    for step in (*STEPS, status):
        door.post(f"/{step.__name__.replace('_', '-')}", endpoint=step.__name__)(step)
    return door


def answer() -> Response:
    """The phone we rang picks up, or somebody calls the line itself."""
    public_id = request.args.get("call", "")
    if not public_id:
        return menu.answered()
    with writing(line().engine) as session:
        call = calls.find(session, public_id, lock=True)
        if call is None:
            abort(404)
        if calls.is_over(call):
            # Taken back while it rang.
            return twiml(goodbye(call.conversation.person.language))
        calls.advance(call, CallState.ANSWERED, now())
        return twiml(ANSWERED[CallPurpose(call.purpose)](call))


def status() -> Response:
    """The leg of the phone we rang is over."""
    calling.note(
        line().engine,
        request.args.get("call", ""),
        now(),
        line().durably,
        leg_status=request.form.get("CallStatus", ""),
        seconds=home.whole_number("CallDuration"),
    )
    return Response(status=204)
