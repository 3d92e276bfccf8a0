"""The place a text names: ZIP, corner, name or town, weighed by what is said around it."""

from collections.abc import Sequence

from services_directory.places.cities import states
from services_directory.places.mentions import mentions_in, town_spellings
from services_directory.places.place import Ambiguous, Found, Place, Reading
from services_directory.places.tokens import Word, words
from services_directory.places.weighing import ENOUGH, weight_of
from services_directory.places.wording import wording

#: Kinds of places that hold others: what a gazetteer calls its own town, and other towns.
_WIDE = {"town", "city"}


def look_up(text: str, *, place_expected: bool = False, near: Place | None = None) -> Reading:
    """The place a text says somebody is at or asks about.

    `place_expected`: the person has just been asked where they are, so a bare name will do and spelling may
    be worse. `near`: where they were before, which decides between places of one name. Needs no network;
    never raises on any text. None also for a place somebody else is at, or that the text denies.
    """
    said = words(text)
    names = [word.plain for word in said]
    weighed = [
        (mention, weight_of(mention, names, place_expected))
        for mention in mentions_in(text, said, names, place_expected, near)
    ]
    enough = [(mention, weight) for mention, weight in weighed if weight >= ENOUGH]
    if any(mention.places[0].kind not in _WIDE for mention, _ in enough):
        # "a bed in seattle near the stadium": the part says more than the whole.
        enough = [pair for pair in enough if pair[0].places[0].kind != "town"]
    if not enough:
        return None
    # Of what weighs the same, the first that was said.
    mention, _ = max(
        enough, key=lambda pair: (pair[0].rank, pair[1], pair[0].end - pair[0].start, -pair[0].start)
    )
    if len(mention.places) == 1:
        return Found(mention.places[0])
    return Ambiguous(mention.name, mention.places)


def resolve(text: str, *, place_expected: bool = False, near: Place | None = None) -> Place | None:
    """The one place a text names, or None when it names none or one of several."""
    found = look_up(text, place_expected=place_expected, near=near)
    return found.place if isinstance(found, Found) else None


def choose(text: str, asked: Ambiguous) -> Place | None:
    """The one of several places that a text says by its state, its label or a fuller name; None for none."""
    said = words(text)
    for at in range(len(said)):
        state = _said_state(said, at)
        fitting = [place for place in asked.choices if state and place.label.endswith(f", {state}")]
        if len(fitting) == 1:
            return fitting[0]
    names = {word.plain for word in said} - wording().fillers - wording().joins
    shared = [len(names & {word.plain for word in words(place.label)}) for place in asked.choices]
    if max(shared, default=0) and shared.count(max(shared)) == 1 and len(names) <= max(shared) + 1:
        return asked.choices[shared.index(max(shared))]
    return resolve(text, place_expected=True) or resolve(f"{asked.name} {text}", place_expected=True)


def _said_state(said: Sequence[Word], at: int) -> str | None:
    for length in (3, 2, 1):
        code = states().codes.get(tuple(word.plain for word in said[at : at + length]))
        # The answer to "which one?" is often the two letters alone.
        if code and (length > 1 or len(said) <= 3 or said[at].plain not in states().words_too):
            return code
    return None


def warm_up() -> None:
    """Read the ZIPs, the names and the word lists now: the first text should not wait for them."""
    town_spellings()
    look_up("hungry near 98104, 3rd and pike or pionner square, springfield", place_expected=True)
