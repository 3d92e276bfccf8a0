"""The steps of a timer as steps.yml has them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Ladder:
    """What is done after the end, and the bounds of a timer in minutes."""

    after: tuple[timedelta, ...]
    does: tuple[str, ...]
    shortest_wait: timedelta
    shortest_minutes: int
    longest_minutes: int

    def next_at(self, ends_at: datetime, step: int, now: datetime) -> datetime | None:
        """When a step is due: on time, but after a stoppage never right on the heels of the last."""
        if step >= len(self.after):
            return None
        on_time = ends_at + self.after[step]
        return on_time if step == 0 else max(on_time, now + self.shortest_wait)


@cache
def ladder() -> Ladder:
    """The shipped ladder."""
    page = yaml.safe_load((files("bot.using_alone") / "steps.yml").read_text("utf-8"))
    return Ladder(
        after=tuple(timedelta(seconds=step["after"]) for step in page["steps"]),
        does=tuple(step["does"] for step in page["steps"]),
        shortest_wait=timedelta(seconds=page["shortest_wait"]),
        shortest_minutes=page["shortest_minutes"],
        longest_minutes=page["longest_minutes"],
    )
