"""What check-ins keep to, from terms.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Terms:
    """Limits and waits; times of day in minutes after local midnight."""

    quiet_until: int
    quiet_from: int
    spread_minutes: int
    chosen_hour_holds: timedelta
    #: By kind of check-in; None: until its day is over.
    late_after: Mapping[str, timedelta | None]
    anew_after: timedelta
    apart: timedelta
    emergency_wait: timedelta
    emergency_lasts: timedelta
    follow_up_after: timedelta
    silent_after: timedelta
    follow_up_within: timedelta
    answered_within: timedelta
    series_days: int
    weekly_days: int
    most_days: int
    most_texts: int
    most_coming: int
    ladder_days: tuple[int, ...]
    offered_again_after: timedelta


@cache
def terms() -> Terms:
    """The terms, read once."""
    page: dict[str, Any] = yaml.safe_load((files("bot.check_ins") / "terms.yml").read_text("utf-8"))
    quiet, series = page["quiet_hours"], page["series"]
    return Terms(
        quiet_until=_minutes(quiet["until"]),
        quiet_from=_minutes(quiet["from"]),
        spread_minutes=quiet["spread_minutes"],
        chosen_hour_holds=timedelta(minutes=page["chosen_hour_holds_minutes"]),
        late_after={
            kind: None if after is None else timedelta(minutes=after)
            for kind, after in page["late_after_minutes"].items()
        },
        anew_after=timedelta(minutes=page["anew_after_minutes"]),
        apart=timedelta(seconds=page["apart_seconds"]),
        emergency_lasts=timedelta(hours=page["emergency_lasts_hours"]),
        emergency_wait=timedelta(minutes=page["emergency_wait_minutes"]),
        follow_up_after=timedelta(hours=page["follow_up_after_hours"]),
        silent_after=timedelta(hours=page["silent_after_hours"]),
        follow_up_within=timedelta(hours=page["follow_up_within_hours"]),
        answered_within=timedelta(hours=page["answered_within_hours"]),
        series_days=series["days"],
        weekly_days=series["weekly_days"],
        most_days=series["most_days"],
        most_texts=series["most_texts"],
        most_coming=page["most_coming"],
        ladder_days=tuple(page["ladder_days"]),
        offered_again_after=timedelta(hours=page["offered_again_after_hours"]),
    )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
