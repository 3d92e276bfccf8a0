"""What is answered before the dialogue model is asked: emergencies, and case workers who take them."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import check_ins, emergencies, forgetting, home_messages, incidents
from bot.consent import Wish
from bot.emergencies import Said, worried
from bot.models import Message
from bot.ports import Durably


def answer(session: Session, message: Message, wish: Wish, now: datetime, durably: Durably) -> Said | None:
    """What the line says to a text without the dialogue; None when that is the dialogue's to answer.

    In this order: a case worker's answer to an alert, home's answer to a text sent for somebody, an
    emergency going on, an answer to "are you safe?", that question itself, and a wish to be forgotten.
    """
    conversation = message.conversation
    if wish in {Wish.STOP, Wish.START}:
        return None
    to_forget = wish is Wish.NONE and forgetting.concerns(session, message, now)
    if conversation.person.opted_out_at is not None:
        return _forget(session, message, now, durably) if to_forget else None
    # In their own emergency a bare "ok" means "done, what next".
    bare = emergencies.going_on(session, conversation) is None
    to_alert = incidents.answer(session, conversation, message.body, now, durably, bare=bare)
    if to_alert is not None:
        return Said(to_alert)
    if bare and wish is Wish.NONE and not to_forget:
        # Home's words are for whom they answer, and never heard as if somebody in a crisis had said them.
        to_home = home_messages.answer(session, message, now, durably)
        if to_home is not None:
            return Said(to_home)
    check_ins.hear_after_silence(session, conversation, message.body, now, durably)
    incident = incidents.open_of(session, conversation)
    if to_forget and incident is not None and incident.over_at is None:
        # Not a step of the script, and not done either: that is said.
        return _forget(session, message, now, durably)
    in_danger = emergencies.answer(session, message, wish, now, durably)
    if in_danger is not None or wish is not Wish.NONE:
        return in_danger
    return (
        worried.answer(session, message, now, durably)
        or worried.ask(message, now)
        or _forget(session, message, now, durably)
    )


def _forget(session: Session, message: Message, now: datetime, durably: Durably) -> Said | None:
    replies = forgetting.answer(session, message, now, durably)
    return None if replies is None else Said(replies)
