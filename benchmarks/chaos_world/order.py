"""Did what one person heard come in the order in which it was written?"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from bot.models import Message
from bot.urgency import Urgency

#: Causes (bot/turn.py) of answers that keep the order of their texts. "later" does not: it answers what was
#: put aside while an emergency went on. Nor do an emergency's own words, which overtake all.
IN_ORDER = ("first", "in", "again")


def parts_out_of_order(out: Sequence[Message], came: Mapping[int, int]) -> list[int]:
    """Rows that came to the phone after a later part of the same answer.

    `came` says where in the list of all texts each row is.
    """
    answers: dict[str, list[Message]] = defaultdict(list)
    for row in out:
        if row.id in came and row.cause:
            answers[row.cause].append(row)
    return [row_id for rows in answers.values() for row_id in _overtaken(rows, came, _position)]


def answers_out_of_order(out: Sequence[Message], came: Mapping[int, int]) -> list[int]:
    """Rows that came to the phone after the answer to a text that was stored later."""
    people: dict[int, list[Message]] = defaultdict(list)
    for row in out:
        if row.id in came and _keeps_order(row):
            people[row.conversation_id].append(row)
    return [row_id for rows in people.values() for row_id in _overtaken(rows, came, _text)]


def _keeps_order(row: Message) -> bool:
    return (row.cause or "").partition("-")[0] in IN_ORDER and row.urgency != Urgency.EMERGENCY


def _position(row: Message) -> int:
    return row.position


def _text(row: Message) -> int:
    """The text that it answers."""
    return int((row.cause or "").partition("-")[2])


def _overtaken(
    rows: Sequence[Message], came: Mapping[int, int], place: Callable[[Message], int]
) -> list[int]:
    found: list[int] = []
    highest = -1
    for row in sorted(rows, key=lambda row: came[row.id]):
        if place(row) < highest:
            found.append(row.id)
        highest = max(highest, place(row))
    return found
