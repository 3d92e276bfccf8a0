"""A caller is put through to a case worker on call, one after the other; honest when there is none."""

from flask import Response, request
from sqlalchemy.orm import Session
from twilio.twiml.voice_response import Dial, VoiceResponse

from bot import calls, marks
from bot.bootstrap import now
from bot.calls.outcomes import TAKE
from bot.db import writing
from bot.models import Call, CallState, Outcome, Reason
from bot.people import conversation_with
from bot.phone_menu import has_number
from bot.roster import who_is_on_call
from webhooks.security import line
from webhooks.voice.speaking import asked_in, goodbye, one_key, saying, twiml

RING_SECONDS = 20
LONGEST_SECONDS = 30 * 60


def menu_person() -> Response:
    """A phone of the team's was not answered, or the talk is over."""
    position = request.args.get("position", "")
    return put_through(
        VoiceResponse(),
        asked_in(),
        int(position) if position.isascii() and position.isdecimal() and len(position) < 3 else 0,
        emergency=request.args.get("danger") == "1",
    )


def put_through(
    response: VoiceResponse, language: str, position: int, *, emergency: bool = False
) -> Response:
    """Go on by ringing whoever is told next on the roster."""
    return twiml(putting_through(response, language, position, emergency=emergency))


def putting_through(
    response: VoiceResponse, language: str, position: int, *, emergency: bool = False
) -> VoiceResponse:
    """Ring whoever is at a position of the roster now; without one say so, and what answers at any hour."""
    with writing(line().engine) as session:
        numbers = _on_call(session)
        call = _record(session)
        if _talked(call):
            if call is not None:
                calls.note_over(call, Outcome.JOINED, now())
            response.hangup()
            return response
        if call is not None:
            # Noted before anybody is rung: whoever hangs up while it rings still wanted a person.
            conversation = call.conversation
            conversation.person_asked_for_at = conversation.person_asked_for_at or now()
            marks.need_person(session, conversation.id, Reason.ASKED, now())
        if position >= len(numbers):
            if call is not None:
                calls.note_over(call, Outcome.NO_ANSWER, now())
            saying(response, "menu_danger_nobody" if emergency else "menu_person_nobody", language)
            if call is not None and not emergency:
                saying(response, "menu_person_noted", language)
            response.hangup()
            return response
        public_id = call.public_id if call is not None else ""
    danger = "&danger=1" if emergency else ""
    if position == 0:
        saying(response, "menu_person_ringing", language)
    dial = Dial(
        # Neither the caller's number nor the worker's is shown.
        caller_id=line().settings.twilio_from,
        answer_on_bridge=True,
        timeout=RING_SECONDS,
        time_limit=LONGEST_SECONDS,
        record="do-not-record",
        action=f"/twilio/voice/menu-person?lang={language}&position={position + 1}{danger}",
        method="POST",
    )
    screen = f"/twilio/voice/menu-person-screen?lang={language}&call={public_id}"
    dial.number(numbers[position], url=screen, method="POST")
    response.append(dial)
    return response


def menu_person_screen() -> Response:
    """A case worker picks up: only a key joins the two."""
    language = asked_in()
    public_id = request.args.get("call", "")
    keys = one_key(f"/twilio/voice/menu-person-accept?lang={language}&call={public_id}")
    response = VoiceResponse()
    response.append(saying(keys, "menu_person_screen", language))
    response.hangup()
    return twiml(response)


def menu_person_accept() -> Response:
    """1 joins, anything else leaves the caller to the next."""
    language = asked_in()
    with writing(line().engine) as session:
        call = calls.find(session, request.args.get("call", ""), lock=True)
        hidden = not request.args.get("call")
        if request.form.get("Digits") != TAKE or (call is None and not hidden):
            return twiml(goodbye(language))
        if call is not None:
            if calls.is_over(call):
                return twiml(goodbye(language))
            calls.advance(call, CallState.JOINED, now())
            call.conversation.person_asked_for_at = None
            # It is nobody's to settle: the caller's own leg ends it.
            call.look_at = None
    return twiml(VoiceResponse())


def _on_call(session: Session) -> list[str]:
    """The numbers to ring, in order. A case worker who calls the line is not rung by it."""
    caller = request.form.get("From", "").strip()
    workers = who_is_on_call(session, now())
    return [worker.person.number for worker in workers if worker.person and worker.person.number != caller]


def _record(session: Session) -> Call | None:
    """The record of this caller being put through; a caller who hides their number leaves none."""
    number = request.form.get("From", "").strip()
    if not has_number(number):
        return None
    conversation = conversation_with(session, number, now())
    return calls.for_person(session, conversation, request.form.get("CallSid", ""), now())


def _talked(call: Call | None) -> bool:
    if call is not None:
        return call.accepted_at is not None
    # Whether a key was pressed is not kept: a phone that was picked up is taken for a talk.
    return request.form.get("DialCallStatus") == "completed"
