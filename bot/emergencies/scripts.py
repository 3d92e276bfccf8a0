"""The scripts of scripts.yml: what is said first, next, and when it is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

#: Who is in danger when nothing says so.
USUALLY = {
    "overdose": "other",
    "medical": "other",
    "suicide": "self",
    "violence": "self",
    "withdrawal": "self",
    "crisis": "self",
}
CRISIS = "crisis"


@dataclass(frozen=True)
class Step:
    """One thing to say: a key of the replies files, where it comes from, who signed it off."""

    say: str
    source: str
    reviewed_by: str
    #: What a bare "no" to it leads to, instead of the next step.
    if_no: str | None = None


@dataclass(frozen=True)
class Script:
    """All there is to say in one kind of emergency to one kind of person."""

    steps: tuple[Step, ...]
    holds: tuple[str, ...]
    over: Step
    police: Step
    no_naloxone: Step | None
    part_of_it: frozenset[str]


@cache
def scripts() -> Mapping[tuple[str, str], Script]:
    """Every script, by kind and who is in danger."""
    page = yaml.safe_load((files("bot.emergencies") / "scripts.yml").read_text("utf-8"))
    return {
        (kind, danger_to): Script(
            steps=tuple(Step(**step) for step in entry["steps"]),
            holds=tuple(entry["holds"]),
            over=Step(**entry["over"]),
            police=Step(**entry["police"]),
            no_naloxone=Step(**entry["no_naloxone"]) if "no_naloxone" in entry else None,
            part_of_it=frozenset(entry["part_of_it"]),
        )
        for kind, people in page.items()
        for danger_to, entry in people.items()
    }


def script_for(kind: str, danger_to: str | None) -> Script | None:
    """The script of a kind of emergency; None for a kind that has none (a check-in nobody answered)."""
    if kind not in USUALLY:
        return None
    found = scripts().get((kind, danger_to or USUALLY[kind]))
    return found or scripts()[kind, USUALLY[kind]]


def first_words(kind: str, danger_to: str | None) -> str:
    """The reply that answers an emergency at once. Raises KeyError for a kind without a script."""
    script = script_for(kind, danger_to)
    if script is None:
        raise KeyError(kind)
    return script.steps[0].say
