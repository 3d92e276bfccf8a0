"""The call of a using-alone timer that nobody answered by text."""

from flask import Response, abort, request
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot import calls, using_alone
from bot.bootstrap import now
from bot.db import writing
from bot.models import Call
from webhooks.security import line
from webhooks.voice.speaking import saying, twiml

ALL_RIGHT, HELP = "1", "2"


def answered(call: Call) -> VoiceResponse:
    """The phone is picked up; a voice box may have done that, so only a key says that they are all right."""
    language = call.conversation.person.language
    response = VoiceResponse()
    keys = Gather(
        num_digits=1, timeout=10, action=f"/twilio/voice/alone-key?call={call.public_id}", method="POST"
    )
    saying(keys, "alone_call", language)
    response.append(keys)
    # Said twice: somebody who was asleep hears the second.
    response.append(keys)
    return saying(response, "call_goodbye", language)


def alone_key() -> Response:
    """A key was pressed: 1 is all right, 2 is help; any other is asked again."""
    with writing(line().engine) as session:
        call = calls.find(session, request.args.get("call", ""))
        if call is None or call.using_alone_timer_id is None:
            abort(404)
        language, key = call.conversation.person.language, request.form.get("Digits", "")
        if key == ALL_RIGHT:
            using_alone.settle(session, call.using_alone_timer_id, now(), line().durably)
        elif key == HELP:
            using_alone.escalate(session, call.using_alone_timer_id, now(), line().durably)
        else:
            return twiml(answered(call))
    said = "alone_call_safe" if key == ALL_RIGHT else "alone_call_help"
    return twiml(saying(VoiceResponse(), said, language))
