"""Who a match is about, and in which language it was written."""

from typing import Literal

from bot.triage.reading import Reading
from bot.triage.rules import Rule, RuleBook

#: How far before a match its subject may stand.
REACH = 8


def danger_to(rule: Rule, start: int, end: int, reading: Reading, book: RuleBook) -> Literal["self", "other"]:
    """The one in danger: as the rule says, else the person named in the match or nearest before it."""
    if rule.danger_to == "self":
        return "self"
    if rule.danger_to == "other":
        return "other"
    own, others = reading.places(book.selves), reading.places(book.others)
    for low, high in ((start, end), (max(0, start - REACH), start)):
        selves = [at for at in own if low <= at < high]
        third = [at for at in others if low <= at < high]
        if selves or third:
            if low == start:
                return "other" if third and (not selves or third[0] <= selves[0]) else "self"
            return "other" if third and (not selves or third[-1] >= selves[-1]) else "self"
    return "other" if rule.danger_to == "subject_else_other" else "self"


def subject_of(reading: Reading, book: RuleBook) -> Literal["self", "other"]:
    """Who a text without a match is about: more often than not, whoever it names more."""
    own, others = reading.places(book.selves), reading.places(book.others)
    return "other" if len(others) > len(own) or (others and own and others[0] < own[0]) else "self"


def language_of(words: list[str], book: RuleBook) -> str | None:
    """The language that most of the words belong to alone, or None when that says nothing."""
    spanish = sum(map(book.spanish.__contains__, words))
    english = sum(map(book.english.__contains__, words))
    if spanish == english:
        return None
    return "es" if spanish > english else "en"
