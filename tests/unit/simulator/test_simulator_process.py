"""`python -m simulator` as a process: its settings, its port, its logs."""

import os
import subprocess
import sys
from pathlib import Path
from socket import socket

import pytest
import requests
from simulated_world import LINE, PHONE, SID, TOKEN, until

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(line):
    return {
        "PATH": os.environ["PATH"],
        "SIMULATOR_PORT": str(free_port()),
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": LINE,
        "PUBLIC_BASE_URL": line.url,
    }


def start(environment):
    return subprocess.Popen(
        [sys.executable, "-m", "simulator"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answers(url):
    try:
        return requests.get(url, timeout=1).ok
    except requests.ConnectionError:
        return False


def test_it_serves_and_logs_no_number_and_no_word_of_a_text(environment, line):
    url = f"http://127.0.0.1:{environment['SIMULATOR_PORT']}"
    process = start(environment)
    try:
        until(lambda: answers(f"{url}/simulator/calls"))
        texts = f"{url}/simulator/phones/{PHONE}/texts"
        assert requests.post(texts, json={"body": "strawberry"}, timeout=5).json()["webhook_status"] == 200
        # A field that is no text at all breaks it inside.
        assert requests.post(texts, json={"body": ["strawberry"]}, timeout=5).status_code == 500
        assert requests.get(f"{url}/simulator/phones/{PHONE}/messages", timeout=5).json()
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=10)

    assert f"{url}" in said
    assert PHONE[1:] not in said
    assert "strawberry" not in said


def test_missing_settings_are_all_named(environment):
    del environment["TWILIO_FROM"], environment["PUBLIC_BASE_URL"]
    process = start(environment)
    said, _ = process.communicate(timeout=20)

    assert process.returncode == 2
    assert "TWILIO_FROM, PUBLIC_BASE_URL" in said


def test_a_taken_port_is_said_plainly(environment):
    with socket() as taken:
        taken.bind(("127.0.0.1", int(environment["SIMULATOR_PORT"])))
        taken.listen()
        process = start(environment)
        said, _ = process.communicate(timeout=20)

    assert process.returncode == 1
    assert f"cannot listen on port {environment['SIMULATOR_PORT']}" in said
