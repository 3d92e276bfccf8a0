"""Names with a letter or two wrong: "ballerd", "pionner square"."""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from services_directory.places.wording import ordinary_words

#: Shorter words are one slip away from everything.
SHORTEST = 5
#: From this length on two slips are forgiven, and from the next three. A swap of neighbours is one slip.
TWO_SLIPS_FROM = 8
THREE_SLIPS_FROM = 12
#: A person just asked for a place gets one slip more from this length on.
MORE_WHEN_ASKED_FROM = 7


class Spelling:
    """Names by first letter and length, so that a misspelt one is compared with few."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[tuple[str, int], list[str]] = {}
        self._words: set[str] = set()
        self._longest = 0
        for name in names:
            if len(name) >= SHORTEST:
                self._names.setdefault((name[0], len(name)), []).append(name)
                self._longest = max(self._longest, len(name))
                if " " in name:
                    self._words.update(name.split(" "))

    def closest(self, said: str, words: int, *, asked: bool, sure: bool = False) -> str | None:
        """The name nearest to a phrase of so many words, if it is only slips away; None when none is.

        `asked`: the person has just been asked for a place. `sure`: it is a place for other reasons, such as
        a state said after it, so that an everyday word may be a slip as well.
        """
        slips = _slips(len(said), asked=asked)
        if not slips or len(said) > self._longest + slips:
            return None
        pieces = said.split(" ")
        known = not sure and all(piece in ordinary_words() or len(piece) < 3 for piece in pieces)
        if known and (words == 1 or self._words.isdisjoint(pieces)):
            return None
        best, found = slips + 1, None
        for length in range(len(said) - slips, len(said) + slips + 1):
            for name in self._names.get((said[0], length), ()):
                # "rent on" is no Renton, but "capital hill" is Capitol Hill.
                if known and (name.count(" ") + 1 != words or not _differs_within_a_word(said, name)):
                    continue
                distance = OSA.distance(said, name, score_cutoff=slips)
                if distance < best:
                    best, found = distance, name
        return found if best <= slips else None


def _slips(length: int, *, asked: bool) -> int:
    if length < SHORTEST:
        return 0
    slips = 1 + (length >= TWO_SLIPS_FROM) + (length >= THREE_SLIPS_FROM)
    return slips + (asked and MORE_WHEN_ASKED_FROM <= length < TWO_SLIPS_FROM)


def _differs_within_a_word(said: str, name: str) -> bool:
    """Whether one of two phrases' words is the same and the others nearly: not a chance likeness."""
    pairs: Sequence[tuple[str, str]] = list(zip(said.split(" "), name.split(" "), strict=True))
    same = [one == other for one, other in pairs]
    return any(same) and all(
        equal or (min(len(one), len(other)) > 4 and OSA.distance(one, other) <= 2)
        for equal, (one, other) in zip(same, pairs, strict=True)
    )
