"""Texts with the intent they should have: training data, splits, and any CSV."""

import csv
from pathlib import Path
from typing import List, NamedTuple

import yaml
from rasa.shared.nlu.training_data.loading import load_data

ROOT = Path(__file__).resolve().parents[2]
SPLITS = ROOT / "tests" / "nlu" / "split"
LANGUAGES = ("en", "es")
OUTSIDE = "out_of_scope"
#: What public data sets call a text that none of their intents fits (HINT3, CLINC150).
OUTSIDE_NAMES = {"no_nodes_detected", "oos", "out_of_scope", "out-of-scope", "ood"}
TEXT_COLUMNS = ("sentence", "text", "query", "utterance")
LABEL_COLUMNS = ("label", "intent", "category")


class Example(NamedTuple):
    """One text and what is meant by it."""

    text: str
    intent: str
    language: str


def split(name: str) -> List[Example]:
    """The texts of tests/nlu/split/`name`, in both languages."""
    found = []
    for language in LANGUAGES:
        intents = yaml.safe_load((SPLITS / name / f"{language}.yml").read_text(encoding="utf-8"))
        for intent, lines in intents.items():
            found += [Example(text, intent, language) for text in lines.splitlines() if text]
    return found


def training() -> List[Example]:
    """The examples of nlu/data/nlu, read as Rasa reads them."""
    return [
        Example(message.get("text"), message.get("intent"), language)
        for language in LANGUAGES
        for message in load_data(str(ROOT / "nlu" / "data" / "nlu" / language)).intent_examples
    ]


def from_csv(path: Path) -> List[Example]:
    """The rows of a CSV with a text column and a label column. Raises SystemExit when it has neither."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        columns = {name.strip().lower(): name for name in rows.fieldnames or []}
        text = next((columns[name] for name in TEXT_COLUMNS if name in columns), None)
        label = next((columns[name] for name in LABEL_COLUMNS if name in columns), None)
        if text is None or label is None:
            raise SystemExit(
                f"{path}: needs one column of {', '.join(TEXT_COLUMNS)} and one of {', '.join(LABEL_COLUMNS)}"
            )
        read = [(" ".join((row[text] or "").split()), (row[label] or "").strip()) for row in rows]
    return [
        Example(text, OUTSIDE if intent.lower() in OUTSIDE_NAMES else intent, "")
        for text, intent in read
        if text and intent
    ]
