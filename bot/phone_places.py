"""Places near a caller, read out and texted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from bot import outbox
from bot.db import reading, writing
from bot.needs import every_need
from bot.people import conversation_with
from bot.ports import Durably, Reply
from bot.presenting import hours_fill, match_fill, names_of
from bot.replies import spoken_hours
from services_directory import places, search
from services_directory.search import Match

#: Nobody on the phone keeps more in mind.
READ_OUT = 3


@dataclass(frozen=True)
class Near:
    """What there is for a need near a place."""

    label: str
    matches: Sequence[Match]

    def spoken(self, language: str) -> list[Mapping[str, str]]:
        """Name, address and today's hours of each, as they are said."""
        return [
            {
                "name": names_of(match)[0],
                "address": match.address or "",
                "hours": spoken_hours(hours_fill(match.hours), language),
            }
            for match in self.matches
        ]


def near(engine: Engine, need: str, said: str, now: datetime) -> Near | None:
    """What is near the place a caller named; None when it names none, or the need is none of ours."""
    digits = "".join(letter for letter in said if letter.isdigit())
    found = places.look_up(digits if len(digits) == 5 else said, place_expected=True)  # noqa: PLR2004
    if found is None or isinstance(found, places.Ambiguous) or need not in every_need():
        return None
    place = found.place
    with reading(engine) as session:
        return Near(place.label, list(search.find(session, need, place, now, limit=READ_OUT)))


def text_list(
    engine: Engine, number: str, found: Near, call_sid: str, language: str, now: datetime, durably: Durably
) -> bool:
    """Text a caller what was read out to them, once a call; False when they want no texts."""
    with writing(engine) as session:
        conversation = conversation_with(session, number, now)
        person = conversation.person
        if person.opted_out_at is not None:
            return False
        if person.language_asked_at is None:
            person.language = language
        replies = [Reply("service_details", match_fill(match)) for match in found.matches]
        if conversation.welcomed_at is None:
            conversation.welcomed_at = now
            replies.insert(0, Reply("first_contact"))
        outbox.put(session, conversation, replies, f"voice-{call_sid[-24:]}", now, durably)
    return True
