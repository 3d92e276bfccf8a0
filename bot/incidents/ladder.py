"""The steps of an escalation: the shipped ones, or an operator's."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy.orm import Session

from bot.errors import EscalationInvalid
from bot.models import LineSetting
from bot.people import insert_or_ignore

logger = logging.getLogger(__name__)
SETTING = "escalation"
WAYS = ("text", "call")
#: A day: what takes longer is no escalation.
LONGEST_MINUTES = 24 * 60
MOST_STEPS = 20


@dataclass(frozen=True)
class Rung:
    """One step: how long after the opening, which one along the roster (from 1), by text, call or both."""

    after: timedelta
    tells: int
    by: tuple[str, ...]


@dataclass(frozen=True)
class Ladder:
    """The whole escalation."""

    rungs: tuple[Rung, ...]
    nobody_after: timedelta
    again_every: timedelta
    gives_up_after: timedelta
    new_after_taken: timedelta


@cache
def shipped() -> Ladder:
    """The escalation of escalation.yml."""
    return read(yaml.safe_load((files("bot.incidents") / "escalation.yml").read_text("utf-8")))


def current(session: Session) -> Ladder:
    """The escalation in force. A stored one that cannot be used must not keep anybody from being told."""
    setting = session.get(LineSetting, SETTING)
    if setting is None:
        return shipped()
    try:
        return read(_parsed(setting.value))
    except EscalationInvalid as error:
        logger.error("the stored escalation cannot be used, the shipped one is: %s", error)
        return shipped()


def change(session: Session, value: str, at: datetime) -> Ladder:
    """Keep an operator's escalation, as JSON. Raises EscalationInvalid and keeps the old one."""
    ladder = read(_parsed(value))
    insert_or_ignore(session, LineSetting, name=SETTING, value=value, changed_at=at)
    setting = session.get_one(LineSetting, SETTING)
    setting.value, setting.changed_at = value, at
    return ladder


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as error:
        raise EscalationInvalid(f"the escalation is no JSON: {error}") from None


def read(page: Any) -> Ladder:
    """An escalation from its written form; what is left out is as shipped. Raises EscalationInvalid."""
    if not isinstance(page, Mapping):
        raise EscalationInvalid('the escalation must be an object such as {"steps": [...]}')
    known = {"steps", "nobody_after", "again_every", "gives_up_after", "new_after_taken"}
    unknown = sorted(set(page) - known)
    if unknown:
        raise EscalationInvalid(f"the escalation has no {', '.join(map(str, unknown))}")
    rungs = _rungs(page["steps"]) if "steps" in page else shipped().rungs
    ladder = Ladder(
        rungs=rungs,
        nobody_after=_minutes(page, "nobody_after", least=0),
        again_every=_minutes(page, "again_every", least=1),
        gives_up_after=_minutes(page, "gives_up_after", least=0),
        new_after_taken=_minutes(page, "new_after_taken", least=1),
    )
    if ladder.nobody_after < rungs[-1].after:
        raise EscalationInvalid("nobody_after comes before the last step")
    return ladder


def _rungs(steps: Any) -> tuple[Rung, ...]:
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise EscalationInvalid(f"steps must be a list of 1 to {MOST_STEPS}")
    rungs = tuple(_rung(step, number) for number, step in enumerate(steps, 1))
    if any(later.after < earlier.after for earlier, later in zip(rungs, rungs[1:], strict=False)):
        raise EscalationInvalid("the minutes of the steps must not go down")
    return rungs


def _rung(step: Any, number: int) -> Rung:
    if not isinstance(step, Mapping) or set(step) != {"minutes", "tells", "by"}:
        raise EscalationInvalid(f"step {number} must have minutes, tells and by, and nothing else")
    tells, by = step["tells"], step["by"]
    if not isinstance(tells, int) or isinstance(tells, bool) or tells < 1:
        raise EscalationInvalid(f"step {number}: tells counts along the roster, from 1")
    if not isinstance(by, list) or not by or any(way not in WAYS for way in by):
        raise EscalationInvalid(f"step {number}: by must be text, call or both")
    return Rung(_minutes(step, "minutes", least=0, where=f"step {number}: "), tells, tuple(dict.fromkeys(by)))


def _minutes(page: Mapping[str, Any], name: str, *, least: int, where: str = "") -> timedelta:
    if name not in page:
        found: timedelta = getattr(shipped(), name)
        return found
    value = page[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= LONGEST_MINUTES:
        raise EscalationInvalid(f"{where}{name} must be minutes from {least} to {LONGEST_MINUTES}")
    return timedelta(minutes=value)
