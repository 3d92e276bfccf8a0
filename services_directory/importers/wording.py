"""The patterns of eligibility.yml, read once."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def page() -> dict[str, Any]:
    """The file, read once."""
    read: dict[str, Any] = yaml.safe_load(
        (files("services_directory") / "eligibility.yml").read_text("utf-8")
    )
    return read


@cache
def patterns_of(section: str, name: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of one rule."""
    return tuple(re.compile(one) for one in page()[section][name])


def looked_for(letters: Sequence[str], text: str) -> bool:
    """Whether any of these stands in the text at all."""
    for one in letters:  # noqa: SIM110 - any() takes three times as long, and this is asked a million times
        if one in text:
            return True
    return False


def says(name: str, text: str) -> bool:
    """Whether a text (folded) says so."""
    letters, pattern = _rule(name)
    return looked_for(letters, text) and bool(pattern.search(text))


@cache
def _rule(name: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    rule = page()["patterns"][name]
    return tuple(rule["look_for"]), re.compile("|".join(f"(?:{one})" for one in rule["says"]))


@cache
def language_codes() -> tuple[dict[str, str], re.Pattern[str]]:
    """ISO codes by every name and code of a language, and a pattern that finds the names in a text."""
    names = {name: code for code, others in page()["languages"].items() for name in (code, *others)}
    words = sorted((name for name in names if len(name) > 3), key=len, reverse=True)
    return names, re.compile(rf"\b(?:{'|'.join(words)})\b")
