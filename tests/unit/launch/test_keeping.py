"""A part that dies is started again; one that never comes up is given up."""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from launch import readiness
from launch.keep import Keeper

ROOT = Path(__file__).resolve().parents[3]
DIES = [sys.executable, "-c", "raise SystemExit(7)"]
#: Comes up (there is a file), and dies, so many times; then it lives.
COMES_AND_GOES = """
import pathlib, sys, time
up, most = pathlib.Path(sys.argv[1]), int(sys.argv[2])
before = len(up.read_text()) if up.exists() else 0
up.write_text("x" * (before + 1))
time.sleep(1 if before == 0 else 0 if before < most else 60)
"""


def test_what_never_comes_up_is_given_up_with_a_clear_line(tmp_path):
    said: list[str] = []
    keeper = Keeper("part", DIES, tmp_path, said.append, lambda lived: False, first_pause=0.01)
    assert keeper.run() == 1
    assert said[-1] == "part died 5 times and never came up (exit 7); giving up."


def test_what_was_up_before_is_never_given_up_and_tried_later_and_later(tmp_path):
    said: list[str] = []
    up = tmp_path / "up"
    command = [sys.executable, "-c", COMES_AND_GOES, str(up), "8"]
    keeper = Keeper("part", command, tmp_path, said.append, lambda lived: True, first_pause=0.01)
    thread = threading.Thread(target=keeper.run)
    thread.start()
    _wait_for(lambda: up.exists() and len(up.read_text()) == 9)
    keeper.stop_process()
    thread.join(10)
    assert not thread.is_alive()
    pauses = [float(line.split()[-2]) for line in said]
    assert len(pauses) == 8
    assert pauses == sorted(pauses)
    assert pauses[0] == 0.01
    assert pauses[-1] == 1.28


def test_what_dies_once_is_started_again_and_stops_when_told(tmp_path):
    keeper = _keep(tmp_path, sys.executable, "-c", "import time; time.sleep(60)")
    pid_file = tmp_path / "pids" / "part"
    first = _read_when_there(pid_file, "")
    os.kill(int(first), signal.SIGKILL)
    second = _read_when_there(pid_file, first)
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(10) == 0
    keeper.communicate()
    with pytest.raises(ProcessLookupError):
        os.kill(int(second), 0)


def test_a_keeper_that_waits_before_the_next_start_stops_at_once_when_told(tmp_path):
    said: list[str] = []
    keeper = Keeper("part", DIES, tmp_path, said.append, lambda lived: False, first_pause=30)
    thread = threading.Thread(target=keeper.run)
    thread.start()
    _wait_for(lambda: said)
    keeper.stop_process()
    thread.join(5)
    assert not thread.is_alive()


def test_a_part_with_a_door_is_up_when_its_door_answers_and_another_when_it_has_lived_a_while():
    server = http.server.HTTPServer(("127.0.0.1", 0), _Well)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    is_up = readiness.of("web", {"PORT": str(server.server_port)})
    assert is_up(0.0)
    server.shutdown()
    server.server_close()
    thread.join()
    assert not is_up(1000.0)
    assert not readiness.of("worker", {})(1.0)
    assert readiness.of("worker", {})(readiness.LIVED_SECONDS)


class _Well(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def _keep(tmp_path: Path, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "launch.keep", "part", *command],
        cwd=ROOT,
        env={**os.environ, "WARMLINE_VAR": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )


def _read_when_there(path: Path, other_than: str) -> str:
    _wait_for(lambda: path.exists() and path.read_text() not in {"", other_than})
    return path.read_text()


def _wait_for(look) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if look():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")
