"""What a person is called in the inbox. Made from a random id: it says nothing of them."""

import hashlib
from functools import cache
from importlib.resources import files

import yaml


def pseudonym(public_id: str) -> str:
    """Two words and four letters, the same each time: "Quiet Harbor 4F0C"."""
    tones, things = _words()
    number = int.from_bytes(hashlib.sha256(public_id.encode()).digest()[:8], "big")
    number, tone = divmod(number, len(tones))
    return f"{tones[tone]} {things[number % len(things)]}".title() + f" {public_id[:4].upper()}"


@cache
def _words() -> tuple[list[str], list[str]]:
    page = yaml.safe_load((files("bot.staff") / "pseudonyms.yml").read_text("utf-8"))
    return page["tones"], page["things"]
