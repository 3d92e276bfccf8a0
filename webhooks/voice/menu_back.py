"""A home calls the line back: it hears nothing of what the line does, and the person hears that it called."""

from flask import request
from twilio.twiml.voice_response import VoiceResponse

from bot import home_messages
from bot.bootstrap import now
from bot.db import writing
from bot.home_messages.calling_back import Home
from bot.phone_menu import has_number
from webhooks.security import line
from webhooks.voice.speaking import one_key, saying

FOR_THEMSELVES = "1"


def home_that_calls(number: str) -> Home | None:
    """The home at a number, once whoever reached it has been told; None for everybody else."""
    if not has_number(number):
        return None
    with writing(line().engine) as session:
        sid = request.form.get("CallSid", "")
        return home_messages.called_back(session, number, sid, now(), line().durably)


def greeting(home: Home) -> VoiceResponse:
    """What to do in an emergency, what this line is to them, and how to leave word or to refuse."""
    keys = one_key(f"/twilio/voice/menu-home-back?lang={home.language}")
    saying(keys, "menu_back_hello", home.language)
    if home.told:
        saying(keys, "menu_back_told", home.language)
    saying(keys, "menu_back_keys", home.language)
    response = VoiceResponse()
    response.append(keys)
    return saying(response, "call_goodbye", home.language)


def refuses(number: str) -> bool:
    """A home wants no more. False when it is none."""
    with writing(line().engine) as session:
        return home_messages.refuse_by_key(session, number, now())
