"""Answers to check-ins, and wishes about them, while the dialogue model is away."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.check_ins.answers import answered_by
from bot.check_ins.groups import groups
from bot.check_ins.obeying import names_a_time, obey
from bot.check_ins.taking_in import take_in
from bot.check_ins.wishes import Wish, names_check_in, read_wish
from bot.models import Conversation
from bot.ports import Durably, Reply


def answer_without_dialogue(
    session: Session, conversation: Conversation, text: str, now: datetime, durably: Durably
) -> list[Reply]:
    """What to say to a text that is about a check-in; nothing when it is about something else.

    A list of the next places leaves its need on the conversation, so that a ZIP is enough for another.
    """
    answered = answered_by(session, conversation, text, "", now)
    if answered is not None:
        taken = take_in(session, conversation, *answered, now, durably)
        conversation.menu_need = taken.next.need if taken.next else conversation.menu_need
        return list(taken.replies)
    wish = read_wish(text)
    if wish is None:
        return []
    some = groups(session, conversation)
    if not some and not names_check_in(text):
        return []
    if wish is Wish.MOVE and (not some or not names_a_time(text, now, some[0].first.timezone)):
        return []
    return list(obey(session, conversation, wish, text, now, None).replies)
