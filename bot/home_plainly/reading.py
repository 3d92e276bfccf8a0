"""How a text home, or the last call once more, is asked for; pure functions."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from bot.triage.assess import normalise

READY_MADE = re.compile(r"^\W*([123])\W*$")


@cache
def patterns() -> Mapping[str, re.Pattern[str]]:
    """By name: "message_home", "call_again"."""
    page = yaml.safe_load((files("bot.home_plainly") / "wording.yml").read_text("utf-8"))
    return {name: re.compile(rf"(?<!\w)(?:{'|'.join(some)})(?!\w)") for name, some in page.items()}


def asks_to_text(text: str) -> bool:
    """Whether a text asks for a text home."""
    return bool(patterns()["message_home"].search(normalise(text)))


def asks_again(text: str) -> bool:
    """Whether a text asks for the last call once more."""
    return bool(patterns()["call_again"].search(normalise(text)))
