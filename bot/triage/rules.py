"""The emergency rules, read from en.yml and es.yml where an expert can read and extend them."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Rule:
    """One pattern of danger, and the wordings around it that mean something else."""

    name: str
    kind: str
    language: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]

    def fires_on(self, plain: str) -> str | None:
        """The words that fired in a normalised text, or None."""
        found = self.pattern.search(self.unless.sub(" ", plain) if self.unless else plain)
        return found.group(0) if found else None


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule of every language."""
    return tuple(rule for language in ("en", "es") for rule in _read(language))


def _read(language: str) -> list[Rule]:
    page = yaml.safe_load((files("bot.triage") / f"{language}.yml").read_text("utf-8"))
    sets = {name: "(?:" + "|".join(words) + ")" for name, words in page["words"].items()}
    return [
        Rule(
            name=name,
            kind=entry["kind"],
            language=language,
            pattern=_compile(entry["any"], sets),
            unless=_compile(entry["unless"], sets) if entry.get("unless") else None,
            examples=tuple(entry["examples"]),
            counter_examples=tuple(entry["counter_examples"]),
        )
        for name, entry in page["rules"].items()
    ]


def _compile(alternatives: list[str], sets: dict[str, str]) -> re.Pattern[str]:
    joined = "|".join(alternatives)
    for name, words in sets.items():
        joined = joined.replace(f"<{name}>", words)
    return re.compile(rf"\b(?:{joined})\b")
