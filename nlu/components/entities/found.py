"""One thing found in a text, and the files it is found by."""

import re
from pathlib import Path
from typing import Any, Iterable, List, NamedTuple, Pattern, Text

import yaml

ROOT = Path(__file__).resolve().parents[3]


class Found(NamedTuple):
    """An entity: its name in the domain, where it stands in the text (end not included), what it means."""

    entity: Text
    start: int
    end: int
    value: Any


def page(path: Text) -> Any:
    """A data file of the project, by its path from the top. Raises OSError when it is not there."""
    with (ROOT / path).open(encoding="utf-8") as file:
        return yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def own_page() -> Any:
    """What is said of entities nowhere else."""
    return page("nlu/components/entities/entities.yml")


def either(words: Iterable[Any]) -> Text:
    """Words as one pattern, the longest first."""
    return "|".join(sorted((re.escape(str(word)) for word in words), key=len, reverse=True))


def whole_words(patterns: Iterable[Text]) -> Pattern[Text]:
    """Patterns as one, standing between whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def masked(pattern: Pattern[Text], plain: Text) -> Text:
    """A plain text with what a pattern finds blotted out, nothing moved."""
    return pattern.sub(lambda hit: "|" * len(hit[0]), plain)


def without_overlaps(found: List[Found]) -> List[Found]:
    """The longer of two that share letters; by their place in the text."""
    kept: List[Found] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
