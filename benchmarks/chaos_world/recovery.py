"""How long after a part was killed the next text was answered, and when /readyz was true again."""

import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import requests

LOOK_EVERY_SECONDS = 0.25
#: A part that is gone for less than this need not show.
SHOWS_WITHIN_SECONDS = 5.0


@dataclass(frozen=True)
class Kill:
    """Which part, and when."""

    part: str
    at: datetime


class Readiness:
    """Looks at /readyz all the time, from a thread of its own."""

    def __init__(self, url: str) -> None:
        self._url, self._over = f"{url}/readyz", threading.Event()
        self.seen: list[tuple[datetime, bool]] = []
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        http = requests.Session()
        http.trust_env = False
        while not self._over.is_set():
            at = datetime.now(UTC)
            try:
                ready = http.get(self._url, timeout=5).status_code == requests.codes.ok
            except requests.RequestException:
                ready = False
            self.seen.append((at, ready))
            time.sleep(LOOK_EVERY_SECONDS)


def ready_after(kill: Kill, seen: Sequence[tuple[datetime, bool]]) -> float | None:
    """Seconds until /readyz was true again; 0 when it was never seen false, None when it stayed so."""
    after = [((at - kill.at).total_seconds(), ready) for at, ready in seen if at >= kill.at]
    fell = next((seconds for seconds, ready in after if not ready), None)
    if fell is None or fell > SHOWS_WITHIN_SECONDS:
        return 0.0
    return next((seconds for seconds, ready in after if ready and seconds > fell), None)


def answered_after(kill: Kill, answers: Sequence[tuple[datetime, datetime]]) -> float | None:
    """Seconds until some text that was sent after the kill had its answer; None when none was sent."""
    ends = [answered for sent, answered in answers if sent >= kill.at]
    return (min(ends) - kill.at).total_seconds() if ends else None


def table(
    kills: Sequence[Kill],
    seen: Sequence[tuple[datetime, bool]],
    answers: Sequence[tuple[datetime, datetime]],
) -> Iterator[str]:
    """Each part's recovery, and that of all: p50 and the longest."""
    yield f"{'recovery, s':12}{'kills':>6}{'next answer p50':>17}{'max':>7}{'ready p50':>11}{'max':>7}"
    parts: dict[str, list[Kill]] = defaultdict(list)
    for kill in kills:
        parts[kill.part].append(kill)
        parts["all"].append(kill)
    for part in sorted(parts, key=lambda part: (part == "all", part)):
        of = parts[part]
        said, said_last = _middle_and_longest([answered_after(kill, answers) for kill in of])
        ready, ready_last = _middle_and_longest([ready_after(kill, seen) for kill in of])
        yield f"{part:12}{len(of):6}{said:17.1f}{said_last:7.1f}{ready:11.1f}{ready_last:7.1f}"


def _middle_and_longest(values: Sequence[float | None]) -> tuple[float, float]:
    known = [value for value in values if value is not None]
    return (statistics.median(known), max(known)) if known else (float("nan"), float("nan"))
