"""How the line speaks on the phone: replies read out, as TwiML."""

from typing import TypeVar

from flask import Response, request
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot.replies import LANGUAGES, render_spoken

VOICES = {"en": "en-US", "es": "es-US"}
#: The line's other language.
OTHER = {"en": "es", "es": "en"}
#: How long a key is waited for, in seconds.
KEY_SECONDS = 10


Verb = TypeVar("Verb", VoiceResponse, Gather)


def saying(verb: Verb, key: str, language: str, **fill: object) -> Verb:
    """The verb, with a spoken reply added to it."""
    verb.say(render_spoken(key, language, **fill), language=VOICES[language])
    return verb


def one_key(action: str, timeout: int = KEY_SECONDS) -> Gather:
    """A wait for one key, that goes on at an address of ours."""
    return Gather(input="dtmf", num_digits=1, timeout=timeout, action=action, method="POST")


def asked_in() -> str:
    """The language a question was put in, as our own address says; English when it says none of ours."""
    language = request.args.get("lang", "")
    return language if language in LANGUAGES else "en"


def goodbye(language: str, key: str = "call_goodbye") -> VoiceResponse:
    """Last words, and the line is closed."""
    response = saying(VoiceResponse(), key, language)
    response.hangup()
    return response


def twiml(response: VoiceResponse) -> Response:
    """A webhook's answer."""
    return Response(str(response), mimetype="text/xml")
