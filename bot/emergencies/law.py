"""The law that protects whoever calls for help, where the state the person is in is known for sure."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.triage.assess import normalise
from services_directory.places import Found, look_up
from services_directory.places.zips import zip_rows


@cache
def _laws() -> Mapping[str, Mapping[str, Any]]:
    page: dict[str, dict[str, Any]] = yaml.safe_load(
        (files("bot.emergencies") / "law.yml").read_text("utf-8")
    )
    return page


def law_for(kind: str, state: str | None) -> str | None:
    """The reply that tells the law of a state for a kind of emergency, or None."""
    law = _laws().get(state or "")
    return str(law["say"]) if law and kind in law["kinds"] else None


def state_of(texts: Iterable[str]) -> str | None:
    """The state of the newest text that names a ZIP code, or a town with its state; None when none does.

    `texts` come newest first. A town alone does not say enough: there is a Portland in Maine as well.
    """
    for text in texts:
        found = look_up(text)
        if not isinstance(found, Found):
            continue
        if found.place.zip:
            row = zip_rows().get(found.place.zip)
            if row is not None:
                return row.state
        state = found.place.label.rpartition(", ")[2]
        if state in _laws() and re.search(rf"\b(?:{'|'.join(_laws()[state]['named'])})\b", normalise(text)):
            return state
    return None
