"""A mistake in writing patterns that can be told: a phrase among alternatives without its underscore.

`bleach|rat poison|gas` is read as two words, "bleach" or "rat" and then "poison" or "gas". It must be
`bleach|rat_poison|gas`.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise


def refuse_split_phrases(patterns: Iterable[str]) -> None:
    """Raises ValueError for a phrase with a space among alternatives that is elsewhere written with "_".

    The phrase must stand between two "|": "gun|knife in my|his hand" may well mean what it says.
    """
    written = list(patterns)
    phrases = {
        tuple(one.split("_"))
        for pattern in written
        for element in pattern.split()
        for one in element.removesuffix("?").split("|")
        if "_" in one and not one.startswith("<")
    }
    for pattern in written:
        for phrase in _between_bars(pattern):
            if phrase in phrases:
                raise ValueError(
                    f"write {'_'.join(phrase)!r} if it is one alternative in {pattern!r}; "
                    f"if not, put another one last than {phrase[0]!r}"
                )


def _between_bars(pattern: str) -> Iterator[tuple[str, str]]:
    """Every "one two" of `...|one two|...`."""
    for left, right in pairwise(pattern.split()):
        if "|" in left and "|" in right:
            yield left.split("|")[-1], right.split("|")[0]
