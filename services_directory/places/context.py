"""What the words around a name say: somebody is, was or goes there, or it is about somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from services_directory.places.tokens import BREAK
from services_directory.places.wording import ending_at, starting_at, wording

#: How many words back a sentence may speak of somebody else and still mean them.
REACH = 9


class Said(IntEnum):
    """How much the words before a name speak for it."""

    DENIED = -10
    OTHERS = -9
    AWAY = -3
    NAMED = -2
    NOTHING = 0
    AT = 2
    SELF_AT = 3


@dataclass(frozen=True)
class Context:
    """What was found: how it is said, and where the words that lead to the name begin."""

    said: Said
    begin: int


def context_of(names: Sequence[str], start: int, end: int, *, street: bool = False) -> Context:
    """The context of the name at words `start` to `end`. `street`: "on" leads to it as well."""
    at, parts = start, wording().parts
    while at and names[at - 1] in parts and not _led_to(names, at, street):
        at -= 1
    lead = _led_to(names, at, street)
    begin = at - lead
    going = 0 if lead else ending_at(names, begin, wording().going)
    begin -= going
    myself = begin
    while myself and names[myself - 1] in wording().me:
        myself -= 1
    if _denied(names, at, begin, myself) or starting_at(names, end, wording().too_far):
        return Context(Said.DENIED, myself)
    if ending_at(names, myself, wording().was) or ending_at(names, begin, wording().was):
        return Context(Said.AWAY, myself)
    if not going and "me" not in names[begin:at] and _somebody_else(names, begin, myself):
        return Context(Said.OTHERS, begin)
    if going:
        return Context(Said.SELF_AT, begin)
    if lead:
        return Context(Said.SELF_AT if myself < begin else Said.AT, myself)
    if begin and names[begin - 1] in wording().away:
        moving = names[begin - 1] in {"to", "a"} and wording().moves & set(
            names[max(0, begin - REACH) : begin]
        )
        return Context(Said.SELF_AT if moving else Said.AWAY, begin)
    if ending_at(names, begin, wording().names_before):
        return Context(Said.NAMED, begin)
    return Context(Said.NOTHING, myself)


def _led_to(names: Sequence[str], at: int, street: bool) -> int:
    lead = ending_at(names, at, wording().at)
    return lead or (ending_at(names, at, wording().at_streets) if street else 0)


def _denied(names: Sequence[str], at: int, begin: int, myself: int) -> bool:
    for edge in sorted({at, begin, myself}):
        length = ending_at(names, edge, wording().deny)
        if not length:
            continue
        # "no im in georgetown" and "no, downtown" correct; "no estoy en ballard" denies.
        english = edge < len(names) and names[edge] in wording().english
        bare = edge == at == begin
        if not (length == 1 and names[edge - 1] in wording().not_before_self and (english or bare)):
            return True
    return False


def _somebody_else(names: Sequence[str], begin: int, myself: int) -> bool:
    if wording().speaker & set(names[myself:begin]):
        # "my mom kicked me out im in kent"
        return False
    for at in range(myself - 1, max(-1, myself - REACH), -1):
        if names[at] == BREAK or names[at] in wording().speaker:
            return False
        if names[at] in wording().others:
            return not _with_me(names, at)
    return False


def _with_me(names: Sequence[str], at: int) -> bool:
    """Whether somebody else is only said to be along, or the host: "for my kids", "staying at my moms"."""
    before = at - 1
    while before >= 0 and names[before] in wording().whose:
        before -= 1
    if before < 0 or names[before] not in wording().with_others:
        return False
    return wording().contact.isdisjoint(names[max(0, before - 3) : before])
