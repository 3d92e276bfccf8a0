"""How the line speaks on the phone: replies read out, as TwiML."""

from typing import TypeVar

from flask import Response
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot.replies import render_spoken

VOICES = {"en": "en-US", "es": "es-US"}


Verb = TypeVar("Verb", VoiceResponse, Gather)


def saying(verb: Verb, key: str, language: str) -> Verb:
    """The verb, with a spoken reply added to it."""
    verb.say(render_spoken(key, language), language=VOICES[language])
    return verb


def twiml(response: VoiceResponse) -> Response:
    """A webhook's answer."""
    return Response(str(response), mimetype="text/xml")
