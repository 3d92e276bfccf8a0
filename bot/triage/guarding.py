"""Is a match silenced: denied, past, supposed, told of, an idiom, or over?"""

from itertools import accumulate, pairwise
from typing import NamedTuple

from bot.triage.reading import Found, Reading, Span
from bot.triage.rules import Guard, Rule, RuleBook


class Standing(NamedTuple):
    """A guard where it stands in a text, and the first and last clause that it touches."""

    guard: Guard
    span: Span
    first: int
    last: int


def silenced(rule: Rule, found: list[Found], reading: Reading, book: RuleBook) -> str | None:
    """The name of the guard that speaks against a match ("unless" for the rule's own), or None."""
    clauses = _clauses(reading, book)
    first, last = clauses[min(found)[0]], clauses[max(one.end for one in found) - 1]
    for pattern in rule.unless:
        if any(_in_clause(span, found, clauses) for span in reading.spans(pattern)):
            return "unless"
    for one in standing(reading, book):
        guard = one.guard
        if guard.name not in rule.guards:
            continue
        near = (one.first <= last and first <= one.last) or guard.place == "after"
        if near and _speaks_against(guard, one.span, found, clauses):
            return guard.name
    return None


def standing(reading: Reading, book: RuleBook) -> list[Standing]:
    """Every guard wherever it stands in a text."""
    found: list[Standing] = reading.remember("guards", lambda: _guards_in(reading, book))
    return found


def _guards_in(reading: Reading, book: RuleBook) -> list[Standing]:
    clauses = _clauses(reading, book)
    return [
        Standing(guard, span, clauses[span[0]], clauses[span[1] - 1])
        for guard in book.guards
        for pattern in guard.any
        for span in reading.spans(pattern)
    ]


def _clauses(reading: Reading, book: RuleBook) -> list[int]:
    """Which clause each word is in: a new one with each sentence and after "but", "and now"."""
    found: list[int] = reading.remember("clauses", lambda: _count_clauses(reading, book))
    return found


def _count_clauses(reading: Reading, book: RuleBook) -> list[int]:
    starts = {start for one in book.clause_breaks for start, _ in reading.spans(one)}
    sentences = enumerate(pairwise(reading.sentence_of), 1)
    return list(accumulate((at in starts or one != before for at, (before, one) in sentences), initial=0))


def _in_clause(span: Span, found: list[Found], clauses: list[int]) -> bool:
    first, last = clauses[span[0]], clauses[span[1] - 1]
    return any(clauses[one.start] <= last and first <= clauses[one.end - 1] for one in found)


def _speaks_against(guard: Guard, span: Span, found: list[Found], clauses: list[int]) -> bool:
    begin, end = span
    if guard.place == "before":
        # "i am not suicidal": what stands in the gap of a match speaks against it as well.
        if any(set(range(begin, end)) <= set(one.gaps) for one in found):
            return True
        return any(
            end <= one.start and one.start - end <= guard.reach and clauses[end - 1] == clauses[one.start]
            for one in found
        )
    if guard.place == "over":
        return any(begin < one.end and one.start < end for one in found)
    if guard.place == "after":
        return all(one.start < end for one in found)
    if guard.place == "ahead":
        return any(begin <= one.start and clauses[end - 1] == clauses[one.start] for one in found)
    return _in_clause(span, found, clauses)
