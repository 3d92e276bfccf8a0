"""The work of benchmarks/nlu.py, in Rasa's environment."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from report import examples, pipeline, scores, tables
from report.examples import OUTSIDE

THRESHOLDS = np.arange(0.0, 0.95, 0.1)
TIMED = 300


def main() -> int:
    """Train on one file, test on another; without files, on our own data and splits."""
    parser = argparse.ArgumentParser(description="The line's pipeline on any labelled texts.")
    parser.add_argument("train", type=Path, nargs="?", help="CSV of sentence,label")
    parser.add_argument("test", type=Path, nargs="?", help="CSV of sentence,label")
    asked = parser.parse_args()
    if (asked.train is None) != (asked.test is None):
        parser.error("give both files or none")
    learnt = examples.from_csv(asked.train) if asked.train else examples.training()
    test = examples.from_csv(asked.test) if asked.test else examples.split("test")
    texts, meant = [one.text for one in test], [one.intent for one in test]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        model = pipeline.train(learnt, Path(folder)) if asked.train else pipeline.trained_model()
        loaded = pipeline.Pipeline(model)
    trained = time.monotonic() - began
    found = loaded.understand(texts)
    took = loaded.milliseconds(texts[:TIMED])
    outside = sum(intent == OUTSIDE for intent in meant)
    print(
        f"{len(learnt)} examples of {len({one.intent for one in learnt})} intents; "
        f"{len(test) - outside} texts inside, {outside} outside"
    )
    how = "train and load" if asked.train else "train (unless kept) and load"
    print(f"{how} {trained:.0f} s")
    print("one text", *tables.speed(*took), sep="\n")
    for language in sorted({one.language for one in test}):
        here = [place for place, one in enumerate(test) if one.language == language]
        rows = scores.sweep([meant[at] for at in here], [found[at] for at in here], THRESHOLDS, 0.0)
        print("", language, *tables.thresholds(rows), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
