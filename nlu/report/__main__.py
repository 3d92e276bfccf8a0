"""`make nlu-report`: cross-validation, the test split, calibration, what is outside, speed.

`PYTHONPATH=nlu nlu/.venv/bin/python -m report [--fast] [--pictures FOLDER]`

Thresholds and settings are chosen on the validation split; the test split only shows what they give.
"""

import argparse
import sys
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np
import yaml
from sklearn.model_selection import StratifiedKFold

from report import examples, pipeline, scores, tables
from report.examples import LANGUAGES, OUTSIDE, ROOT, Example
from report.pipeline import Understood

FOLDS = 5
THRESHOLDS = (0.0, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)
MOST_FREQUENT = 15
TIMED = 500


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description="How well the line understands.")
    parser.add_argument("--fast", action="store_true", help="leave cross-validation out")
    parser.add_argument("--pictures", type=Path, default=ROOT / "var" / "nlu-report", help="folder for PNGs")
    asked = parser.parse_args()
    loaded = pipeline.Pipeline(pipeline.trained_model())
    test, validation = examples.split("test"), examples.split("validation")
    understood = loaded.understand([one.text for one in test])
    columns = {f"test {name}": _scores(test, understood, name) for name in LANGUAGES}
    folds = _cross_validation() if not asked.fast else None
    if folds:
        columns = {**{f"{FOLDS}-fold {name}": _scores(*folds, name) for name in LANGUAGES}, **columns}
    _print("Per intent (the fallback counts as out_of_scope)", tables.intents(columns))
    _print("Most frequent confusions on the test split (meant > understood)", _confusions(test, understood))
    _pictures(test, understood, asked.pictures)
    if folds:
        _fallback("cross-validation", *folds)
    _fallback("validation", validation, loaded.understand([one.text for one in validation]))
    _fallback("test", test, understood)
    _calibration(test, understood)
    _speed(loaded, test)
    _print("Macro F1", [f"{title:10} {scores.macro_f1(column):.3f}" for title, column in columns.items()])
    return 0


def _print(title: str, lines: Sequence[str]) -> None:
    print(f"\n{title}", *lines, sep="\n", flush=True)


def _of(language: str, meant: Sequence[Example], found: Sequence[Understood]) -> tuple:
    pairs = [pair for pair in zip(meant, found, strict=True) if pair[0].language == language]
    return [one.intent for one, _ in pairs], [one for _, one in pairs]


def _scores(meant: Sequence[Example], found: Sequence[Understood], language: str) -> Dict:
    intents, understood = _of(language, meant, found)
    return scores.per_intent(intents, [one.told for one in understood])


def _cross_validation() -> Tuple[List[Example], List[Understood]]:
    """Each fifth of the training data understood by a model of the other four."""
    data = examples.training()
    strata = [f"{one.language} {one.intent}" for one in data]
    meant: List[Example] = []
    found: List[Understood] = []
    for train, held_out in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(data, strata):
        asked = [data[place] for place in held_out]
        meant += asked
        found += pipeline.understood_after_training(
            [data[place] for place in train], [one.text for one in asked]
        )
    return meant, found


def _confusions(meant: Sequence[Example], found: Sequence[Understood]) -> List[str]:
    lines = []
    for name in LANGUAGES:
        intents, understood = _of(name, meant, found)
        pairs = scores.confusions(intents, [one.told for one in understood])
        lines += [f"{name} {count:3d}  {one} > {other}" for (one, other), count in pairs[:MOST_FREQUENT]]
    return lines


def _pictures(meant: Sequence[Example], found: Sequence[Understood], folder: Path) -> None:
    from report import picture

    for name in LANGUAGES:
        intents, understood = _of(name, meant, found)
        told = [one.told for one in understood]
        print(picture.draw(intents, told, f"Test split, {name}", folder / f"confusion-{name}.png"))


def _settings() -> Dict:
    """Of the FallbackClassifier in nlu/config.yml."""
    steps = yaml.safe_load((ROOT / "nlu" / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return next(step for step in steps if step["name"] == "FallbackClassifier")


def _fallback(title: str, meant: Sequence[Example], found: Sequence[Understood]) -> None:
    settings = _settings()
    sweeps = []
    for name in LANGUAGES:
        rows = scores.sweep(*_of(name, meant, found), THRESHOLDS, settings["ambiguity_threshold"])
        _print(
            f"Fallback by threshold, {title} {name} (set: {settings['threshold']})", tables.thresholds(rows)
        )
        sweeps.append(rows)
    means = [float(np.mean([row.macro_f1 for row in rows])) for rows in zip(*sweeps, strict=True)]
    print(f"best mean macro F1 on {title}: {max(means):.3f} at {THRESHOLDS[int(np.argmax(means))]}")


def _calibration(meant: Sequence[Example], found: Sequence[Understood]) -> None:
    for name in LANGUAGES:
        intents, understood = _of(name, meant, found)
        pairs = list(zip(intents, understood, strict=True))
        answered = [pair for pair in pairs if pair[1].told != OUTSIDE]
        for title, some in (("before the fallback", pairs), ("what passes the fallback", answered)):
            error, rows = scores.reliability(
                [intent == one.first for intent, one in some], [one.confidence for _, one in some]
            )
            _print(
                f"Calibration on the test split, {name}, {title}: error {error:.3f}",
                tables.calibration(rows),
            )


def _speed(loaded: pipeline.Pipeline, test: Sequence[Example]) -> None:
    texts = [one.text for one in test]
    lines = tables.speed(*loaded.milliseconds(texts[:: max(1, len(texts) // TIMED)]))
    # A report trains as well, with all that needs: what serving holds is in benchmarks/rasa_turn.py.
    _print("Speed of one text, alone", lines)


if __name__ == "__main__":
    sys.exit(main())
