"""The page of numbers on a big line: 50,000 conversations, 1,000,000 texts over 90 days.

`benchmarks/inbox_numbers.py [--seconds N] [--texts N]`. Prints how long a day's
counting takes, how long the page takes at the 50th and 95th percentile (requests to the application, no net),
and beside it, in the same run, the time of the sign-in page, which asks the database for nothing.
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cryptography.fernet import Fernet  # noqa: E402
from sqlalchemy import insert, text  # noqa: E402

from bot import audit, numbers  # noqa: E402
from bot.bootstrap import Line  # noqa: E402
from bot.config import Settings  # noqa: E402
from bot.db import writing  # noqa: E402
from bot.models import Conversation, Message, Person  # noqa: E402
from bot.staff import accounts, sessions  # noqa: E402
from bot.staff.roles import Role  # noqa: E402
from bot.staff.sessions import Stage, Terms  # noqa: E402
from inbox import cookies  # noqa: E402
from tests.integration.conftest import SETTINGS, migrate  # noqa: E402
from webhooks.app import create_app  # noqa: E402

ZONE = "America/Los_Angeles"
DAYS = 90
TOGETHER = 20_000


def fill(line: Line, conversations: int, texts: int, now: datetime) -> None:
    """People and texts, spread evenly; every second text is an answer to the one before it."""
    sealed = Fernet.generate_key()
    with line.engine.begin() as connection:
        person, conversation, message = (one.__table__ for one in (Person, Conversation, Message))
        begun = now - timedelta(days=DAYS)
        for start in range(0, conversations, TOGETHER):
            ids = range(start + 1, min(start + TOGETHER, conversations) + 1)
            connection.execute(
                insert(person),
                [
                    {"id": i, "number": str(sealed), "number_index": f"{i:064}", "created_at": begun}
                    for i in ids
                ],
            )
            connection.execute(
                insert(conversation),
                [{"id": i, "public_id": f"{i:032}", "person_id": i, "created_at": begun} for i in ids],
            )
        step = timedelta(days=DAYS) / texts
        columns = (
            "id, conversation_id, direction, body, num_media, state, created_at, position, attempts, urgency"
        )
        columns += ", wakes, resends, cause, reply_key, sending_at"
        marks = ", ".join("?" * len(columns.split(",")))
        for start in range(0, texts, TOGETHER):
            rows = []
            for i in range(start + 1, min(start + TOGETHER, texts) + 1):
                at = (begun + step * i).replace(tzinfo=None).isoformat(" ", "microseconds")
                out = i % 2 == 0
                later = (
                    (begun + step * i + timedelta(seconds=1))
                    .replace(tzinfo=None)
                    .isoformat(" ", "microseconds")
                )
                rows.append(
                    (
                        i,
                        i // 2 % conversations + 1,
                        "out" if out else "in",
                        sealed,
                        0,
                        "sent" if out else "answered",
                        at,
                        0,
                        0,
                        1,
                        0,
                        0,
                        f"in-{i - 1}" if out else None,
                        ("service_list", "help", "nothing_found")[i % 3] if out else None,
                        later if out else None,
                    )
                )
            connection.exec_driver_sql(f"INSERT INTO message ({columns}) VALUES ({marks})", rows)  # noqa: S608
        connection.execute(text("ANALYZE"))


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def percentiles(took: list[float]) -> str:
    took.sort()
    return f"{took[len(took) // 2]:8.1f} {took[int(len(took) * 0.95)]:8.1f}"


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--texts", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        settings = {
            **SETTINGS,
            "DATABASE_URL": f"sqlite:///{folder}/line.db",
            "PUBLIC_BASE_URL": "http://localhost",
        }
        line = Line(Settings.from_env(settings))
        migrate(line.engine)
        now = datetime.now(UTC)
        sys.stdout.write(
            f"filled in {timed(lambda: fill(line, 50_000, arguments.texts, now)) / 1000:.0f} s\n"
        )
        rounds: list[float] = []
        while True:
            counted = 0

            def count() -> None:
                nonlocal counted
                counted = numbers.count_days(line.engine, now, ZONE)

            took = timed(count)
            if not counted:
                break
            rounds.append(took / counted)
        app = create_app(line)
        with writing(line.engine) as session:
            account, _ = accounts.invite(
                session, audit.OPERATOR, "Heron", Role.SUPERVISOR, now, timezone=ZONE
            )
            account.activated_at, account.invitation_digest = now, None
            token, _ = sessions.begin(session, account, Stage.FULL, "", now, Terms())
        client = app.test_client()
        client.set_cookie(cookies.TOKEN, token, domain="localhost", path="/inbox")
        stranger = app.test_client()
        page: list[float] = []
        other: list[float] = []
        end = time.monotonic() + arguments.seconds
        assert client.get("/inbox/numbers?days=90").status_code == 200
        while time.monotonic() < end:
            page.append(timed(lambda: client.get("/inbox/numbers?days=90")))
            other.append(timed(lambda: stranger.get("/inbox/sign-in")))
        sys.stdout.write(f"{'ms':24}{'p50':>8} {'p95':>8}\n")
        sys.stdout.write(f"{'counting one day':24}{percentiles(rounds)}\n")
        sys.stdout.write(f"{'numbers, 90 days':24}{percentiles(page)}\n")
        sys.stdout.write(f"{'sign-in page':24}{percentiles(other)}\n")
        app.extensions["storing"].close()
        app.extensions["refusals"].close()
        return 0 if sorted(page)[int(len(page) * 0.95)] < 200 else 1


if __name__ == "__main__":
    sys.exit(main())
