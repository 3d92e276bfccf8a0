"""A whole turn: from a text leaving a phone to the reply reaching Twilio, at 1 and at 8 phones.

Beside it, in the same run, Rasa's own default pipeline behind its own Twilio channel: it checks no signature,
stores nothing durably, looks nothing up and answers each intent with one fixed sentence.

`.venv/bin/python benchmarks/turns.py [--seconds N]`
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Barrier

import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.rasa_default import project  # noqa: E402
from launch.prepare import RASA_ENV  # noqa: E402
from tests.e2e.running_line import RunningLine, free_port, wait_for  # noqa: E402

TEXTS = ("im hungry", "98104", "thanks", "treatment", "MORE", "help", "food near capitol hill", "2")
ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "token", "+12065550100"
PATIENCE = 60.0
#: Often enough for the next text not to wait long, seldom enough not to be the load itself.
POLL_SECONDS = 0.02

#: Sends one text from a phone.
Send = Callable[[requests.Session, str, str], None]


def one_phone(simulator: str, send: Send, number: int, seconds: float, start: Barrier) -> list[float]:
    """Text and wait, text and wait; the seconds each answer took by the simulator's own clock."""
    session = requests.Session()
    session.trust_env = False
    phone, took, seen = f"+12065550{100 + number:03d}", [], 0
    send(session, phone, "hi")
    seen = _answer(session, simulator, phone, seen)[0]
    time.sleep(1)
    seen = max([seen, *(text["id"] for text in _texts(session, simulator, phone, seen))])
    start.wait()
    end, turn = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        began = datetime.now().astimezone()
        send(session, phone, TEXTS[turn % len(TEXTS)])
        seen, came = _answer(session, simulator, phone, seen)
        took.append((came - began).total_seconds())
        turn += 1
    return took


def _texts(session: requests.Session, simulator: str, phone: str, after: int) -> list[dict]:
    url = f"{simulator}/simulator/phones/{phone}/messages"
    return list(session.get(url, params={"after": after}, timeout=10).json())


def _answer(session: requests.Session, simulator: str, phone: str, after: int) -> tuple[int, datetime]:
    """The id and arrival of the next reply."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        replies = [one for one in _texts(session, simulator, phone, after) if one["direction"] == "out"]
        if replies:
            return replies[-1]["id"], datetime.fromisoformat(replies[0]["at"])
        time.sleep(POLL_SECONDS)
    raise SystemExit("a text was not answered within a minute")


def measure(
    name: str, simulator: str, send: Send, phones: int, first: int, seconds: float
) -> dict[str, object]:
    """One row of the table."""
    start = Barrier(phones)
    with ThreadPoolExecutor(phones) as pool:
        runs = [
            pool.submit(one_phone, simulator, send, first + number, seconds, start)
            for number in range(phones)
        ]
        took = sorted(second * 1000 for run in runs for second in run.result())
    cuts = statistics.quantiles(took, n=100) if len(took) > 1 else took * 99
    return {
        "what": name,
        "phones": phones,
        "turns": len(took),
        "rate": len(took) / seconds,
        "p50": cuts[49],
        "p95": cuts[94],
        "p99": cuts[98],
    }


def through_the_line(simulator: str) -> Send:
    """Text through the simulator: signed webhooks, as Twilio sends them."""

    def send(session: requests.Session, phone: str, body: str) -> None:
        session.post(f"{simulator}/simulator/phones/{phone}/texts", json={"body": body}, timeout=PATIENCE)

    return send


def through_rasa(rasa: str) -> Send:
    """Text Rasa's own Twilio channel, which answers its webhook when it has sent its reply."""

    def send(session: requests.Session, phone: str, body: str) -> None:
        form = {"From": phone, "To": NUMBER, "Body": body, "MessageSid": "SM" + "0" * 32}
        session.post(f"{rasa}/webhooks/twilio/webhook", data=form, timeout=PATIENCE).raise_for_status()

    return send


@contextmanager
def rasa_default(folder: Path) -> Iterator[tuple[str, str]]:
    """Rasa's default project behind its Twilio channel, and a simulator for its replies: their addresses."""
    project.write(folder, ACCOUNT, TOKEN, NUMBER)
    python, simulator_port, rasa_port = str(ROOT / "nlu/.venv/bin/python"), free_port(), free_port()
    simulator, rasa = f"http://127.0.0.1:{simulator_port}", f"http://127.0.0.1:{rasa_port}"
    env = {
        **os.environ,
        **RASA_ENV,
        "SIMULATOR_URL": simulator,
        "PYTHONPATH": str(ROOT / "benchmarks/rasa_default"),
        "SIMULATOR_PORT": str(simulator_port),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": NUMBER,
        "PUBLIC_BASE_URL": "http://127.0.0.1:9",
    }
    model = folder / "default.tar.gz"
    if not model.exists():
        print("Training Rasa's default pipeline for comparison (several minutes, once) ...", flush=True)
        train = [
            python,
            str(ROOT / "nlu/serve.py"),
            "train",
            "--config",
            str(ROOT / "benchmarks/rasa_default/config.yml"),
            "--domain",
            str(folder / "domain.yml"),
            "--out",
            str(folder),
            "--fixed-model-name",
            "default",
            "--data",
            str(ROOT / "nlu/data/nlu"),
            str(folder / "stories.yml"),
        ]
        subprocess.run(train, cwd=folder, env=env, check=True, capture_output=True)
    serve = [
        python,
        str(ROOT / "nlu/serve.py"),
        "run",
        "-i",
        "127.0.0.1",
        "-p",
        str(rasa_port),
        "--model",
        str(model),
        "--credentials",
        str(folder / "credentials.yml"),
        "--endpoints",
        os.devnull,
        "--enable-api",
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env}
    processes = [
        subprocess.Popen(serve, cwd=folder, **quiet),
        subprocess.Popen(
            [sys.executable, "-m", "simulator"], cwd=ROOT, **{**quiet, "env": {**env, "PYTHONPATH": ""}}
        ),
    ]
    session = requests.Session()
    session.trust_env = False

    def up() -> bool:
        try:
            model_file = session.get(f"{rasa}/status", timeout=2).json().get("model_file")
            return bool(model_file) and session.get(f"{simulator}/simulator/calls", timeout=2).ok
        except (requests.RequestException, ValueError):
            return False

    try:
        wait_for("Rasa's default pipeline", up, 120)
        yield rasa, simulator
    finally:
        for process in processes:
            process.terminate()
            process.wait(20)


def main() -> int:
    """Measure both, one after the other on the same machine, and print the table."""
    parser = argparse.ArgumentParser(description="Whole turns, beside Rasa's own default.")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each row is measured")
    seconds = parser.parse_args().seconds
    rows = []
    with tempfile.TemporaryDirectory() as var:
        line = RunningLine(Path(var) / "line")
        try:
            send = through_the_line(line.simulator_url)
            for phones, first in ((1, 2), (8, 20)):
                rows.append(measure("Warmline", line.simulator_url, send, phones, first, seconds))
        finally:
            line.stop()
    with rasa_default(ROOT / "var" / "benchmarks" / "rasa_default") as (rasa, simulator):
        for phones, first in ((1, 2), (8, 20)):
            rows.append(measure("Rasa default", simulator, through_rasa(rasa), phones, first, seconds))
    print(f"\n{'':14}{'phones':>7}{'turns':>7}{'turns/s':>9}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}")
    for row in rows:
        print(
            f"{row['what']:14}{row['phones']:7d}{row['turns']:7d}{row['rate']:9.1f}"
            f"{row['p50']:8.0f}{row['p95']:8.0f}{row['p99']:8.0f}"
        )
    for ours, theirs in zip(rows[:2], rows[2:], strict=True):
        print(f"throughput at {ours['phones']}: {ours['rate'] / theirs['rate']:.1f} times Rasa's default")
    return 0


if __name__ == "__main__":
    sys.exit(main())
