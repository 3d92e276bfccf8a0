"""Learn the weights from every text written down: `.venv/bin/python -m bot.triage.likeness.learning`.

Two models of the same pieces: one tells emergencies from harmless texts, one the kind of an emergency. And
networks over what a text means (learning_meaning.py). Needs scikit-learn (requirements-dev.txt); the line
itself needs only the weights.
"""

import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.triage.guarding import standing
from bot.triage.likeness import learning_meaning
from bot.triage.likeness.grams import emphasis, grams
from bot.triage.likeness.signs import signs
from bot.triage.likeness.texts import EMERGENCIES, NONE, digest, of_the_dialogue, texts
from bot.triage.likeness.weighing import SCALE
from bot.triage.matching import matches
from bot.triage.rules import rule_book
from bot.triage.text import reading_of

WEIGHTS = Path(__file__).with_name("weights.json.gz")
#: Inverse strength of the penalties on weights, of danger and of the kind; chosen out of fold.
STRENGTH, STRENGTH_OF_KIND = 300.0, 20.0
#: How many pieces are kept.
KEPT = 120_000
#: What an everyday text counts beside one that sounds alarming: there are many, and few are near the border.
EVERYDAY = 0.05

Pairs = list[tuple[str, str]]


def made_of() -> bool:
    """Whether the weights were learned from the texts that are here now."""
    with gzip.open(WEIGHTS, "rt", encoding="utf-8") as file:
        page = json.load(file)
    return bool(page["made_of"] == digest() and page["networks"] == learning_meaning.digest(WEIGHTS.parent))


def pieces_of(text: str) -> list[str]:
    """Everything of a text that is weighed."""
    book = rule_book()
    reading = reading_of(text, book)
    seen = signs(matches(reading, book), standing(reading, book))
    return [*grams(reading.words[1:-1], book.named), *seen]


def learn(pairs: Pairs, found: list[list[str]]) -> dict[str, Any]:
    """The weights of some texts and their pieces, as weighing.py reads them."""
    kinds = np.array([kind for _, kind in pairs])
    everyday = {text for text, _ in of_the_dialogue()}
    counting = np.array([EVERYDAY if text in everyday else 1.0 for text, _ in pairs])
    counted = Counter(gram for one in found for gram in set(one))
    vocabulary = sorted(gram for gram, count in counted.items() if count > 1 or gram[0] not in "~<")
    shares, rarity = _shares(found, vocabulary)
    if len(vocabulary) > KEPT:
        danger, _, _, _ = _fit(shares, kinds, counting)
        told = np.abs(danger) * rarity
        vocabulary = sorted(vocabulary[at] for at in np.argsort(-told, kind="stable")[:KEPT])
        shares, rarity = _shares(found, vocabulary)
    danger, bias, of_kind, bias_of_kind = _fit(shares, kinds, counting)
    rows = np.rint(np.column_stack([danger, of_kind]) * SCALE).astype(int).tolist()
    return {
        "kinds": list(EMERGENCIES),
        "bias": np.rint(np.append(bias, bias_of_kind) * SCALE).astype(int).tolist(),
        "grams": {
            gram: [round(rare * SCALE), *row]
            for gram, rare, row in zip(vocabulary, rarity, rows, strict=True)
        },
    }


def _shares(found: list[list[str]], vocabulary: list[str]) -> tuple[csr_array, NDArray[np.float64]]:
    """How much each piece has of each text, and how rare each piece is."""
    counting = CountVectorizer(analyzer=iter, vocabulary=vocabulary)
    counts = counting.fit_transform(found).astype(np.float64)
    texts_with = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + len(found)) / (1 + texts_with)) + 1
    rarity *= np.array([emphasis(piece) for piece in vocabulary])
    # Each text has the length 1, every time a piece stands in it counted apart, as weighing.py adds them up.
    lengths = np.sqrt(counts @ rarity**2)
    return csr_array(diags_array(1 / np.maximum(lengths, 1e-9)) @ counts @ diags_array(rarity)), rarity


def _fit(
    shares: csr_array, kinds: NDArray[np.str_], counting: NDArray[np.float64]
) -> tuple[Any, Any, Any, Any]:
    """Weights and bias of danger, then those of each kind."""
    real = kinds != NONE
    balance = np.where(real, len(kinds) / (2 * real.sum()), len(kinds) / (2 * (~real).sum()))
    danger = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, max_iter=2000, tol=1e-3, random_state=1
    )
    danger.fit(shares, real, sample_weight=counting * balance)
    kind = LogisticRegression(C=STRENGTH_OF_KIND, max_iter=300, tol=1e-3)
    kind.fit(shares[real], np.array([EMERGENCIES.index(one) for one in kinds[real]]))
    return danger.coef_[0], danger.intercept_[0], kind.coef_.T, kind.intercept_


def main() -> int:
    """Learn from all texts and write the weights; the same texts give the same file."""
    pairs = texts()
    networks = learning_meaning.write(pairs, WEIGHTS.parent)
    learned = learn(pairs, [pieces_of(text) for text, _ in pairs])
    page = {"made_of": digest(), "networks": networks, **learned}
    with WEIGHTS.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode())
    print(f"{len(pairs)} texts, {sum(kind != NONE for _, kind in pairs)} of them emergencies")
    print(f"{len(page['grams'])} pieces, {WEIGHTS.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
