"""Learn the weights from every text written down: `.venv/bin/python -m bot.triage.likeness.learning`.

The examples and counter-examples of the rules, bot/triage/texts/, the validation texts and, as harmless ones,
what the dialogue model is trained with. Needs scikit-learn (requirements-dev.txt); the line itself needs only
the weights.
"""

import csv
import gzip
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.triage.likeness.grams import grams
from bot.triage.likeness.weighing import SCALE
from bot.triage.normalising import read
from bot.triage.rules import KINDS, load_rules, rule_book
from bot.triage.spelling import corrected

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = Path(__file__).with_name("weights.json.gz")
SPLIT = ROOT / "tests" / "unit" / "triage" / "split"
NONE = "none"
EMERGENCIES = tuple(kind for kind in KINDS if kind != "unsure")
#: Inverse strength of the penalty on weights, and how many pieces are kept; chosen on the validation texts.
STRENGTH, KEPT = 20.0, 60_000
#: What an everyday text counts beside one that sounds alarming: there are many, and few are near the border.
EVERYDAY = 0.3
_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def texts() -> list[tuple[str, str]]:
    """Every text and its kind, "none" for a harmless one; the same text once, in a settled order."""
    kinds: dict[str, str] = {}
    for text, kind in (*_of_the_dialogue(), *_written(), *_of_the_rules()):
        kinds[text] = kind
    return sorted(kinds.items())


def _of_the_rules() -> Iterator[tuple[str, str]]:
    for rule in load_rules():
        if rule.kind != "unsure":
            yield from ((text, rule.kind) for text in rule.examples)
    for rule in load_rules():
        yield from ((text, NONE) for text in rule.counter_examples)


def _written() -> Iterator[tuple[str, str]]:
    folder = ROOT / "bot" / "triage" / "texts"
    # The test texts are for judging alone; nobody learns from them.
    for file in [*sorted(folder.glob("*/*.csv")), *sorted(SPLIT.glob("validation_*.csv"))]:
        with file.open(encoding="utf-8", newline="") as rows:
            yield from ((row["text"], row["kind"]) for row in csv.DictReader(rows))


def _of_the_dialogue() -> Iterator[tuple[str, str]]:
    """What is no crisis to the dialogue model; its crisis texts have no kinds and are left out."""
    for file in sorted((ROOT / "nlu" / "data" / "nlu").glob("*/*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8")).get("nlu", []):
            if "intent" in block and block["intent"] != "crisis":
                for line in block["examples"].splitlines():
                    yield _ANNOTATION.sub(r"\1", line.removeprefix("- ").strip()), NONE
    for file in sorted((ROOT / "tests" / "nlu" / "split" / "validation").glob("*.yml")):
        for intent, lines in yaml.safe_load(file.read_text("utf-8")).items():
            if intent != "crisis":
                yield from ((line, NONE) for line in lines.splitlines())


def digest() -> str:
    """Names the texts there are."""
    return hashlib.sha256(json.dumps(texts()).encode()).hexdigest()


def made_of() -> bool:
    """Whether the weights were learned from the texts that are here now."""
    with gzip.open(WEIGHTS, "rt", encoding="utf-8") as file:
        return bool(json.load(file)["made_of"] == digest())


def learn(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The weights of some texts, as weighing.py reads them."""
    book = rule_book()
    found = [grams(corrected(read(text), book.vocabulary).words, book.named) for text, _ in pairs]
    kinds = [NONE, *EMERGENCIES]
    wanted = np.array([kinds.index(kind) for _, kind in pairs])
    everyday = {text for text, _ in _of_the_dialogue()}
    weights = np.array([EVERYDAY if text in everyday else 1.0 for text, _ in pairs])
    counted = Counter(gram for one in found for gram in set(one))
    vocabulary = sorted(gram for gram, count in counted.items() if count > 1 or gram[0] not in "~<")
    model, rarity = _fit(found, wanted, weights, vocabulary)
    if len(vocabulary) > KEPT:
        told = np.abs(model.coef_).max(axis=0) * rarity
        vocabulary = sorted(vocabulary[at] for at in np.argsort(-told, kind="stable")[:KEPT])
        model, rarity = _fit(found, wanted, weights, vocabulary)
    rows = np.rint(model.coef_.T * SCALE).astype(int).tolist()
    return {
        "kinds": kinds,
        "bias": np.rint(model.intercept_ * SCALE).astype(int).tolist(),
        "grams": {
            gram: [round(rare * SCALE), *row]
            for gram, rare, row in zip(vocabulary, rarity, rows, strict=True)
        },
    }


def _fit(
    found: list[list[str]],
    wanted: NDArray[np.intp],
    weights: NDArray[np.float64],
    vocabulary: list[str],
) -> tuple[Any, NDArray[np.float64]]:
    counting = CountVectorizer(analyzer=iter, vocabulary=vocabulary)
    counts = counting.fit_transform(found).astype(np.float64)
    texts_with = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + len(found)) / (1 + texts_with)) + 1
    # Each text has the length 1, every time a piece stands in it counted apart, as weighing.py adds them up.
    lengths = np.sqrt(counts @ rarity**2)
    shares = diags_array(1 / np.maximum(lengths, 1e-9)) @ counts @ diags_array(rarity)
    model = LogisticRegression(C=STRENGTH, max_iter=1000, class_weight="balanced")
    return model.fit(csr_array(shares), wanted, sample_weight=weights), rarity


def main() -> int:
    """Learn from all texts and write the weights; the same texts give the same file."""
    pairs = texts()
    page = {"made_of": digest(), **learn(pairs)}
    with WEIGHTS.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode())
    print(f"{len(pairs)} texts, {sum(kind != NONE for _, kind in pairs)} of them emergencies")
    print(f"{len(page['grams'])} pieces, {WEIGHTS.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
