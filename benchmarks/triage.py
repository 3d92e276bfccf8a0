"""Triage: processor time of one text, beside normalising it alone in the same run.

The texts are the validation split, and texts of 1,600 characters: as long as ten joined messages. Words met
before are remembered, as they are in the line; the letters that are no words are new to it.

`.venv/bin/python benchmarks/triage.py [--rounds N]`
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.triage.assess import assess, normalise, warm_up  # noqa: E402
from bot.triage.report import split_texts  # noqa: E402

LONG = 1600
NEW = f"{LONG} letters of no words"
LETTERS = "abcdefghilmnoprstuvy"
#: What a text may cost at the 95th percentile, in milliseconds.
AIM = 1.0


def main() -> int:
    """Print the table; every text is timed `--rounds` times and its quickest counts."""
    parser = argparse.ArgumentParser(description="Triage: speed.")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    began = time.process_time()
    warm_up()
    warm = time.process_time() - began
    print(f"{'processor ms a text':32}{'texts':>7}{'p50':>9}{'p95':>9}{'max':>9}{'x normalising':>15}")
    for what, texts in _texts().items():
        # What was never met can be timed once only.
        took = _times(assess, texts, 1 if what == NEW else rounds)
        alone = _times(normalise, texts, rounds)
        p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
        ratio = sum(took) / sum(alone)
        missed = "" if p95 < AIM else f"  over {AIM:.0f} ms"
        print(f"{what:32}{len(texts):7d}{p50:9.3f}{p95:9.3f}{took[-1]:9.2f}{ratio:15.0f}{missed}")
    print(f"reading rules and weights: {warm:.1f} s, once")
    return 0


def _texts() -> dict[str, list[str]]:
    chance = random.Random(7)  # noqa: S311
    rows = {language: split_texts("validation", language) for language in ("en", "es")}
    page: dict[str, list[str]] = {}
    for language, texts in rows.items():
        page[f"a text, {language}"] = [text for text, _, _ in texts]
        harmless = [text for text, kind, _ in texts if kind == "none"]
        for letters in (160, 480):
            page[f"{letters} letters, harmless, {language}"] = [
                _long(harmless, chance)[:letters] for _ in range(40)
            ]
        alarming = [text for text, kind, _ in texts if kind != "none"]
        page[f"{LONG} letters, harmless, {language}"] = [_long(harmless, chance) for _ in range(40)]
        page[f"{LONG} letters, emergencies, {language}"] = [_long(alarming, chance) for _ in range(40)]
    page[NEW] = ["".join(chance.choices(LETTERS + "   ", k=LONG)) for _ in range(40)]
    return page


def _long(texts: Sequence[str], chance: random.Random) -> str:
    return " ".join(chance.choices(texts, k=80))[:LONG]


def _times(work: Callable[[str], object], texts: Sequence[str], rounds: int) -> list[float]:
    """Milliseconds each, sorted."""
    took = []
    for text in texts:
        best = float("inf")
        for _ in range(rounds):
            began = time.process_time_ns()
            work(text)
            best = min(best, (time.process_time_ns() - began) / 1e6)
        took.append(best)
    return sorted(took)


if __name__ == "__main__":
    sys.exit(main())
