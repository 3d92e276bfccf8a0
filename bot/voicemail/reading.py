"""What a person means when voicemail is talked of; pure functions over whole texts."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from bot.triage.assess import normalise


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    page = yaml.safe_load((files("bot.voicemail") / "wording.yml").read_text("utf-8"))
    return {name: re.compile("|".join(f"(?:{one})" for one in some)) for name, some in page.items()}


def asks_for_it(text: str) -> bool:
    """Whether a text asks to have a message left on home's voicemail, and nothing else."""
    return _whole("asked_for", text)


def yes_or_no(text: str) -> bool | None:
    """The answer to "leave it?"; None when it is neither."""
    if _whole("yes", text):
        return True
    return False if _whole("no", text) else None


def _whole(name: str, text: str) -> bool:
    plain = re.sub(r"[^\w\s]", "", normalise(text)).strip()
    return bool(_patterns()[name].fullmatch(plain))
