"""Names a text holds: ZIPs, corners, what a gazetteer knows, towns, and all of these misspelt."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from services_directory.places.cities import cities, state_after, states
from services_directory.places.corners import addresses_in, corners_in
from services_directory.places.gazetteer import Gazetteer, gazetteers
from services_directory.places.mention import Mention
from services_directory.places.place import Place
from services_directory.places.spelling import Spelling
from services_directory.places.tokens import BREAK, COMMA, Word, key_of, words
from services_directory.places.towns import NEAR_MILES, is_abroad, miles, town_at, within
from services_directory.places.wording import wording
from services_directory.places.zips import zips_in

#: Words of the longest name.
LONGEST_NAME = 5
#: Words of the longest name whose spelling is forgiven.
LONGEST_MISSPELT = 4
#: Names of a middle of any town.
_CENTERS = {"downtown", "centro", "el centro", "down town"}


def mentions_in(
    text: str, said: Sequence[Word], names: Sequence[str], expected: bool, near: Place | None
) -> Iterator[Mention]:
    """Every name in a text that could be a place, each by itself: what is said around it is not looked at.

    `said` and `names` are the text's words and those in plain form; `expected` and `near` as for `look_up`.
    """
    homes = _homes(near)
    yield from _zip_mentions(text, homes)
    taken: set[int] = set()
    for area in gazetteers():
        for corner in (*corners_in(names, area), *addresses_in(names, area)):
            taken.update(range(corner.start, corner.end))
            yield Mention(
                corner.start, corner.end, corner.places, corner.name, 0 if corner.doubtful else 2, rank=2
            )
    for mention in _name_mentions(said, names, taken, homes, near):
        if mention.strength > 1 or mention.with_state:
            taken.update(range(mention.start, mention.end))
        yield mention
    yield from _misspelt_mentions(said, names, taken, expected, homes)


def _zip_mentions(text: str, homes: Sequence[Place]) -> Iterator[Mention]:
    for found in zips_in(text):
        far = not within(found.place, homes, 2 * NEAR_MILES)
        if far and (found.doubtful or found.misspelt):
            continue
        start = len(words(text[: found.start]))
        yield Mention(start, start + 1, (found.place,), found.place.label, 2, rank=3)


def _name_mentions(
    said: Sequence[Word], names: Sequence[str], taken: set[int], homes: Sequence[Place], near: Place | None
) -> Iterator[Mention]:
    at = 0
    while at < len(names):
        mention = None if at in taken else _name_at(said, names, at, homes, near)
        if mention:
            yield mention
            at = mention.end
        else:
            at += 1


def _name_at(
    said: Sequence[Word], names: Sequence[str], at: int, homes: Sequence[Place], near: Place | None
) -> Mention | None:
    for length in range(min(LONGEST_NAME, len(names) - at), 0, -1):
        piece = names[at : at + length]
        if BREAK in piece or COMMA in piece:
            continue
        key, end = key_of(piece), at + length
        mention = _local(said, names, key, at, end, near) or town_at(said, names, key, at, end, homes)
        if mention:
            return mention
    return None


def _local(
    said: Sequence[Word], names: Sequence[str], key: str, at: int, end: int, near: Place | None
) -> Mention | None:
    """A name of a gazetteer. A state said after it must be the area's."""
    found = [(area, area.names[key]) for area in gazetteers() if key in area.names]
    if not found and key not in _CENTERS:
        return None
    state = state_after(said, end)
    if state:
        found = [(area, named) for area, named in found if area.state == state[0]]
    if near is not None and len(found) > 1:
        found = [min(found, key=lambda pair: miles(pair[0].middle, near))]
    elsewhere = near is not None and not any(_covers(area, near) for area in gazetteers())
    if near is not None and elsewhere and near.kind == "city" and key in _CENTERS:
        return Mention(at, end, (replace(near, label=f"Downtown {near.label}"),), key, 2, rank=1)
    if not found or is_abroad(names, end):
        return None
    weak = all(named.weak for _, named in found)
    places = tuple(named.place for _, named in found)
    return Mention(
        at, state[1] if state else end, places, places[0].label, 0 if weak else 2, 1, bool(state), common=weak
    )


def _misspelt_mentions(
    said: Sequence[Word], names: Sequence[str], taken: set[int], expected: bool, homes: Sequence[Place]
) -> Iterator[Mention]:
    seen: set[str] = set()
    after = [state_after(said, end) for end in range(len(said) + 1)]
    blocked = [at in taken or not word.isalpha() for at, word in enumerate(names)]
    for at in range(len(names)):
        for length in range(LONGEST_MISSPELT, 0, -1):
            end = at + length
            if end > len(names) or any(blocked[at:end]):
                continue
            key = key_of(names[at:end])
            if key in seen:
                continue
            seen.add(key)
            name = _meant(key, length, names, after[end], expected)
            if name and not _spelt_right(key, homes):
                mention = _local(said, names, name, at, end, None) or town_at(
                    said, names, name, at, end, homes
                )
                if mention:
                    yield replace(mention, start=at)


def _meant(
    key: str, length: int, names: Sequence[str], state: tuple[str, int] | None, expected: bool
) -> str | None:
    """The name a phrase is meant for, if it is misspelt: one from here, else a town's."""
    sure = state is not None and names[state[1] - 1] not in states().words_too
    name = _local_spelling().closest(key, length, asked=expected, sure=sure)
    if name or not (state or expected):
        return name
    return town_spellings()[state[0] if state else ""].closest(key, length, asked=False)


def _spelt_right(key: str, homes: Sequence[Place]) -> bool:
    # A village far away may be called what somebody here writes for a place here: "bellvue", "lynwood".
    return any(key in area.names for area in gazetteers()) or any(
        city.known or within(city.place, homes, NEAR_MILES) for city in cities().get(key, ())
    )


@cache
def _local_spelling() -> Spelling:
    """Names here, and of towns near enough to be walked or bused to."""
    names: set[str] = set()
    for area in gazetteers():
        names.update(area.names)
        for name, group in cities().items():
            near = any(within(city.place, [area.middle], area.radius_miles) for city in group)
            if near and name not in wording().never:
                names.add(name)
    return Spelling(sorted(names))


@cache
def town_spellings() -> dict[str, Spelling]:
    """Towns by state; under the empty text those known everywhere."""
    names: dict[str, set[str]] = {}
    for name, group in cities().items():
        for city in group:
            names.setdefault(city.state, set()).add(name)
            if city.known:
                names.setdefault("", set()).add(name)
    return {state: Spelling(sorted(several)) for state, several in names.items()}


def _homes(near: Place | None) -> list[Place]:
    return [*([near] if near is not None else []), *(area.middle for area in gazetteers())]


def _covers(area: Gazetteer, place: Place) -> bool:
    return miles(area.middle, place) <= area.radius_miles
