"""What home means by a text, and whether a person's words may be passed on; pure functions."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.opting_out import asks_for_silence
from bot.triage import assess
from bot.triage.assess import normalise

#: With who it is from, how to answer and how to refuse, two segments hold no more.
LONGEST_WORDS = 100
LINKS, TO_THE_PERSON = "links", "to_the_person"


class Answer(StrEnum):
    """What home's text means for whom it answers."""

    #: Words for the person.
    WORDS = "words"
    #: They ask something of the line for themselves.
    FOR_THEMSELVES = "for_themselves"
    REFUSES = "refuses"
    WRONG_NUMBER = "wrong_number"
    #: They say that the person has died: whoever writes, it is not whom they knew.
    LOSS = "loss"
    #: They say that the person is dangerous to them.
    DANGER = "danger"
    #: They look for a child.
    CHILD = "child"
    #: They ask who it is, where, or how they are.
    SEEKS = "seeks"


class Unusable(StrEnum):
    """Why words are not passed on to home."""

    TOO_LONG = "home_message_too_long"
    NOT_PASSED_ON = "home_message_not_usable"


#: In this order: a text may be several of them, and whoever does not want to hear is heard first.
IN_ORDER = (
    Answer.DANGER,
    Answer.LOSS,
    Answer.WRONG_NUMBER,
    Answer.REFUSES,
    Answer.CHILD,
    Answer.SEEKS,
)


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    page: dict[str, Any] = yaml.safe_load((files("bot.home_messages") / "wording.yml").read_text("utf-8"))
    lists: dict[str, Sequence[str]] = {
        **page["answers"],
        Answer.FOR_THEMSELVES: page["for_themselves"],
        Unusable.NOT_PASSED_ON: page["not_passed_on"],
        TO_THE_PERSON: page["to_the_person"],
    }
    links = re.compile("|".join(page["links"]))
    return {LINKS: links} | {
        name: re.compile(rf"(?<!\w)(?:{'|'.join(some)})(?!\w)") for name, some in lists.items()
    }


def read_answer(text: str, name: str | None = None) -> Answer:
    """What home means by a text. `name` is whom they were told it is from."""
    plain = normalise(text)
    if name:
        # "Danny died" is said of the person as much as "he died".
        plain = re.sub(rf"\b{re.escape(normalise(name))}\b", "he", plain)
    if asks_for_silence(text):
        return Answer.REFUSES
    found = next((kind for kind in IN_ORDER if _means(kind, plain)), None)
    if found is not None:
        return found
    if _patterns()[Answer.FOR_THEMSELVES].search(plain):
        return Answer.FOR_THEMSELVES
    return Answer.WORDS


def _means(kind: Answer, plain: str) -> bool:
    if kind is Answer.LOSS and _patterns()[TO_THE_PERSON].search(plain):
        return False
    return bool(_patterns()[kind].search(plain))


def unusable(words: str) -> Unusable | None:
    """Why a person's words may not be passed on to home, or None when they may."""
    if len(words) > LONGEST_WORDS:
        return Unusable.TOO_LONG
    threat = assess(words).kind == "violence"
    link = _patterns()[LINKS].search(words.casefold())
    if threat or link or _patterns()[Unusable.NOT_PASSED_ON].search(normalise(words)):
        return Unusable.NOT_PASSED_ON
    return None if re.search(r"\w", words) else Unusable.NOT_PASSED_ON
