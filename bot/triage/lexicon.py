"""Word classes: which words and phrases belong to which, each class a number."""

import re
from collections.abc import Iterator, Sequence

_BRACES = re.compile(r"\{([^{}]*)\}")


class Lexicon:
    """Word classes by number, and which words and phrases belong to which."""

    def __init__(self) -> None:
        """Empty."""
        #: Every pattern that asked for a class.
        self.written: dict[str, None] = {}
        self._symbols: dict[frozenset[tuple[str, ...]], int] = {}
        self._members: list[frozenset[tuple[str, ...]]] = []
        self._classes: dict[str, frozenset[tuple[str, ...]]] = {}
        self._single: dict[str, set[int]] = {}
        self._phrases: dict[tuple[str, ...], set[int]] = {}
        #: By their first two words, the rest of a phrase and the classes it belongs to.
        self.phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], tuple[int, ...]]]] = {}
        #: The classes of a word alone, and the words alone of each class.
        self.single: dict[str, frozenset[int]] = {}
        self.alone: list[frozenset[str]] = []

    def define(self, name: str, members: Sequence[str]) -> None:
        """Add a class; a member may name classes defined before it."""
        self._classes[name] = self._classes.get(name, frozenset()) | {
            phrase for member in members for phrase in self._expand(str(member), name)
        }

    def _expand(self, member: str, inside: str) -> Iterator[tuple[str, ...]]:
        for written in _unfold(member):
            ways: list[tuple[str, ...]] = [()]
            for word in written.split():
                if word.startswith("<"):
                    options = self._class(word[1:-1], inside)
                else:
                    options = frozenset((one,) for one in word.split("|"))
                ways = [way + option for way in ways for option in options]
            yield from ways

    def _class(self, name: str, inside: str) -> frozenset[tuple[str, ...]]:
        try:
            return self._classes[name]
        except KeyError:
            raise ValueError(f"no class <{name}>, named in {inside!r}") from None

    def symbol(self, alternatives: str, inside: str) -> int:
        """The number of what may stand at one place of a pattern."""
        self.written[inside] = None
        members: set[tuple[str, ...]] = set()
        for one in alternatives.split("|"):
            if one.startswith("<"):
                members |= self._class(one[1:-1], inside)
            else:
                members |= {tuple(word.split("_")) for word in _unfold(one)}
        key = frozenset(members)
        if key not in self._symbols:
            number = self._symbols[key] = len(self._members)
            self._members.append(key)
            for phrase in key:
                if len(phrase) == 1:
                    self._single.setdefault(phrase[0], set()).add(number)
                else:
                    self._phrases.setdefault(phrase, set()).add(number)
        return self._symbols[key]

    def weight(self, symbol: int, common: frozenset[str]) -> float:
        """How often it will be met: what is rarest is looked for first."""
        members = self._members[symbol]
        return sum(100.0 for phrase in members if all(word in common for word in phrase)) + len(members)

    def freeze(self) -> None:
        """Make the tables for matching. Nothing may be added after."""
        self.single = {word: frozenset(numbers) for word, numbers in self._single.items()}
        self.alone = [frozenset(one[0] for one in some if len(one) == 1) for some in self._members]
        for phrase, numbers in sorted(self._phrases.items()):
            entry = (phrase[2:], tuple(sorted(numbers)))
            self.phrases.setdefault((phrase[0], phrase[1]), []).append(entry)

    def named(self, most: int) -> dict[str, tuple[str, ...]]:
        """The names of the classes each word belongs to, but for classes of more than so many members."""
        names: dict[str, list[str]] = {}
        for name, members in self._classes.items():
            if len(members) <= most:
                for phrase in members:
                    if len(phrase) == 1:
                        names.setdefault(phrase[0], []).append(name)
        return {word: tuple(sorted(some)) for word, some in names.items()}

    @property
    def words(self) -> frozenset[str]:
        """Every word that the patterns speak of."""
        return frozenset(self._single) | {word for phrase in self._phrases for word in phrase}


def _unfold(written: str) -> Iterator[str]:
    """ "beat{,s,ing}" as "beat", "beats", "beating"."""
    found = _BRACES.search(written)
    if not found:
        yield written
        return
    for ending in found[1].split(","):
        yield from _unfold(written[: found.start()] + ending.strip() + written[found.end() :])
