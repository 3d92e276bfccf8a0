"""Macro F1 of a model on the test split, by language, as one line of JSON, for tests/nlu/test_floor.py."""

import json
import sys
from pathlib import Path
from typing import Dict

from report import examples, scores
from report.pipeline import Pipeline


def macro_f1(model: Path) -> Dict[str, float]:
    """All intents count the same; the fallback counts as out_of_scope."""
    test = examples.split("test")
    told = [one.told for one in Pipeline(model).understand([one.text for one in test])]
    found = {}
    for language in examples.LANGUAGES:
        pairs = [
            (one.intent, other) for one, other in zip(test, told, strict=True) if one.language == language
        ]
        found[language] = scores.macro_f1(scores.per_intent(*zip(*pairs, strict=True)))
    return found


if __name__ == "__main__":
    print(json.dumps(macro_f1(Path(sys.argv[1]))))
