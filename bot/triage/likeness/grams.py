"""The pieces of a text that are weighed: words alone and in a row, runs of letters, classes of the rules."""

from collections.abc import Iterator, Mapping, Sequence

LONGEST_RUN = 5
#: Classes so many words apart are taken together.
NEAR = 2
#: Longer texts are looked at in pieces too: a danger in one line of twenty must not be outvoted.
WINDOW, STEP = 30, 15


def of_word(word: str, classes: Mapping[str, Sequence[str]]) -> list[str]:
    """The pieces a word has of its own. `classes` are the names of a word's classes.

    Runs of letters begin with "~" ("_" is an edge), classes with "<": what is learned of "not breathing" is
    known of "ain't breathin" too.
    """
    edged = f"_{word}_"
    runs = [
        "~" + edged[at : at + long]
        for long in range(3, LONGEST_RUN + 1)
        for at in range(max(1, len(edged) - long + 1))
    ]
    return [word, *runs, *(f"<{name}" for name in classes.get(word, ()))]


def of_classes(some: Sequence[str], near: Sequence[str]) -> Iterator[str]:
    """The pieces of two words near each other, by the classes of each."""
    for name in some:
        for other in near:
            yield f"<{name} <{other}"


def grams(words: Sequence[str], classes: Mapping[str, Sequence[str]]) -> list[str]:
    """Every piece of a text, as often as it stands there."""
    found = [piece for word in words for piece in of_word(word, classes)]
    for at, word in enumerate(words):
        following = words[at + 1 : at + 1 + NEAR]
        found += (" ".join(words[at : at + 2 + more]) for more in range(len(following)))
        for near in following:
            found += of_classes(classes.get(word, ()), classes.get(near, ()))
    return found


def windows(total: int) -> Iterator[tuple[int, int]]:
    """The whole of a text of so many words, and for a long one its pieces, each half over the last."""
    yield 0, total
    if total > WINDOW + STEP:
        for start in range(0, total - STEP, STEP):
            yield start, min(total, start + WINDOW)
