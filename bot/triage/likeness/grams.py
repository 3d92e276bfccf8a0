"""The pieces of a text that are weighed: words alone and in a row, runs of letters, classes of the rules."""

from collections.abc import Iterator, Mapping, Sequence

LONGEST_RUN = 5
#: Classes so many words apart are taken together.
NEAR = 2
#: So much longer texts (some ten messages) are looked at in pieces too: a danger in one must not be outvoted.
WINDOW, STEP = 60, 30


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


def of_length(total: int) -> str:
    """How long a text of so many words is, in steps of about a half."""
    long = total.bit_length()
    return f"#{min(16, 2 * long + (total >> max(0, long - 2) & 1))}"


def grams(words: Sequence[str], classes: Mapping[str, Sequence[str]]) -> list[str]:
    """Every piece of a text, as often as it stands there."""
    found = [piece for word in words for piece in of_word(word, classes)]
    for at, word in enumerate(words):
        following = words[at + 1 : at + 1 + NEAR]
        found += (" ".join(words[at : at + 2 + more]) for more in range(len(following)))
        for near in following:
            found += of_classes(classes.get(word, ()), classes.get(near, ()))
    return [*found, of_length(len(words))]


def emphasis(piece: str) -> float:
    """How much more or less than other pieces a piece counts; chosen out of fold."""
    if piece.startswith(("!pattern", "!silent pattern")):
        return 0.7
    if piece.startswith("!"):
        return 0.5
    if piece.startswith("<"):
        return 1.0
    return {0: 1.0, 1: 1.4, 2: 0.7}[piece.count(" ")]


def windows(total: int) -> Iterator[tuple[int, int]]:
    """The whole of a text of so many words, and for a long one its pieces, each half over the last."""
    yield 0, total
    if total > WINDOW + STEP:
        for start in range(0, total - STEP, STEP):
            yield start, min(total, start + WINDOW)
