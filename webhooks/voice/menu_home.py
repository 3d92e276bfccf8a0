"""A call home by keys alone, for somebody who has called the line. The number is kept with the call only."""

from flask import Response, abort, request
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot import calls, phone_numbers
from bot.bootstrap import now
from bot.db import writing
from bot.people import conversation_with
from bot.phone_menu import has_number
from bot.replies import home_hears
from webhooks.security import line
from webhooks.voice import home
from webhooks.voice.speaking import asked_in, goodbye, one_key, saying, twiml

#: Long enough to read a number off a piece of paper.
NUMBER_SECONDS = 15
PLACE, CHANGE = "1", "2"


def ask_number(language: str, ask_first: str | None) -> VoiceResponse:
    """Ask for the number; `ask_first` says before it what was wrong with the last one."""
    keys = Gather(
        input="dtmf",
        finish_on_key="#",
        timeout=NUMBER_SECONDS,
        action=f"/twilio/voice/menu-home-number?lang={language}",
        method="POST",
    )
    if ask_first:
        saying(keys, ask_first, language)
    saying(keys, "menu_home_number", language)
    response = VoiceResponse()
    response.append(keys)
    return saying(response, "call_goodbye", language)


def menu_home_number() -> Response:
    """A number was typed: say it back and ask for a yes, or say that it cannot be called."""
    language, caller = asked_in(), request.form.get("From", "").strip()
    if not has_number(caller):
        return twiml(goodbye(language, "menu_home_hidden"))
    given = phone_numbers.read(request.form.get("Digits", ""), line().settings.call_countries)
    if given.number is None:
        urgent = given.unfit is phone_numbers.Unfit.EMERGENCY
        return twiml(ask_number(language, "menu_home_911" if urgent else "menu_home_again"))
    with writing(line().engine) as session:
        conversation = conversation_with(session, caller, now())
        if conversation.person.language_asked_at is None:
            # What they hear from here on, and the text afterwards, are in the language they were asked in.
            conversation.person.language = language
        wrong = calls.problem(
            session, conversation, given.number, line().settings.twilio_from, line().call_limits, now()
        )
        if wrong:
            return twiml(goodbye(language, "menu_home_no"))
        call = calls.from_inbound(session, conversation, given.number, request.form.get("CallSid", ""), now())
        if call is None:
            return twiml(goodbye(language, "menu_home_no"))
        call.language = language
        public_id = call.public_id
    keys = one_key(f"/twilio/voice/menu-home-confirm?lang={language}&call={public_id}")
    hears, digits = home_hears(None, language), " ".join(given.number.removeprefix("+1").lstrip("+"))
    saying(keys, "menu_home_confirm", language, digits=digits, hears=hears)
    response = VoiceResponse()
    response.append(keys)
    return twiml(saying(response, "call_goodbye", language))


def menu_home_confirm() -> Response:
    """1 rings home, 2 asks for the number again."""
    language, key = asked_in(), request.form.get("Digits", "")
    if key == CHANGE:
        return twiml(ask_number(language, None))
    if key != PLACE:
        return twiml(goodbye(language))
    with writing(line().engine) as session:
        call = calls.find(session, request.args.get("call", ""), lock=True)
        if call is None or call.home_number is None:
            abort(404)
        if calls.is_over(call):
            return twiml(goodbye(language))
        return twiml(home.ringing_home(session, call))
