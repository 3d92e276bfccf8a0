"""Numbers to call in a crisis, each with where it was read and when."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import yaml

GOOD_FOR = timedelta(days=90)


@dataclass(frozen=True)
class CrisisLine:
    """One line. `verified_on` is when its page was read; a call to it is a separate check."""

    key: str
    name: str
    number: str
    source: str
    verified_on: date
    confidence: str
    text: str | None = None

    def stale(self, on: date) -> bool:
        """Whether it is time to check it again."""
        return on > self.verified_on + GOOD_FOR


@cache
def load_crisis_lines() -> dict[str, CrisisLine]:
    """Every line by its key."""
    page = yaml.safe_load((files("services_directory") / "data" / "crisis_lines.yml").read_text("utf-8"))
    return {key: CrisisLine(key=key, **entry) for key, entry in page["lines"].items()}
