"""The pieces of a text that are weighed: words alone and in a row, runs of letters, classes of the rules."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

LONGEST_RUN = 5
#: Classes so many words apart are taken together.
NEAR = 2
#: Longer texts are looked at in pieces too: a danger in one line of twenty must not be outvoted.
WINDOW, STEP = 30, 15


def grams(words: Sequence[str], classes: Mapping[str, Sequence[str]]) -> Counter[str]:
    """Each piece and how often it stands in the text. `classes` are the names of a word's classes.

    Runs of letters begin with "~" ("_" is an edge), classes with "<": what is learned of "not breathing" is
    known of "ain't breathin" too.
    """
    found: Counter[str] = Counter(words)
    found.update(f"{one} {two}" for one, two in zip(words, words[1:], strict=False))
    found.update(f"{one} {two} {three}" for one, two, three in zip(words, words[1:], words[2:], strict=False))
    for word in words:
        edged = f"_{word}_"
        for long in range(3, LONGEST_RUN + 1):
            found.update("~" + edged[at : at + long] for at in range(max(1, len(edged) - long + 1)))
    names = [classes.get(word, ()) for word in words]
    for at, some in enumerate(names):
        following = [name for near in names[at + 1 : at + 1 + NEAR] for name in near]
        for name in some:
            found[f"<{name}"] += 1
            found.update(f"<{name} <{other}" for other in following)
    return found


def windows(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The whole text, and for a long one its pieces, each half over the last."""
    yield words
    if len(words) > WINDOW + STEP:
        for start in range(0, len(words) - STEP, STEP):
            yield words[start : start + WINDOW]
