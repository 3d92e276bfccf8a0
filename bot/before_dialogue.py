"""What is answered before the dialogue model is asked: emergencies, and case workers who take them."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import check_ins, emergencies, home_messages, incidents, voicemail
from bot.calls import CallLimits
from bot.consent import Wish
from bot.emergencies import Said, worried
from bot.models import Message
from bot.ports import Durably


def answer(
    session: Session, message: Message, wish: Wish, now: datetime, durably: Durably, limits: CallLimits
) -> Said | None:
    """What the line says to a text without the dialogue; None when that is the dialogue's to answer.

    In this order: a case worker's answer to an alert, home's answer to a text sent for somebody, an
    emergency going on, a message on home's voicemail, an answer to "are you safe?", and that question itself.
    """
    conversation = message.conversation
    if conversation.person.opted_out_at is not None or wish in {Wish.STOP, Wish.START}:
        return None
    # In their own emergency a bare "ok" means "done, what next".
    bare = emergencies.going_on(session, conversation) is None
    to_alert = incidents.answer(session, conversation, message.body, now, durably, bare=bare)
    if to_alert is not None:
        return Said(to_alert)
    if bare and wish is Wish.NONE:
        # Home's words are for whom they answer, and never heard as if somebody in a crisis had said them.
        to_home = home_messages.answer(session, message, now, durably)
        if to_home is not None:
            return Said(to_home)
    check_ins.hear_after_silence(session, conversation, message.body, now, durably)
    in_danger = emergencies.answer(session, message, wish, now, durably)
    if in_danger is not None or wish is not Wish.NONE:
        return in_danger
    to_voicemail = voicemail.answer(session, message, now, durably, limits)
    if to_voicemail is not None:
        return Said(to_voicemail)
    return worried.answer(session, message, now, durably) or worried.ask(message, now)
