"""What follows the end of a call home: kind words to the person, once, with what they can do next."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import consent_ledger, outbox
from bot.calls.progress import note_over
from bot.calls.refusing import refuse, refused, silent
from bot.models import TO_HOMES, Call, CallPurpose, Consent, HomeMessage, Message, Outcome, Purpose
from bot.ports import Durably, Reply

#: One the person took back needs no text.
REPLIES = {
    Outcome.JOINED: "call_done",
    Outcome.NO_ANSWER: "call_no_answer",
    Outcome.BUSY: "call_busy",
    Outcome.DECLINED: "call_not_accepted",
    Outcome.VOICEMAIL: "call_voicemail",
    Outcome.WRONG_PERSON: "call_wrong_person",
    Outcome.REFUSED: "home_refused",
    Outcome.UNREACHABLE: "call_unreachable",
    Outcome.MISSED: "call_you_missed",
    Outcome.NOT_PRESSED: "call_not_pressed",
    Outcome.HUNG_UP: "call_hung_up",
    Outcome.FAILED: "call_failed",
}
#: Where a voice message's end is told otherwise.
OF_VOICEMAIL = {
    Outcome.LEFT: "voicemail_left",
    Outcome.HEARD: "voicemail_heard",
    Outcome.NOT_LEFT: "voicemail_not_left",
}
REFUSALS = {Outcome.WRONG_PERSON: "wrong_person", Outcome.REFUSED: "key"}


def home_ended(session: Session, call: Call, outcome: Outcome, now: datetime, durably: Durably) -> None:
    """Tell the person how it ended; remember a refusal for ever."""
    if outcome in REFUSALS and call.home_index:
        refuse(session, call.conversation, call.home_index, REFUSALS[outcome], now)
    if call.purpose == CallPurpose.VOICEMAIL:
        close_answers(session, call, outcome, now)
    reply = REPLIES.get(outcome) or OF_VOICEMAIL.get(outcome)
    if reply:
        outbox.put_unprompted(
            session,
            call.conversation,
            [Reply(reply)],
            f"call-{call.id}",
            now,
            durably,
            consent(session, call),
        )


def ended_unwanted(session: Session, call: Call, now: datetime, durably: Durably) -> bool:
    """End a call that home has refused since it was asked for, and tell the person. False when it has not."""
    if call.purpose in TO_HOMES and call.home_index:
        outcome = None
        if refused(session, call.conversation, call.home_index):
            outcome = Outcome.REFUSED
        elif silent(session, call.home_index):
            # That they want nothing from the line would say that they know it.
            outcome = Outcome.UNREACHABLE
        if outcome is not None and note_over(call, outcome, now):
            home_ended(session, call, outcome, now, durably)
            return True
    return False


def close_answers(session: Session, call: Call, outcome: Outcome, now: datetime) -> None:
    """What home heard it may answer for days; what it did not hear it cannot."""
    sent = session.scalars(select(HomeMessage).where(HomeMessage.call_id == call.id)).first()
    if sent is None or sent.closed_at is not None:
        return
    if outcome in {Outcome.LEFT, Outcome.HEARD}:
        sent.sent_at = now
    else:
        sent.closed_at, sent.closed_by = now, "refused" if outcome in REFUSALS else "lost"


def consent(session: Session, call: Call) -> Consent:
    """What the person agreed to: the call, in their words, and word of how it ended."""
    asked = session.get(Message, call.message_id) if call.message_id else None
    return consent_ledger.agree(
        session,
        call.conversation,
        Purpose.VOICEMAIL if call.purpose == CallPurpose.VOICEMAIL else Purpose.CALL_HOME,
        asked.body if asked else "",
        call.created_at,
        message_id=call.message_id,
        asked="ask_home_confirmed" if asked else "menu_home_confirm",
    )
