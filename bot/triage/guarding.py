"""Is a match silenced: denied, past, supposed, told of, an idiom, or over?"""

from bot.triage.patterns import Pattern, Reading, Span
from bot.triage.rules import Guard, Rule, RuleBook


def silenced(rule: Rule, spans: list[Span], reading: Reading, book: RuleBook) -> str | None:
    """The name of the guard that speaks against a match ("unless" for the rule's own), or None."""
    clauses = _clauses(reading, book)
    if any(_in_clause(found, spans, clauses) for one in rule.unless for found in _spans(one, reading)):
        return "unless"
    for guard in book.guards:
        if guard.name in rule.guards:
            for pattern in guard.any:
                if pattern.needs <= reading.present and any(
                    _speaks_against(guard, found, spans, clauses, reading)
                    for found in _spans(pattern, reading)
                ):
                    return guard.name
    return None


def _spans(pattern: Pattern, reading: Reading) -> list[Span]:
    if not pattern.needs <= reading.present:
        return []
    found: list[Span] = reading.remember(
        ("spans", pattern.written),
        lambda: [(min(s for s, _ in one), max(e for _, e in one)) for one in reading.find_all(pattern)],
    )
    return found


def _clauses(reading: Reading, book: RuleBook) -> list[int]:
    """Which clause each word is in: a new one with each sentence and after "but", "and now"."""
    counted: list[int] = reading.remember(("clauses", ""), lambda: _count_clauses(reading, book))
    return counted


def _count_clauses(reading: Reading, book: RuleBook) -> list[int]:
    starts = {start for one in book.clause_breaks for start, _ in _spans(one, reading)}
    clause, clauses = 0, []
    for at in range(reading.total):
        if at and (at in starts or reading.sentence_of[at] != reading.sentence_of[at - 1]):
            clause += 1
        clauses.append(clause)
    return clauses


def _in_clause(found: Span, spans: list[Span], clauses: list[int]) -> bool:
    first, last = clauses[found[0]], clauses[found[1] - 1]
    return any(clauses[start] <= last and first <= clauses[end - 1] for start, end in spans)


def _speaks_against(
    guard: Guard, found: Span, spans: list[Span], clauses: list[int], reading: Reading
) -> bool:
    if guard.place == "before":
        # "i am not suicidal": what stands in the gap of a match speaks against it as well.
        if any(set(range(*found)) <= set(reading.between.get(span, ())) for span in spans):
            return True
        return any(
            found[1] <= start and start - found[1] <= guard.reach and clauses[found[1] - 1] == clauses[start]
            for start, _ in spans
        )
    if guard.place == "over":
        return any(found[0] < end and start < found[1] for start, end in spans)
    if guard.place == "after":
        return all(start < found[1] for start, _ in spans)
    if guard.place == "ahead":
        return any(found[0] <= start and clauses[found[1] - 1] == clauses[start] for start, _ in spans)
    return _in_clause(found, spans, clauses)
