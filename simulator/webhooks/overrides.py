"""Connection overrides in the fragment of a webhook's URL.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

#: Milliseconds, or a number of retries, that Twilio accepts.
RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
REASONS = {"4xx", "5xx", "ct", "rt", "all"}


@dataclass(frozen=True)
class Overrides:
    """Timeouts in seconds (to connect, to answer, in all), the retries, and what is retried."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retried: frozenset[str] = frozenset({"ct"})

    def retries_after(self, reason: str) -> bool:
        """Whether an attempt that ended so ("ct", "rt", "4xx" or "5xx") is made again."""
        return reason in self.retried or (bool(reason) and "all" in self.retried)


def read_overrides(url: str, longest: float) -> Overrides:
    """The overrides of a URL; `longest` is Twilio's own limit in seconds. Nonsense counts as left out."""
    given = dict(parse_qsl(urldefrag(url).fragment))
    numbers = {}
    for name, (least, most) in RANGES.items():
        if given.get(name, "").isdecimal() and least <= int(given[name]) <= most:
            numbers[name] = int(given[name])
    policy = frozenset(given.get("rp", "").split(",")) & REASONS
    return Overrides(
        connect=min(numbers.get("ct", 5_000) / 1000, longest),
        read=min(numbers.get("rt", 15_000) / 1000, longest),
        total=min(numbers.get("tt", 15_000) / 1000, longest),
        retries=numbers.get("rc", 1),
        retried=policy or frozenset({"ct"}),
    )
