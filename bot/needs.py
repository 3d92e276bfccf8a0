"""Which needs a text speaks of, in the order it names them, by plain words: an intent is only one.

Nothing is learned here, so it also serves the keyword menu while the dialogue model is away.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.triage.assess import normalise

#: Nobody can take in more than so many lists at once.
MOST = 3
CALL_HOME = "call_home"


@dataclass(frozen=True)
class _Words:
    needs: Mapping[str, re.Pattern[str]]
    within: Mapping[str, str]
    beside: frozenset[str]
    never: re.Pattern[str]
    lacks: re.Pattern[str]
    denied: re.Pattern[str]
    corrects: re.Pattern[str]
    adds: re.Pattern[str]


def _any(patterns: Iterable[str]) -> str:
    return rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)"


@cache
def _words() -> _Words:
    page: dict[str, Any] = yaml.safe_load((files("bot") / "needs.yml").read_text("utf-8"))
    between = rf"(?: (?:{'|'.join(page['between'])})){{0,2}} $"
    return _Words(
        needs={need: re.compile(_any(entry["words"])) for need, entry in page["needs"].items()},
        within={need: entry["within"] for need, entry in page["needs"].items() if "within" in entry},
        beside=frozenset(need for need, entry in page["needs"].items() if entry.get("beside")),
        never=re.compile(_any(page["never"])),
        lacks=re.compile(_any(page["lacks"])),
        denied=re.compile(rf"(?<!\w)(?:{'|'.join(page['not_wanted'])}){between}"),
        corrects=re.compile(_any(page["corrects"])),
        adds=re.compile(_any(page["adds"])),
    )


def family(need: str) -> str:
    """The need that this one is a kind of (detox is treatment), or itself."""
    return _words().within.get(need, need)


@cache
def every_need() -> tuple[str, ...]:
    """All that may be asked for, the call home among them."""
    return tuple(_words().needs)


@dataclass(frozen=True)
class Said:
    """Needs a text wants and needs it says it does not want."""

    wanted: tuple[str, ...]
    unwanted: frozenset[str]
    corrects: bool
    adds: bool


def read_needs(text: str) -> Said:
    """What a text wants, a narrow need instead of the wide one it is part of; at most three."""
    plain = _words().lacks.sub(" | ", _words().never.sub(" | ", _plain(text)))
    wanted: dict[str, int] = {}
    unwanted: set[str] = set()
    for need, pattern in _words().needs.items():
        for found in pattern.finditer(plain):
            if _words().denied.search(plain[: found.start()]):
                unwanted.add(need)
            else:
                wanted.setdefault(need, found.start())
    ordered = _narrowed(sorted(wanted, key=lambda need: wanted[need]))
    return Said(
        tuple(ordered[:MOST]),
        frozenset(unwanted - set(ordered)),
        bool(_words().corrects.search(plain)),
        bool(_words().adds.search(plain)),
    )


def _plain(text: str) -> str:
    # A mark after "no" is kept as a bar: "no, a bed" wants the bed.
    return " | ".join(filter(None, (normalise(part) for part in re.split(r"[,.;:!?\n]+", text))))


def _narrowed(ordered: Sequence[str]) -> list[str]:
    """Of one family: its one narrow need; the wide one when several narrow ones are named."""
    found: list[str] = []
    for need in ordered:
        related = {one for one in ordered if family(one) == family(need)}
        narrow = [one for one in related if one != family(one)]
        kept = need if related & _words().beside else narrow[0] if len(narrow) == 1 else family(need)
        if kept not in found:
            found.append(kept)
    return found
