"""The figures of the report, from what was meant and what was understood."""

from collections import Counter
from typing import Dict, List, NamedTuple, Sequence, Tuple

import numpy as np
from sklearn.metrics import precision_recall_fscore_support

from report.examples import OUTSIDE
from report.pipeline import Understood

BINS = 10


class IntentScore(NamedTuple):
    """Of one intent, from 0 to 1, and its number of texts."""

    precision: float
    recall: float
    f1: float
    texts: int


class Sweep(NamedTuple):
    """What one fallback threshold does, from 0 to 1.

    right: texts inside that get their own intent; outside_found: texts outside that are not answered as
    something else; false_rejects: texts inside sent to the fallback; coverage: of all texts, those answered;
    accuracy: of those answered, the right ones; macro_f1: the fallback counting as out_of_scope; the
    threshold is chosen by it.
    """

    threshold: float
    right: float
    outside_found: float
    false_rejects: float
    coverage: float
    accuracy: float
    macro_f1: float

    @property
    def balanced(self) -> float:
        """The mean of both kinds of text."""
        return (self.right + self.outside_found) / 2


def per_intent(meant: Sequence[str], told: Sequence[str]) -> Dict[str, IntentScore]:
    """Every intent that was meant; the fallback counts as out_of_scope."""
    intents = sorted(set(meant))
    columns = precision_recall_fscore_support(meant, told, labels=intents, zero_division=0)
    return {
        intent: IntentScore(*map(float, row[:3]), int(row[3]))
        for intent, *row in zip(intents, *columns, strict=True)
    }


def macro_f1(by_intent: Dict[str, IntentScore]) -> float:
    """The mean of the intents' F1, each intent counting the same."""
    return sum(score.f1 for score in by_intent.values()) / len(by_intent)


def confusions(meant: Sequence[str], told: Sequence[str]) -> List[Tuple[Tuple[str, str], int]]:
    """(meant, told) pairs that differ, most frequent first."""
    return Counter(pair for pair in zip(meant, told, strict=True) if pair[0] != pair[1]).most_common()


def reliability(right: Sequence[bool], confidence: Sequence[float]) -> Tuple[float, List[Tuple]]:
    """Expected calibration error (Guo et al. 2017) and, per tenth of confidence: texts, sure, right."""
    hits, sure = np.asarray(right, float), np.asarray(confidence, float)
    at = np.minimum((sure * BINS).astype(int), BINS - 1)
    rows = [
        (place / BINS, int(here.sum()), float(sure[here].mean()), float(hits[here].mean()))
        for place in range(BINS)
        if (here := at == place).any()
    ]
    error = sum(count * abs(mean_sure - mean_right) for _, count, mean_sure, mean_right in rows)
    return error / max(len(hits), 1), rows


def sweep(
    meant: Sequence[str], understood: Sequence[Understood], thresholds: Sequence[float], ambiguity: float
) -> List[Sweep]:
    """Every threshold, as Rasa's FallbackClassifier would apply it."""
    gold, first = np.asarray(meant), np.asarray([one.first for one in understood])
    sure = np.asarray([one.confidence for one in understood])
    margin = np.asarray([one.margin for one in understood])
    inside = gold != OUTSIDE
    rows = []
    for threshold in thresholds:
        answered = (sure >= threshold) & (margin >= ambiguity) & (first != OUTSIDE)
        right = answered & (first == gold)
        rows.append(
            Sweep(
                float(threshold),
                _share(right, inside),
                _share(~answered, ~inside),
                _share(~answered, inside),
                float(answered.mean()),
                _share(right, answered),
                macro_f1(per_intent(gold, np.where(answered, first, OUTSIDE))),
            )
        )
    return rows


def _share(hits: np.ndarray, among: np.ndarray) -> float:
    return float(hits[among].mean()) if among.any() else float("nan")
