"""Every text that emergencies are learned from, with its kind."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import yaml

from bot.triage.rules import KINDS, load_rules

ROOT = Path(__file__).resolve().parents[3]
SPLIT = ROOT / "tests" / "unit" / "triage" / "split"
NONE = "none"
EMERGENCIES = tuple(kind for kind in KINDS if kind != "unsure")
_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def texts() -> list[tuple[str, str]]:
    """Every text and its kind, "none" for a harmless one; the same text once, in a settled order."""
    kinds: dict[str, str] = {}
    for text, kind in chain(of_the_dialogue(), *written().values(), _of_the_rules()):
        kinds[text] = kind
    return sorted(kinds.items())


def digest() -> str:
    """Names the texts there are."""
    return hashlib.sha256(json.dumps(texts()).encode()).hexdigest()


def _of_the_rules() -> Iterator[tuple[str, str]]:
    for rule in load_rules():
        if rule.kind != "unsure":
            yield from ((text, rule.kind) for text in rule.examples)
    for rule in load_rules():
        yield from ((text, NONE) for text in rule.counter_examples)


def written() -> dict[str, list[tuple[str, str]]]:
    """What was written to learn from, and the validation texts, by language and file ("en/a")."""
    folder = ROOT / "bot" / "triage" / "texts"
    files = {f"{file.parent.name}/{file.stem}": file for file in sorted(folder.glob("*/*.csv"))}
    # The test texts are for judging alone; nobody learns from them.
    for language in ("en", "es"):
        files[f"{language}/validation"] = SPLIT / f"validation_{language}.csv"
    found = {}
    for name, file in files.items():
        with file.open(encoding="utf-8", newline="") as rows:
            found[name] = [(row["text"], row["kind"]) for row in csv.DictReader(rows)]
    return found


def of_the_dialogue() -> Iterator[tuple[str, str]]:
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
