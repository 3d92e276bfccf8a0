"""What Rasa and the action server take for one text: processor time of one core, and time by the clock.

`.venv/bin/python benchmarks/rasa_turn.py [--conversations N]`

Rasa, the action server and the database are the line's own; both processes are held to one core, and the
client is on another. In the same run Rasa's own command (`rasa run`) serves the same model with the same
action server, for comparison. Sizes are given as MB, of 10^6 bytes, and MiB, of 2^20.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import psutil
import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.rasa_turns.measuring import DIALOGUE, Processes, Took, people_of, say, timed  # noqa: E402
from benchmarks.rasa_turns.stock import stock_rasa  # noqa: E402
from tests.e2e.running_line import RunningLine  # noqa: E402

UNDERSTOOD = "a text understood (/model/parse)"
WARMING = 5
#: Aims of the project, in milliseconds of one core, and in MB.
TURN_P95, PARSE_P95, MEMORY_MB = 25.0, 8.0, 700.0


def measure(url: str, processes: Processes, senders: list[str]) -> dict[str, Took]:
    """Each sender says the dialogue once, after which each text of it is parsed alone."""
    http = requests.Session()
    http.trust_env = False

    def parse(text: str) -> None:
        http.post(f"{url}/model/parse", json={"text": text}, timeout=30).raise_for_status()

    found = {UNDERSTOOD: Took(), **{f"a turn: {text!r}": Took() for text in DIALOGUE}}
    for at, sender in enumerate(senders):
        for text in DIALOGUE:
            row = found[f"a turn: {text!r}"] if at >= WARMING else Took()
            timed(processes, row, lambda sender=sender, text=text: say(http, url, sender, text))
            timed(
                processes,
                found[UNDERSTOOD] if at >= WARMING else Took(),
                lambda text=text: parse(text),
            )
    return found


def quantiles(took: list[float]) -> tuple[float, float, float]:
    """p50, p95 and p99."""
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def show(title: str, found: dict[str, Took]) -> tuple[float, float]:
    """Print a table; the p95 of a turn and of a text understood, in milliseconds of one core."""
    print(f"\n{title}, milliseconds")
    print(
        f"{'':36}{'one core: p50':>14}{'p95':>8}{'p99':>8}{'actions p50':>13}"
        f"{'clock: p50':>13}{'p95':>8}{'p99':>8}"
    )
    turns = [row for name, row in found.items() if name != UNDERSTOOD]
    every = Took(*(sum((getattr(row, name) for row in turns), []) for name in ("rasa", "actions", "clock")))
    for name, row in {**found, "every turn": every}.items():
        core, clock = quantiles(row.both), quantiles(row.clock)
        print(
            f"{name:36}{core[0]:14.1f}{core[1]:8.1f}{core[2]:8.1f}{statistics.median(row.actions):13.1f}"
            f"{clock[0]:13.1f}{clock[1]:8.1f}{clock[2]:8.1f}"
        )
    return quantiles(every.both)[1], quantiles(found[UNDERSTOOD].both)[1]


def memory(pid: int) -> tuple[int, int]:
    """Resident and proportional size in bytes (Linux)."""
    held = psutil.Process(pid).memory_full_info()
    return held.rss, held.pss


def show_memory(title: str, pid: int) -> float:
    """Print what a process holds; its resident size in MB."""
    rss, pss = memory(pid)
    print(
        f"memory of {title}: resident {rss / 1e6:.0f} MB ({rss / 2**20:.0f} MiB), "
        f"proportional {pss / 1e6:.0f} MB ({pss / 2**20:.0f} MiB)"
    )
    return rss / 1e6


def main() -> int:
    """Measure, print, and say by the exit code whether the aims were met."""
    parser = argparse.ArgumentParser(description="One text through Rasa and the action server.")
    parser.add_argument("--conversations", type=int, default=60)
    parser.add_argument("--seconds", type=float, help="not used: a run takes as long as it takes")
    count = parser.parse_args().conversations + WARMING
    with tempfile.TemporaryDirectory() as var:
        line = RunningLine(Path(var) / "line")
        try:
            people = people_of(line, 2 * count)
            processes = Processes(line.pid("rasa"), line.pid("actions"))
            processes.on_one_core()
            turn, parse = show("Warmline", measure(line.rasa_url, processes, people[:count]))
            held = show_memory(f"Rasa after {count * len(DIALOGUE) * 2} texts", processes.rasa)
            show_memory("the action server", line.pid("actions"))
            with stock_rasa(line) as (url, others):
                others.on_one_core()
                their_turn, their_parse = show("Rasa's own command", measure(url, others, people[count:]))
                theirs = show_memory("Rasa's own command", others.rasa)
        finally:
            line.stop()
    print(f"\na turn takes {turn / parse:.1f} times what understanding the text takes (p95)")
    print(
        f"of Rasa's own command: a turn {turn / their_turn:.2f}, a text {parse / their_parse:.2f}, "
        f"memory {held / theirs:.2f}"
    )
    met = turn <= TURN_P95 and parse <= PARSE_P95 and held <= MEMORY_MB
    print(
        f"aims (p95 of one core): a turn {turn:.1f} of {TURN_P95:.0f} ms, a text understood {parse:.1f} of "
        f"{PARSE_P95:.0f} ms, memory {held:.0f} of {MEMORY_MB:.0f} MB: {'met' if met else 'missed'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
