"""How well triage tells emergencies from what only sounds like one: `python -m bot.triage.report`."""

import csv
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.triage.assess import Kind, assess
from bot.triage.rules import load_rules

SPLIT = Path(__file__).resolve().parents[2] / "tests" / "unit" / "triage" / "split"
UNSURE = "unsure"
KINDS = [kind.value for kind in Kind]


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1. `kind_right` and `who_right` are of the emergencies.

    `passed_over` are emergencies that were neither caught nor asked about.
    """

    emergencies: int
    harmless: int
    recall: float
    passed_over: float
    false_alarms: float
    asked: float
    kind_right: float
    who_right: float


def split_texts(name: str, language: str) -> list[tuple[str, str, str]]:
    """The text, its kind and who is in danger, as somebody labelled it who had not seen the rules."""
    with (SPLIT / f"{name}_{language}.csv").open(encoding="utf-8", newline="") as rows:
        return [(row["text"], row["kind"], row["danger_to"]) for row in csv.DictReader(rows)]


def figures(texts: Sequence[tuple[str, str, str]]) -> Figures:
    """How the texts are judged."""
    found = [(assess(text), kind, who) for text, kind, who in texts]
    real = [one for one in found if one[1] != Kind.NONE]
    rest = [one for one in found if one[1] == Kind.NONE]
    caught = [one for one in real if one[0].emergency]
    return Figures(
        emergencies=len(real),
        harmless=len(rest),
        recall=len(caught) / max(1, len(real)),
        passed_over=sum(not (one[0].emergency or one[0].unsure) for one in real) / max(1, len(real)),
        false_alarms=sum(one[0].emergency for one in rest) / max(1, len(rest)),
        asked=sum(one[0].unsure for one in rest) / max(1, len(rest)),
        kind_right=sum(one[0].kind == one[1] for one in real) / max(1, len(real)),
        who_right=sum(one[0].danger_to == one[2] for one in caught) / max(1, len(caught)),
    )


def confusion(texts: Sequence[tuple[str, str]]) -> dict[str, Counter[str]]:
    """For each kind that a text has, what it was taken for; "unsure" is asked about."""
    table: dict[str, Counter[str]] = {}
    for text, kind in texts:
        found = assess(text)
        table.setdefault(kind, Counter())[UNSURE if found.unsure else found.kind.value] += 1
    return table


def own_examples() -> list[tuple[str, str]]:
    """Every example of a rule with its kind, and every counter-example as harmless."""
    examples = [(text, rule.kind) for rule in load_rules() for text in rule.examples]
    return examples + [(text, Kind.NONE.value) for rule in load_rules() for text in rule.counter_examples]


def everyday_texts() -> list[str]:
    """Texts of the dialogue's own test split that are no crisis: what people write most of the time."""
    found: list[str] = []
    for file in sorted((SPLIT.parents[2] / "nlu" / "split" / "test").glob("*.yml")):
        for intent, lines in yaml.safe_load(file.read_text("utf-8")).items():
            found += lines.splitlines() if intent != "crisis" else []
    return found


def _print_confusion(title: str, texts: Sequence[tuple[str, str]]) -> None:
    columns = [*KINDS, UNSURE]
    print(f"\n{title} (rows: what they are; columns: what they were taken for)")
    print(f"{'':12}" + "".join(f"{column:>12}" for column in columns))
    table = confusion(texts)
    for kind in [one for one in columns if one in table]:
        print(f"{kind:12}" + "".join(f"{table[kind][column]:>12}" for column in columns))


def _print_speed(texts: Sequence[str]) -> None:
    took = []
    for text in texts:
        began = time.process_time_ns()
        assess(text)
        took.append((time.process_time_ns() - began) / 1e6)
    took.sort()
    p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(f"\none text, processor time: p50 {p50:.2f} ms, p95 {p95:.2f} ms over {len(took)} texts")


def main() -> int:
    """Print the confusion tables, the figures on the splits, and the speed."""
    _print_confusion("The rules' own examples", own_examples())
    print(
        f"\n{'texts':16}{'emergencies':>12}{'recall':>8}{'missed':>8}{'harmless':>10}{'false':>8}{'asked':>8}{'kind':>8}{'who':>8}"
    )
    everything = []
    for name in ("validation", "test"):
        for language in ("en", "es"):
            texts = split_texts(name, language)
            everything += texts
            found = figures(texts)
            print(
                f"{name + ' ' + language:16}{found.emergencies:>12}{found.recall:>8.3f}"
                f"{found.passed_over:>8.3f}{found.harmless:>10}"
                f"{found.false_alarms:>8.3f}{found.asked:>8.3f}{found.kind_right:>8.3f}{found.who_right:>8.3f}"
            )
    everyday = [assess(text) for text in everyday_texts()]
    alarms, asked = sum(one.emergency for one in everyday), sum(one.unsure for one in everyday)
    print(f"everyday texts: {len(everyday)}, false alarms {alarms}, asked {asked}")
    _print_confusion("All four splits", [(text, kind) for text, kind, _ in everything])
    _print_speed([text for text, _, _ in everything])
    return 0


if __name__ == "__main__":
    sys.exit(main())
