"""The same check-ins as jobs of APScheduler's SQLAlchemyJobStore: `-m benchmarks.job_store DUE JOBS.db`."""

import os
import sys
import threading
from datetime import datetime
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot import check_ins  # noqa: E402
from bot.adapters.memory import MemoryWork  # noqa: E402
from bot.bootstrap import Line  # noqa: E402
from bot.config import Settings  # noqa: E402
from bot.db import reading  # noqa: E402
from bot.models import CheckIn, Message  # noqa: E402

AT_ONCE = 16
_line = Line(Settings.from_env(os.environ))


def keep_and_send(check_in_id: int) -> None:
    """Keep a promise and send its text, one after the other, by the line's own code."""
    check_ins.keep(_line.engine, check_in_id, _line.clock(), MemoryWork())
    with reading(_line.engine) as session:
        texts = session.scalars(select(Message.id).where(Message.cause == f"ck-{check_in_id}")).all()
    for message_id in texts:
        _line.delivery.deliver(message_id)


def main() -> None:
    due, store = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{store}")},
        executors={"default": ThreadPoolExecutor(AT_ONCE)},
        job_defaults={"misfire_grace_time": None, "max_instances": 1},
        timezone="UTC",
    )
    scheduler.start(paused=True)
    with reading(_line.engine) as session:
        rows = session.scalars(select(CheckIn.id).order_by(CheckIn.id)).all()
    for row in rows:
        scheduler.add_job(keep_and_send, "date", run_date=due, args=[row], id=f"ck-{row}")
    scheduler.resume()
    threading.Event().wait()


if __name__ == "__main__":
    # By its own name, so that the store can find the job's function again.
    from benchmarks import job_store

    job_store.main()
