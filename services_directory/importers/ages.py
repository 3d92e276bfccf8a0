"""The ages a listing serves, as far as its words say it."""

import re
from functools import lru_cache

from services_directory.importers.wording import looked_for, page, patterns_of

Ages = tuple[float | None, float | None]


def ages(minimum: float | None, maximum: float | None, eligibility: str) -> Ages:
    """The youngest and oldest served, in years: as the columns say, or else the words (folded)."""
    if minimum is not None or maximum is not None:
        if minimum is not None and maximum is not None and minimum > maximum:
            # Nobody could go there: one of the two is a mistake, and nobody knows which.
            return None, None
        return minimum or None, maximum if maximum is None or maximum < 99 else None
    return ages_in(eligibility) if eligibility else (None, None)


@lru_cache(maxsize=4096)
def ages_in(text: str) -> Ages:
    """The youngest and oldest that a text (folded) says are served."""
    rules = page()["ages"]
    if not looked_for(rules["look_for"], text):
        return None, None
    spans = [span for sentence in re.split(r"[.;\n]", text) for span in _spans(sentence)]
    if not spans:
        for words, span in rules["words"].items():
            if re.search(words, text.strip()):
                return span[0], span[1]
        return None, None
    # Who is told in several spans is served in any of them.
    low = None if any(span[0] is None for span in spans) else min(span[0] for span in spans if span[0])
    high = None if any(span[1] is None for span in spans) else max(span[1] for span in spans if span[1])
    return low, high


def _spans(sentence: str) -> list[Ages]:
    spans: list[Ages] = []
    for pattern in patterns_of("ages", "between"):
        spans += [(float(one[1]) or None, float(one[2])) for one in pattern.finditer(sentence)]
    lows = _numbers("from", sentence)
    highs: list[float] = []
    if not any(pattern.search(sentence) for pattern in patterns_of("ages", "unless")):
        highs = _numbers("until", sentence) + [number - 1 for number in _numbers("below", sentence)]
    if len(lows) == len(highs) == 1 and lows[0] <= highs[0] and not spans:
        return [(lows[0], highs[0])]
    spans = [one for one in spans if (one[0] or 0) < (one[1] or 0)]
    return [*spans, *((low, None) for low in lows), *((None, high) for high in highs)]


def _numbers(rule: str, sentence: str) -> list[float]:
    found = []
    for pattern in patterns_of("ages", rule):
        found += [float(one[1]) for one in pattern.finditer(sentence)]
    return [number for number in found if 0 < number < 100]
