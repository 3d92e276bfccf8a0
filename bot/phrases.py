"""Phrases that mean the same whatever else a text says: bot/actions/hearing.yml."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from bot import home_plainly
from bot.triage.assess import normalise


def says(name: str, text: str) -> bool:
    """Whether a text holds one of the phrases of hearing.yml, or of a home, under a name."""
    return bool(_patterns()[name].search(normalise(text)))


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    page = yaml.safe_load((files("bot.actions") / "hearing.yml").read_text("utf-8"))
    return {
        **{name: re.compile(rf"(?<!\w)(?:{'|'.join(some)})(?!\w)") for name, some in page.items()},
        **home_plainly.patterns(),
    }
