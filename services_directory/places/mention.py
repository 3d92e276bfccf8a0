"""A name in a text that may be somebody's place."""

from dataclasses import dataclass

from services_directory.places.place import Place


@dataclass(frozen=True)
class Mention:
    """A name in a text: which words, what it may be, and how sure it is by itself."""

    start: int
    end: int
    places: tuple[Place, ...]
    name: str
    strength: int
    #: A ZIP before a corner before a name.
    rank: int
    with_state: bool = False
    #: It may be a person's name as well, or (`common`) something else altogether.
    person: bool = False
    common: bool = False
