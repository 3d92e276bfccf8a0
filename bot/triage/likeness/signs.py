"""What the rules saw in a text, as pieces that are weighed: a rule alone need not be right or wrong."""

from collections.abc import Iterable, Iterator

from bot.triage.guarding import Standing
from bot.triage.matching import Match

#: Which piece a text has in which no rule found anything.
NO_RULE = "!none"


def signs(found: Iterable[Match], standing: Iterable[Standing]) -> dict[str, int]:
    """The pieces, each once, and at which word of the text (counted from 0, without its edge) it begins."""
    pieces: dict[str, int] = {}
    for match in found:
        for piece in _of_match(match):
            pieces.setdefault(piece, max(0, match.start - 1))
    if not pieces:
        pieces[NO_RULE] = 0
    for one in standing:
        pieces.setdefault(f"!guard {one.guard.name}", max(0, one.span[0] - 1))
    return pieces


def _of_match(match: Match) -> Iterator[str]:
    rule, guard = match.rule, match.guard
    if guard is None:
        yield f"!pattern {match.pattern.written}"
        yield f"!rule {rule.name}"
        yield f"!kind {rule.kind}"
        yield "!unsure" if rule.kind == "unsure" else "!danger"
    else:
        yield f"!silent pattern {match.pattern.written}"
        yield f"!silent rule {rule.name}"
        yield f"!silent kind {rule.kind} {guard}"
        yield f"!silent {guard}"
