"""The call to a case worker on call: what it is for is said only as "someone needs you"; 1 takes it."""

from flask import Response, abort, request
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot import calls, incidents, roster
from bot.bootstrap import now
from bot.db import writing
from bot.models import Call, CallState
from webhooks.security import line
from webhooks.voice.speaking import saying, twiml

TAKE = "1"


def answered(call: Call) -> VoiceResponse:
    """The phone is picked up; a voice box may have done that, so only a key takes the incident."""
    language = call.conversation.person.language
    response = VoiceResponse()
    keys = Gather(
        num_digits=1, timeout=10, action=f"/twilio/voice/incident-key?call={call.public_id}", method="POST"
    )
    saying(keys, "on_call_call", language)
    response.append(keys)
    # Said twice: somebody who was asleep hears the second.
    response.append(keys)
    return saying(response, "call_goodbye", language)


def incident_key() -> Response:
    """A key was pressed: 1 takes the incident unless somebody has it; any other is asked again."""
    with writing(line().engine) as session:
        call = calls.find(session, request.args.get("call", ""))
        if call is None or call.incident_id is None:
            abort(404)
        language = call.conversation.person.language
        worker = roster.worker_of(session, call.conversation.person)
        if worker is None:
            return twiml(saying(VoiceResponse(), "call_goodbye", language))
        if request.form.get("Digits", "") != TAKE:
            return twiml(answered(call))
        calls.advance(call, CallState.JOINED, now())
        mine = incidents.take_call(session, call, worker, now(), line().durably)
    return twiml(saying(VoiceResponse(), "on_call_call_yours" if mine else "on_call_call_taken", language))
