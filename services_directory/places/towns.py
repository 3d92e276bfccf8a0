"""Towns in a text, and how sure the bare name of each is."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from services_directory.geometry import miles_between
from services_directory.places.cities import City, cities, likeliest, state_after, states
from services_directory.places.gazetteer import gazetteers
from services_directory.places.mention import Mention
from services_directory.places.place import Place
from services_directory.places.tokens import COMMA, Word
from services_directory.places.wording import ordinary_words, starting_at, wording

#: A town of a common name within so many miles of a covered area is the one meant.
NEAR_MILES = 60.0
#: How sure a bare name is: 2 by itself, 0 when the text must lead to it, less when it must say the state.
SURE, KNOWN, LED_TO, COMMON_NEAR, COMMON, NEVER = 2, 1, 0, -1, -3, -6
#: Names of states that are better known as towns.
_TOWNS_FIRST = {"new york", "la"}


def town_at(
    said: Sequence[Word], names: Sequence[str], key: str, at: int, end: int, homes: Sequence[Place]
) -> Mention | None:
    """The town or towns of a name (`key`) at words `at` to `end`, or None. `homes`: where is near."""
    group = cities().get(key)
    if not group or len(key) < 2 or is_abroad(names, end):
        return None
    state = state_after(said, end)
    if state:
        group = tuple(city for city in group if city.state == state[0])
        if not group:
            # "price or": no such town there, so no state either.
            state, group = None, cities()[key]
    elif tuple(key.split(" ")) in states().codes and key not in _TOWNS_FIRST:
        return None
    if key == "la" and not _los_angeles(said, names, at, end):
        return None
    ordinary = is_ordinary(key)
    close = any(within(city.place, homes, NEAR_MILES) for city in group)
    # "walla walla" is no first name; "ronald" is.
    here = not ordinary and any(city.state in _states_here() for city in group)
    known = close or any(city.known for city in group)
    chosen = likeliest(group, homes, NEAR_MILES)
    downtown = at > 0 and names[at - 1] in {"downtown", "centro"}
    strength = _strength(key, group, close=close, ordinary=ordinary) + 2 * downtown
    return Mention(
        at - downtown,
        state[1] if state else end,
        tuple(_downtown(city.place) if downtown else city.place for city in chosen),
        chosen[0].place.label.rpartition(",")[0],
        max(strength, COMMON) if state else strength,
        rank=1,
        with_state=bool(state),
        person=key in wording().people or not (known or here),
        common=not (known or here) or (ordinary and not close),
    )


def is_abroad(names: Sequence[str], end: int) -> bool:
    """Whether another country is said right after a name."""
    comma = end < len(names) and names[end] == COMMA
    return starting_at(names, end + comma, wording().abroad)


def _los_angeles(said: Sequence[Word], names: Sequence[str], at: int, end: int) -> bool:
    """Whether "la" is the town and no article: "im in LA", "in la"."""
    led = at > 0 and names[at - 1] in {"in", "near"}
    return led and (end == len(names) or said[at].written == "LA")


def _downtown(place: Place) -> Place:
    return replace(place, label=f"Downtown {place.label}")


@cache
def _states_here() -> frozenset[str]:
    return frozenset(area.state for area in gazetteers())


def is_ordinary(key: str) -> bool:
    """Whether a name is made of everyday words or people's names only."""
    return all(word in ordinary_words() for word in key.split(" "))


def _strength(key: str, group: Sequence[City], *, close: bool, ordinary: bool) -> int:
    if key in wording().never:
        return NEVER
    known, several = any(city.known for city in group), " " in key
    if close and several:
        return SURE
    if key in wording().people and (close or known):
        return LED_TO
    if ordinary and close and group[0].zips > 1:
        return LED_TO
    if ordinary and not known:
        return COMMON_NEAR if close or several else COMMON
    if ordinary:
        return LED_TO
    if close:
        return SURE
    return KNOWN if known else LED_TO


def within(place: Place, homes: Sequence[Place], reach: float) -> bool:
    """Whether a place lies within so many miles of one of some others."""
    return any(miles(place, home) <= reach for home in homes)


def miles(one: Place, other: Place) -> float:
    """The distance between two places."""
    return miles_between(one.latitude, one.longitude, other.latitude, other.longitude)
