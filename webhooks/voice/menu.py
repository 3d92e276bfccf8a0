"""Somebody calls the line: food, treatment, a call home or a person, by keys or words, in either language."""

import logging

from flask import Response, request
from sqlalchemy.exc import SQLAlchemyError
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot import home_messages, incidents, phone_menu
from bot.bootstrap import now
from bot.calls.outcomes import NO_MORE
from bot.db import reading, writing
from bot.language import detect
from bot.models import IncidentSource
from bot.needs import CALL_HOME
from bot.people import conversation_with, language_of
from bot.phone_menu import Choice, choose, has_number
from bot.phone_places import near, text_list
from webhooks.security import line
from webhooks.voice import menu_back, menu_home, menu_person
from webhooks.voice.speaking import OTHER, VOICES, asked_in, goodbye, saying, twiml

logger = logging.getLogger(__name__)
KEY_SECONDS = 6
ZIP_DIGITS = 5
#: A question is put so often before the call ends with numbers that answer.
MOST_TRIES = 3


def answered() -> Response:
    """The line picks up: what to do in an emergency first, then the menu."""
    try:
        with reading(line().engine) as session:
            language = language_of(session, caller()) or "en"
            was_reached = home_messages.was_reached(session, caller())
        home = menu_back.home_that_calls(caller()) if was_reached else None
    except SQLAlchemyError as error:
        # Whoever calls hears 911 and the menu, whatever is known of them.
        logger.error("a caller is greeted without the database: %s", type(error).__name__)
        language, home = "en", None
    return twiml(menu_back.greeting(home) if home is not None else _menu(language, "menu_hello"))


def menu_home_back() -> Response:
    """A home that calls back pressed a key: 1 asks for itself, 9 wants no more."""
    language, key = asked_in(), request.form.get("Digits", "")
    if key == menu_back.FOR_THEMSELVES:
        return twiml(_menu(language, "menu_hello"))
    if key == NO_MORE and menu_back.refuses(caller()):
        return twiml(goodbye(language, "call_screen_no_more"))
    return twiml(goodbye(language))


def menu_choice() -> Response:
    """A key or words."""
    language, tries = spoken_in(), tried()
    chosen = choose(request.form.get("Digits", ""), request.form.get("SpeechResult", ""))
    if chosen is None:
        if tries + 1 >= MOST_TRIES:
            return twiml(goodbye(language, "menu_not_understood"))
        return twiml(_menu(language, "menu_again", tries + 1))
    if chosen.what == phone_menu.LANGUAGE:
        return twiml(_menu(OTHER[language], "menu_hello"))
    if chosen.what == phone_menu.EMERGENCY:
        return twiml(_emergency(chosen, language))
    if chosen.what == phone_menu.PERSON:
        return menu_person.put_through(VoiceResponse(), language, 0)
    if chosen.what == CALL_HOME:
        return twiml(menu_home.ask_number(language, ask_first=None))
    return twiml(_ask_zip(language, chosen.what, "menu_zip", 0))


def menu_zip() -> Response:
    """A ZIP code, or the name of a place: the answer is read out and texted."""
    language, need, tries = spoken_in(), request.args.get("need", ""), tried()
    said = request.form.get("Digits") or request.form.get("SpeechResult", "")
    instead = choose("", request.form.get("SpeechResult", ""))
    if instead is not None and instead.what == phone_menu.EMERGENCY:
        return twiml(_emergency(instead, language))
    if instead is not None and instead.what == phone_menu.PERSON:
        return menu_person.put_through(VoiceResponse(), language, 0)
    found = near(line().engine, need, said, now())
    if found is None:
        if tries + 1 >= MOST_TRIES:
            return twiml(goodbye(language, "menu_nothing"))
        return twiml(_ask_zip(language, need, "menu_zip_again", tries + 1))
    if not found.matches:
        return twiml(goodbye(language, "menu_nothing"))
    response = saying(VoiceResponse(), "menu_near", language, label=found.label)
    for number, place in enumerate(found.spoken(language), 1):
        saying(response, "menu_place", language, number=number, **place)
        response.pause(length=1)
    texted = has_number(caller()) and text_list(
        line().engine, caller(), found, request.form.get("CallSid", ""), language, now(), line().durably
    )
    saying(response, "menu_texted" if texted else "menu_not_texted", language)
    response.hangup()
    return twiml(response)


def caller() -> str:
    """Who calls."""
    return request.form.get("From", "").strip()


def spoken_in() -> str:
    """The language a caller answers in: that of the question, unless their words are of the other."""
    asked = asked_in()
    return detect(request.form.get("SpeechResult", ""), asked) or asked


def tried() -> int:
    """How often the question was put before."""
    tries = request.args.get("try", "0")
    return int(tries) if tries.isascii() and tries.isdecimal() and len(tries) == 1 else 0


def listening(action: str, language: str, digits: int) -> Gather:
    """A wait for keys or words."""
    return Gather(
        input="dtmf speech",
        num_digits=digits,
        timeout=KEY_SECONDS,
        speech_timeout="auto",
        language=VOICES[language],
        hints=phone_menu.hints(language),
        action=action,
        method="POST",
    )


def _menu(language: str, first: str, tries: int = 0) -> VoiceResponse:
    keys = listening(f"/twilio/voice/menu-choice?lang={language}&try={tries}", language, 1)
    saying(saying(keys, first, language), "menu", language)
    saying(keys, "menu_other_language", OTHER[language])
    response = VoiceResponse()
    response.append(keys)
    # Said twice, for somebody who did not catch it.
    response.append(keys)
    return saying(response, "menu_silent", language)


def _ask_zip(language: str, need: str, key: str, tries: int) -> VoiceResponse:
    keys = listening(f"/twilio/voice/menu-zip?lang={language}&need={need}&try={tries}", language, ZIP_DIGITS)
    saying(keys, key, language)
    response = VoiceResponse()
    response.append(keys)
    response.append(keys)
    return saying(response, "menu_silent", language)


def _emergency(chosen: Choice, language: str) -> VoiceResponse:
    """911 first; people are told; then whoever is on call is rung."""
    response = saying(VoiceResponse(), "menu_emergency", language)
    if has_number(caller()):
        with writing(line().engine) as session:
            conversation = conversation_with(session, caller(), now())
            incidents.open_incident(
                session,
                conversation,
                IncidentSource.TRIAGE,
                chosen.emergency_kind or "crisis",
                now(),
                line().durably,
            )
    return menu_person.putting_through(response, language, 0, emergency=True)
