"""Calls home whose callbacks come twice, late or never, and whose worker is killed between the legs."""

import time

import pytest

from tests.e2e.running_line import Phone, wait_for
from tests.e2e.test_calls_home import asks_for_a_call, call_of

pytestmark = pytest.mark.e2e


def orders(line, **faults):
    """Order trouble for the provider's webhooks."""
    line.http.post(f"{line.simulator_url}/simulator/faults", json=faults, timeout=5).raise_for_status()


def both_legs(line, phone):
    """Wait until home rings."""

    def look():
        return any(
            call["legs"][0]["phone"] == phone.number and len(call["legs"]) == 2 for call in line.calls()
        )

    wait_for("home to ring", look, 30)


@pytest.mark.parametrize("target", ["voice", "call_status"])
@pytest.mark.parametrize("kind", ["duplicate", "reorder", "replay"])
def test_webhooks_that_come_twice_or_late_say_nothing_twice(line, target, kind):
    phone, home = Phone(line), Phone(line)
    home.behave(name="no_answer")
    orders(line, **{target: {"kind": kind, "times": None, "phone": phone.number, "seconds": 2}})
    asks_for_a_call(phone, home)
    phone.hears("didn't pick up", patience=60)
    call_of(line, phone)
    phone.hears_nothing(3)
    orders(line, **{target: []})


def test_a_ring_whose_end_was_never_told_is_asked_about(line):
    phone, home = Phone(line), Phone(line)
    phone.behave(name="no_answer")
    orders(line, call_status={"kind": "lost", "times": None, "phone": phone.number})
    asks_for_a_call(phone, home)
    phone.hears("we didn't connect", patience=100)
    phone.hears_nothing()


def test_a_second_leg_whose_end_was_never_told_is_asked_about(line):
    phone, home = Phone(line), Phone(line)
    home.behave(answers=False, rings_seconds=3)
    asks_for_a_call(phone, home)
    both_legs(line, phone)
    orders(line, voice={"kind": "lost", "phone": phone.number})
    phone.hears("didn't pick up", patience=60)
    phone.hears_nothing()


def test_a_worker_killed_between_the_legs_changes_nothing(own_line):
    phone, home = Phone(own_line), Phone(own_line)
    home.behave(name="accepts", rings_seconds=3, talk_seconds=0.3)
    asks_for_a_call(phone, home)
    both_legs(own_line, phone)
    own_line.kill("worker")
    phone.hears("However it went", patience=60)
    assert call_of(own_line, phone)["bridged"]
    phone.hears_nothing()


def test_a_worker_killed_while_it_places_the_call_rings_the_person_once(own_line):
    for round_ in range(3):
        phone, home = Phone(own_line), Phone(own_line)
        home.behave(name="accepts", talk_seconds=0.3)
        phone.says("call my mom " + home.number[2:], "What name")
        phone.says("danny", "Call now?")
        phone.send("yes", wait=False)
        time.sleep(0.1 + 0.15 * round_)
        own_line.kill("worker")
        phone.hears("However it went", patience=150)
        rung = [call for call in own_line.calls() if call["legs"][0]["phone"] == phone.number]
        assert len(rung) == 1
