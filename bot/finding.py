"""What is near for a need and how it is told: for the dialogue, and for whoever looks what it would say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.details import read_details, who
from bot.facts import unknown_wishes
from bot.needs import family
from bot.phrases import says
from bot.ports import Reply
from bot.presenting import list_fill
from services_directory import search
from services_directory.places import Place
from services_directory.search import Match, Results

SHOWN_AT_ONCE = 3
#: Needs whose question for a place has words of its own.
ASKED_BY_NEED = frozenset({"food", "treatment", "shelter"})
Details = Mapping[str, Any]


@dataclass(frozen=True)
class Looked:
    """What was found for a need; with the radius in miles in which there was nothing if it is farther."""

    need: str
    results: Results
    radius_miles: float | None = None


def asked_for(needs: Sequence[str], text: str) -> tuple[str, ...]:
    """The needs of a text without what it only says is lacking: "got no id, need food" is about food."""
    if "no_id" in read_details(text) and len(needs) > 1:
        return tuple(need for need in needs if need != "id_documents")
    return tuple(needs)


def look(
    session: Session,
    need: str,
    place: Place,
    at: datetime,
    details: Details | None,
    beyond: Collection[str] = (),
) -> Looked:
    """What is near for a need, for somebody who said `details` of themselves (bot.details)."""
    asks = who(details)
    found = search.find(session, need, place, at, asks, SHOWN_AT_ONCE, beyond=beyond)
    if found or found.drop or found.next_miles is None:
        return Looked(need, found)
    # Nothing within reach: what is farther is still better than nothing, said as such.
    farther = search.find(session, need, place, at, asks, SHOWN_AT_ONCE, radius_miles=search.FARTHEST_MILES)
    return Looked(need, farther, found.radius_miles)


def lists(place: Place, looked: Sequence[Looked], details: Details | None) -> list[Reply]:
    """One reply for each need, lists numbered on from one to the next."""
    told: list[Reply] = []
    shown = 0
    for position, one in enumerate(looked, 1):
        if not one.results:
            told.append(nothing(place, one.results))
            continue
        fill = list_fill(place.label, one.results, first_number=shown + 1, radius_miles=one.radius_miles)
        fill |= {
            "need": one.need if len(looked) > 1 else None,
            "goes_on": any(later.results for later in looked[position:]),
            "ask_first": ask_first(details, one.results),
        }
        told.append(Reply("service_list", fill))
        shown += len(one.results)
    return told


def nothing(place: Place, found: Results) -> Reply:
    """That nothing fits; which one wish stands in the way, and how far that would be."""
    if found.drop:
        fill = {"label": place.label, "wish": found.drop, "miles": found.next_miles}
        return Reply("nothing_with_wish", fill)
    return Reply("nothing_found" if found.covered else "nothing_around", {"label": place.label})


def ask_first(details: Details | None, found: Sequence[Match]) -> list[str]:
    """Wishes on which some of the listings say nothing."""
    return unknown_wishes(details, [wish for one in found for wish in one.unknown])


def place_question(needs: Sequence[str], text: str) -> Reply:
    """Asks where, in words that fit what is needed."""
    if len(needs) > 1:
        return Reply("ask_place_several", {"needs": list(needs)})
    need = family(needs[0] if needs else "")
    if need == "health_care" and says("pain", text):
        return Reply("ask_place_pain")
    return Reply(f"ask_place_{need}" if need in ASKED_BY_NEED else "ask_place_other")
