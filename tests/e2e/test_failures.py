"""Parts of the line die in the middle of a conversation; the person notices as little as can be."""

import os
import subprocess
import time

import psutil
import pytest

from tests.e2e.running_line import ROOT, Phone, RunningLine, wait_for

pytestmark = pytest.mark.e2e


def test_rasa_killed_in_the_middle_the_menu_answers_and_rasa_answers_later(own_line):
    phone = Phone(own_line)
    phone.says("hi", "Warmline")
    # Held still first, so that its keeper sees no death and the outage lasts as long as this test wants.
    own_line.pause("rasa")
    began = time.monotonic()
    phone.says("im hungry", "ZIP code")
    assert time.monotonic() - began < 10
    phone.says("98104", "Near 98104")
    own_line.kill("rasa")
    wait_for("Rasa to be back", own_line.is_ready, 60)
    # What the menu said already is not said again; the dialogue knows it all the same.
    phone.hears_nothing(5)
    phone.says("1", "Seattle")


def test_an_emergency_is_answered_with_rasa_and_the_worker_both_gone(own_line):
    phone = Phone(own_line)
    phone.says("hi", "Warmline")
    own_line.pause("rasa")
    own_line.pause("worker")
    assert "988" in phone.send("i want to kill myself")["twiml"]
    own_line.go_on("worker")
    own_line.go_on("rasa")


def test_a_worker_killed_between_text_and_reply_loses_nothing_and_says_nothing_twice(own_line):
    phone = Phone(own_line)
    phone.says("hi", "Warmline")
    for round_ in range(3):
        phone.send("food near 98104" if round_ % 2 else "treatment near 98104", wait=False)
        time.sleep(0.02 + 0.06 * round_)
        own_line.kill("worker")
        phone.hears("Near 98104", patience=40)
        phone.hears_nothing()


def test_a_text_twilio_took_without_saying_so_is_not_sent_twice(own_line):
    phone = Phone(own_line)
    phone.says("hi", "Warmline")
    faults = {"messages": {"status": "lose_answer", "times": 1}}
    own_line.http.post(
        f"{own_line.simulator_url}/simulator/faults", json=faults, timeout=5
    ).raise_for_status()
    phone.says("food near 98104", "Near 98104")
    phone.hears_nothing(4)


def test_an_emergency_whose_answer_was_cut_off_gets_its_words_all_the_same(own_line):
    phone = Phone(own_line)
    phone.says("hi", "Warmline")
    faults = {"sms": {"kind": "cut", "times": 1}}
    own_line.http.post(
        f"{own_line.simulator_url}/simulator/faults", json=faults, timeout=5
    ).raise_for_status()
    assert phone.send("i want to kill myself")["webhook_status"] is None
    # The provider's list is asked once neither of its addresses can be answering any more.
    phone.hears("Call 988 now", patience=60)
    phone.hears_nothing()


def test_twilio_refusing_for_a_moment_loses_nothing(own_line):
    phone = Phone(own_line)
    phone.says("hi", "Warmline")
    faults = {"messages": {"status": 429, "times": 2}}
    own_line.http.post(
        f"{own_line.simulator_url}/simulator/faults", json=faults, timeout=5
    ).raise_for_status()
    phone.says("food near 98104", "Near 98104")


def test_the_line_is_not_ready_while_its_actions_are_away(own_line):
    own_line.pause("actions")
    ready = own_line.http.get(f"{own_line.url}/readyz", timeout=10)
    own_line.go_on("actions")
    assert ready.status_code == 503
    assert ready.json()["rasa"]["ok"]
    assert not ready.json()["actions"]["ok"]


def test_every_part_that_dies_comes_back(own_line):
    for name in ("web", "actions", "worker", "rasa"):
        own_line.kill(name)
    time.sleep(1)
    wait_for("the line to be whole again", own_line.is_ready, 60)
    Phone(own_line).says("hungry near 98104", "Near 98104")


def test_a_port_that_is_taken_is_a_plain_sentence_and_nothing_starts(line, tmp_path):
    done = subprocess.run(
        ["python3", "-m", "launch", "run"],
        cwd=ROOT,
        env={**os.environ, "PORT": line.url.rsplit(":", 1)[1], "WARMLINE_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_the_line_starts_it_also_stops(tmp_path):
    running = RunningLine(tmp_path / "line")
    mine = psutil.Process(running.process.pid).children(recursive=True)
    assert len(mine) >= 10
    began = time.monotonic()
    running.stop()
    assert time.monotonic() - began < 15
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in mine)
