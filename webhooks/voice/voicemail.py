"""A message on home's voicemail: said after the beep, or to whoever picks up, with keys to refuse.

Twilio asks here once its machine detection knows who picked up. Wrongly taken for a machine, a person hears
the same words; wrongly taken for a person, a voice box hears them and two keys more.
"""

from datetime import timedelta

from flask import Response, abort, request
from sqlalchemy.orm import Session
from twilio.twiml.voice_response import VoiceResponse

from bot import calls
from bot.bootstrap import now
from bot.calls.ending import REFUSALS
from bot.calls.outcomes import KEYS, WRONG_PERSON
from bot.db import writing
from bot.models import Call, CallPurpose, CallState
from bot.replies import voicemail_says
from webhooks.security import line
from webhooks.voice.speaking import VOICES, goodbye, one_key, saying, twiml

FAX = "fax"
ENDS_WITHIN = timedelta(minutes=1)


def answered(call: Call) -> VoiceResponse:
    """Home's phone is picked up, by a voice box or by somebody."""
    found = request.form.get("AnsweredBy", "")
    calls.note_facts(call, now(), answered_by=found)
    language = _language(call)
    response = VoiceResponse()
    if found == FAX:
        response.hangup()
        return response
    words = voicemail_says(call.name, language)
    if found.startswith("machine"):
        # The beep is not over for every box when detection says so.
        response.pause(length=1)
        response.say(words, language=VOICES[language])
    else:
        keys = one_key(f"/twilio/voice/voicemail-key?call={call.public_id}", timeout=5)
        keys.say(words, language=VOICES[language])
        response.append(saying(keys, "voicemail_keys", language))
    # Only who hears all of it comes here: a box that cuts off, or a phone put down, does not.
    response.redirect(f"/twilio/voice/voicemail-said?call={call.public_id}", method="POST")
    return response


def voicemail_said() -> Response:
    """It was said to the end."""
    with writing(line().engine) as session:
        call = _call(session)
        _said(call)
        response = VoiceResponse()
        response.hangup()
        return twiml(response)


def voicemail_key() -> Response:
    """Somebody who picked up pressed a key: 3 and 9 are for ever."""
    key = request.form.get("Digits", "")
    with writing(line().engine) as session:
        call = _call(session)
        if key in KEYS and call.home_index:
            calls.note_facts(call, now(), home_key=key)
            calls.refuse(session, call.conversation, call.home_index, REFUSALS[KEYS[key]], now())
            said = "call_screen_wrong" if key == WRONG_PERSON else "call_screen_no_more"
            return twiml(goodbye(_language(call), said))
        _said(call)
        return twiml(goodbye(_language(call)))


def _said(call: Call) -> None:
    if calls.advance(call, CallState.JOINED, now()):
        # Nobody talks on: its end is a matter of seconds, and asked about if it is not told.
        call.look_at = now() + ENDS_WITHIN


def _language(call: Call) -> str:
    return call.language or call.conversation.person.language


def _call(session: Session) -> Call:
    call = calls.find(session, request.args.get("call", ""), lock=True)
    if call is None or call.purpose != CallPurpose.VOICEMAIL:
        abort(404)
    return call
