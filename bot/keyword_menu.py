"""What the line can still do while the dialogue model is away: three offers, by keyword and ZIP."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from bot.consent import LANGUAGE_WORDS
from bot.models import Conversation
from bot.ports import Reply
from bot.presenting import list_fill
from bot.triage.assess import normalise
from services_directory import places, search

KEYWORDS = {
    "food": r"food|hungry|eat|meals?|comida|hambre|comer|groceries|pantry",
    "treatment": r"treatment|detox|rehab|subs?|suboxone|methadone|bupe|sick|dopesick|tratamiento|clean|quit using",
    "shelter": r"shelter|sleep|bed|dormir|refugio",
}
CALL_HOME = re.compile(r"\b(?:call|home|llamar|casa|mom|dad|mama|papa)\b")
PERSON = re.compile(r"\b(?:person|human|someone|persona|talk)\b")


def answer(session: Session, conversation: Conversation, text: str, at: datetime) -> list[Reply]:
    """Replies to a text without any model. Remembers on the conversation what was asked for."""
    plain = normalise(text)
    if plain in LANGUAGE_WORDS:
        return [Reply("language_set")]
    need = next((need for need, words in KEYWORDS.items() if re.search(rf"\b(?:{words})\b", plain)), None)
    if need is None and CALL_HOME.search(plain):
        conversation.menu_need = None
        return [Reply("talk_to_person")]
    if need is None and PERSON.search(plain):
        return [Reply("talk_to_person")]
    need = need or conversation.menu_need
    conversation.menu_need = need
    if need is None:
        return [Reply("menu")]
    place = places.resolve(text, place_expected=conversation.menu_need is not None)
    if place is None:
        asking = f"ask_place_{need}" if need in {"food", "treatment", "shelter"} else "ask_place_other"
        return [Reply(asking)]
    matches = search.find(session, need, place, at, limit=3)
    if not matches:
        return [Reply("nothing_found", {"label": place.label})]
    return [Reply("service_list", list_fill(place.label, matches))]
