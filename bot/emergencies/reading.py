"""What an answer in an emergency means, by plain words: it works with every model away."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from bot.triage.assess import normalise


class Answer(StrEnum):
    """What somebody in an emergency tells or asks."""

    NEXT = "next"
    OVER = "over"
    MAYBE_OVER = "maybe_over"
    POLICE = "police"
    NO_NALOXONE = "no_naloxone"
    #: Nothing or no: after being told to give Narcan there is none; else a step is not done.
    NONE_HERE = "none_here"
    QUESTION = "question"
    ELSE = "else"


@dataclass(frozen=True)
class _Patterns:
    next: re.Pattern[str]
    over_whole: re.Pattern[str]
    over_any: re.Pattern[str]
    over_other: re.Pattern[str]
    over_self: re.Pattern[str]
    not_over: re.Pattern[str]
    unclear: re.Pattern[str]
    maybe_over: re.Pattern[str]
    police: re.Pattern[str]
    no_naloxone: re.Pattern[str]
    none_here: re.Pattern[str]
    question: re.Pattern[str]
    yes: re.Pattern[str]
    no: re.Pattern[str]
    not_safe: re.Pattern[str]


def _any(some: str | Iterable[str]) -> re.Pattern[str]:
    joined = some if isinstance(some, str) else "|".join(some)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


@cache
def _patterns() -> _Patterns:
    page = yaml.safe_load((files("bot.emergencies") / "reading.yml").read_text("utf-8"))
    around = f"(?:(?:{'|'.join(page['around'])}) )*"
    steps = "|".join(sorted(page["next"], key=len, reverse=True))
    return _Patterns(
        next=re.compile(f"{around}(?:{steps})(?: (?:{steps}|{'|'.join(page['around'])}))*"),
        over_whole=re.compile(
            f"{around}(?:{'|'.join(page['over_whole'])})(?: (?:{'|'.join(page['around'])}))*"
        ),
        over_any=_any(page["over_any"]),
        over_other=_any(page["over_other"]),
        over_self=_any(page["over_self"]),
        not_over=_any(page["not_over"]),
        unclear=_any(page["unclear"]),
        maybe_over=_any(page["maybe_over"]),
        police=_any(page["police"]),
        no_naloxone=_any(page["no_naloxone"]),
        none_here=re.compile("|".join(page["none_here"])),
        question=re.compile(rf"(?:{page['question']})\b"),
        yes=_any(page["said_yes"]),
        no=re.compile(rf"(?:{'|'.join(sorted(page['said_no'], key=len, reverse=True))})\b"),
        not_safe=_any(page["not_safe"]),
    )


def read(text: str, danger_to: str | None) -> Answer:
    """What a text means while an emergency goes on. `danger_to` says whose being well ends it."""
    plain, patterns = normalise(text), _patterns()
    if patterns.next.fullmatch(plain):
        return Answer.NEXT
    asks = text.rstrip().endswith("?") or bool(patterns.question.match(plain))
    over = _over(plain, danger_to) if not asks else None
    if over is not None:
        return over
    if patterns.no_naloxone.search(plain):
        return Answer.NO_NALOXONE
    if patterns.police.search(plain):
        return Answer.POLICE
    if patterns.none_here.fullmatch(plain):
        return Answer.NONE_HERE
    return Answer.QUESTION if asks else Answer.ELSE


def _over(plain: str, danger_to: str | None) -> Answer | None:
    patterns = _patterns()
    if patterns.over_whole.fullmatch(plain):
        return Answer.OVER
    said = patterns.not_over.sub(" | ", plain)
    theirs, others = patterns.over_self, patterns.over_other
    if danger_to == "other":
        theirs, others = others, theirs
    rest = theirs.sub(" ", patterns.over_any.sub(" ", said))
    if rest != said:
        return Answer.MAYBE_OVER if patterns.unclear.search(rest) else Answer.OVER
    return Answer.MAYBE_OVER if others.search(said) or patterns.maybe_over.search(plain) else None


def read_yes_or_no(text: str) -> bool | None:
    """The answer to "are you safe right now?" or "is the danger over?"; None when it is neither.

    "I don't know" is a no: only a yes lets the line go on as if nothing were.
    """
    plain, patterns = normalise(text), _patterns()
    if patterns.not_safe.search(plain):
        return False
    begun = patterns.no.match(plain)
    if begun and not patterns.yes.search(plain[begun.end() :]):
        return False
    found = patterns.yes.search(plain)
    return True if found else None
