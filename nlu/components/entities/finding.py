"""Everything a text names."""

from typing import List, Text

from components.entities import choices, numbers, places, times, wishes
from components.entities.found import Found


def find_all(text: Text) -> List[Found]:
    """Every entity, by its place in the text.

    An hour ("a las 3") is no choice, and a corner ("3rd") is no time.
    """
    where = places.find(text)
    when = _apart_from(where, times.find(text))
    found = [*numbers.find(text), *where, *when, *wishes.find(text)]
    found += _apart_from([*where, *when], choices.find(text))
    return sorted(found, key=lambda one: (one.start, one.end))


def _apart_from(others: List[Found], found: List[Found]) -> List[Found]:
    return [one for one in found if all(one.end <= other.start or other.end <= one.start for other in others)]
