"""Everything that the rules find in a text, the most pressing first, silenced or not."""

from typing import NamedTuple

from bot.triage.guarding import silenced
from bot.triage.patterns import Pattern
from bot.triage.reading import Found, Reading
from bot.triage.rules import Rule, RuleBook

#: A text of so many matches that nothing silences has said enough; few but joined emergencies have more.
MOST = 8


class Match(NamedTuple):
    """Where a rule's pattern was found, and the guard that speaks against it, if one does."""

    rule: Rule
    pattern: Pattern
    places: list[Found]
    guard: str | None

    @property
    def start(self) -> int:
        """The first word of it."""
        return self.places[0].start

    @property
    def end(self) -> int:
        """The word after its last."""
        return max(one.end for one in self.places)


def matches(reading: Reading, book: RuleBook) -> list[Match]:
    """What is found of every rule, in the order of urgency, each pattern once if nothing silences it."""
    present, pressing = reading.present, book.pressing
    candidates = sorted(
        place
        for symbol in present & book.by_anchor.keys()
        for place in book.by_anchor[symbol]
        if pressing[place][1].needs <= present
    )
    found: list[Match] = []
    certain = 0
    for rule, pattern in map(pressing.__getitem__, candidates):
        for places in reading.find_all(pattern):
            guard = silenced(rule, places, reading, book)
            found.append(Match(rule, pattern, places, guard))
            if guard is None:
                # Once is enough.
                certain += 1
                break
        if certain >= MOST:
            break
    return found
