"""Calls home on real processes, every persona on both legs; each prints its transcript."""

import sys
import time
from urllib.parse import quote

import pytest

from tests.e2e.running_line import Phone, wait_for

pytestmark = pytest.mark.e2e

LINE = "+12065550100"
#: How home behaves, and what the person reads afterwards.
AT_HOME = {
    "accepts": "However it went, I'm here",
    "declines": "didn't take the call",
    "silent": "didn't take the call",
    "hangs_up": "didn't take the call",
    "voicemail": "went to voicemail",
    "fax": "went to voicemail",
    "no_answer": "didn't pick up",
    "busy": "phone was busy",
    "out_of_service": "could not be reached",
}
#: How the person's own phone behaves, and what they read.
AT_THE_PERSON = {
    "declines": "no one pressed 1",
    "silent": "no one pressed 1",
    "hangs_up": "no one pressed 1",
    "voicemail": "no one pressed 1",
    "no_answer": "we didn't connect",
    "busy": "we didn't connect",
    "out_of_service": "The call didn't work",
}


def write(words):
    sys.stdout.write(words + "\n")


def tell(call):
    """The transcript of a call, in the test's output."""
    for leg in call["legs"]:
        heard = "".join(f"\n    hears: {sentence}" for sentence in leg["said"])
        write(
            f"{leg['phone']} ({leg['status']}) sees {leg['caller_id']}{heard}\n    presses: {leg['pressed']}"
        )


def call_of(line, phone):
    """The last call of a phone, once it is over."""

    def look():
        mine = [call for call in line.calls() if call["legs"][0]["phone"] == phone.number]
        return mine[-1] if mine and mine[-1]["ended"] else None

    call = wait_for("the call's end", look, 60)
    tell(call)
    return call


def asks_for_a_call(phone, home, yes="yes"):
    phone.says("call my mom " + home.number[2:], "What name")
    phone.says("danny", "Danny would like to talk with you")
    phone.says(yes, "Calling you now")


@pytest.mark.parametrize("persona", AT_HOME)
def test_however_home_takes_it_the_person_is_told_kindly_and_never_recorded(line, persona):
    phone, home = Phone(line), Phone(line)
    home.behave(name=persona, talk_seconds=0.3)
    asks_for_a_call(phone, home)
    phone.hears(AT_HOME[persona], patience=60)
    call = call_of(line, phone)
    assert call["bridged"] == (persona == "accepts")
    assert {leg["caller_id"] for leg in call["legs"]} == {LINE}
    assert not any(leg["recorded"] for leg in call["legs"])
    assert all(leg["errors"] == [] for leg in call["legs"])
    phone.hears_nothing()


@pytest.mark.parametrize("persona", AT_THE_PERSON)
def test_however_the_persons_own_phone_takes_it_home_is_left_alone(line, persona):
    phone, home = Phone(line), Phone(line)
    phone.behave(name=persona)
    asks_for_a_call(phone, home)
    phone.hears(AT_THE_PERSON[persona], patience=60)
    assert len(call_of(line, phone)["legs"]) == 1
    phone.hears_nothing()


def test_the_phone_rings_within_two_seconds_of_the_yes(line):
    took = []
    for _ in range(5):
        phone, home = Phone(line), Phone(line)
        phone.says("call my mom " + home.number[2:], "What name")
        phone.says("danny", "Call now?")
        began = time.monotonic()
        phone.send("yes")
        wait_for(
            "the ring", lambda number=phone.number: any(c["legs"][0]["phone"] == number for c in line.calls())
        )
        took.append(time.monotonic() - began)
        call_of(line, phone)
    write(f"seconds from yes to the first ring: {[round(one, 2) for one in took]}")
    assert sorted(took)[len(took) // 2] <= 2


@pytest.mark.parametrize(
    ("key", "told"), [("3", "says it's a wrong number"), ("9", "asked not to hear from this line")]
)
def test_home_that_refuses_by_key_is_never_called_for_them_again(line, key, told):
    phone, home = Phone(line), Phone(line)
    home.behave(digits=key)
    asks_for_a_call(phone, home)
    phone.hears(told, patience=60)
    call_of(line, phone)
    phone.says("call my mom " + home.number[2:], "asked not to hear from this line")


def test_home_may_choose_the_other_language_and_then_accept(line):
    phone, home = Phone(line), Phone(line)
    home.behave(digits=["2", "1"], talk_seconds=0.2)
    asks_for_a_call(phone, home)
    phone.hears("However it went", patience=60)
    call = call_of(line, phone)
    assert call["bridged"]
    assert any("Danny quiere hablar contigo" in sentence for sentence in call["legs"][1]["said"])


def test_a_call_in_spanish_is_spanish_on_both_legs(line):
    phone, home = Phone(line), Phone(line)
    home.behave(name="no_answer")
    phone.says("ESPANOL", "COMIDA")
    phone.says("quiero llamar a mi mama " + home.number[2:], "nombre")
    phone.says("soy Beto", "Beto quiere hablar contigo")
    phone.says("si", "Te llamo ahora")
    phone.hears("No contestaron", patience=60)
    assert "Oprime 1 para conectar" in call_of(line, phone)["legs"][0]["said"][0]


def test_a_call_at_a_time_is_said_back_and_can_be_taken_back(line):
    phone, home = Phone(line), Phone(line)
    phone.says("call my mom " + home.number[2:], "What name")
    phone.says("skip", "Someone who knows you would like to talk with you")
    phone.says("tomorrow at 6pm", "I'll ring you tomorrow")
    phone.says("dont call", "no call")


def test_a_call_in_a_minute_rings_then(line):
    phone, home = Phone(line), Phone(line)
    home.behave(name="accepts", talk_seconds=0.2)
    phone.says("call my mom " + home.number[2:], "What name")
    phone.says("danny", "Call now?")
    phone.says("in 1 minute", "I'll ring you")
    phone.hears("However it went", patience=100)
    assert call_of(line, phone)["bridged"]


def test_again_and_message_take_up_the_number_of_the_call_before(line):
    phone, home = Phone(line), Phone(line)
    home.behave(name="no_answer")
    asks_for_a_call(phone, home)
    phone.hears("didn't pick up", patience=60)
    phone.says("again", "Call now?")
    phone.says("no", "right number")
    phone.says("nevermind dont call", "no call")
    said = phone.says("MESSAGE", "What should I tell")
    assert home.number[-4:] in said
    shown = phone.says("i am ok mom, i love you", "Send it?")
    for words in ("Danny", "i am ok mom, i love you", "automated", "STOP"):
        assert words in shown
    phone.says("yes", "Sent.")
    assert "i am ok mom, i love you" in home.hears("Warmline, an automated line")
    home.send("thank god. come home")
    assert "thank god. come home" in phone.hears("They wrote back")
    home.hears("passed it on")
    home.send("STOP")
    phone.hears("asked not to hear from this line")
    phone.says("text my mom " + home.number[2:], "asked not to hear from this line")


def test_whoever_calls_the_line_hears_places_and_gets_them_by_text(line):
    phone = Phone(line)
    phone.behave(digits="", says=["I'm hungry", "98104"])
    call = line.http.post(
        f"{line.simulator_url}/simulator/phones/{quote(phone.number)}/calls", json={}, timeout=60
    )
    said = call.json()["said"]
    write("\n".join(said))
    assert "hang up and call 911" in said[0]
    assert sum("Sample" in sentence for sentence in said) == 3
    phone.hears("(206) 555-01")


def test_whoever_calls_the_line_after_hours_for_a_person_is_told_so(line):
    phone = Phone(line)
    phone.behave(digits=["4"])
    call = line.http.post(
        f"{line.simulator_url}/simulator/phones/{quote(phone.number)}/calls", json={}, timeout=60
    )
    assert any("Nobody on our team can pick up right now" in sentence for sentence in call.json()["said"])


def test_a_call_home_by_keys_joins_the_two(line):
    phone, home = Phone(line), Phone(line)
    phone.behave(digits=["3", home.number[2:] + "#", "1"], talk_seconds=0.2)
    home.behave(digits="1", talk_seconds=0.2)
    line.http.post(f"{line.simulator_url}/simulator/phones/{quote(phone.number)}/calls", json={}, timeout=60)
    call = call_of(line, phone)
    assert call["bridged"]
    assert call["legs"][1]["caller_id"] == LINE
    phone.hears("However it went")


def test_nothing_the_line_promises_about_calls_was_broken(line):
    broken = line.http.get(f"{line.simulator_url}/simulator/violations", timeout=10).json()
    assert broken == []
