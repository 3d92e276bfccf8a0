"""A message on home's voicemail, and home that answers it, on real processes; each prints its transcript."""

from urllib.parse import quote

import pytest

from tests.e2e.running_line import Phone, wait_for
from tests.e2e.test_calls_home import asks_for_a_call, call_of, tell, write

pytestmark = pytest.mark.e2e

#: What home's phone does when it is rung for its voice box, and what the person reads.
RUNG_FOR_VOICEMAIL = {
    "voicemail": "Your message is on their phone",
    "full_voicemail": "could not leave your message",
    "fax": "could not leave your message",
    "no_answer": "could not leave your message",
    "busy": "could not leave your message",
    "out_of_service": "could not be reached",
    "accepts": "picked up and heard your message",
}
HEAR_IT = {"voicemail", "full_voicemail", "accepts"}


def the_call_to(line, home):
    """The line's own call to home's phone, once it is over."""

    def look():
        mine = [call for call in line.calls() if call["legs"][0]["phone"] == home.number]
        return mine[-1] if mine and mine[-1]["ended"] else None

    call = wait_for("the call to the voice box", look, 60)
    tell(call)
    return call


def agrees(line, phone, home, persona):
    """A call went to voicemail; the person has a message left. False: it waits for the morning."""
    home.behave(name="voicemail")
    asks_for_a_call(phone, home)
    phone.hears("VOICEMAIL to leave a short message", patience=60)
    call_of(line, phone)
    said = phone.says("VOICEMAIL", "Leave it? YES or NO")
    write(said)
    assert "Danny would like to talk with you" in said
    home.behave(name=persona, **({"digits": ""} if persona == "accepts" else {}))
    answered = phone.says("yes", "OK")
    write(answered)
    return "in the morning" not in answered


@pytest.mark.parametrize("persona", RUNG_FOR_VOICEMAIL)
def test_however_homes_phone_takes_it_the_person_is_told_what_became_of_the_message(line, persona):
    phone, home = Phone(line), Phone(line)
    if not agrees(line, phone, home, persona):
        # It is night where these numbers are.
        phone.says("dont call", "no call")
        return
    write(phone.hears(RUNG_FOR_VOICEMAIL[persona], patience=60))
    call = the_call_to(line, home)
    assert len(call["legs"]) == 1
    heard = " ".join(call["legs"][0]["said"])
    assert ("Danny would like to talk with you" in heard) == (persona in HEAR_IT)
    for secret in ("Warmline", "food", "treatment", phone.number[-4:]):
        assert secret not in heard
    phone.hears_nothing()


def test_home_that_calls_or_texts_back_hears_nothing_of_the_line_and_reaches_the_person(line):
    phone, home = Phone(line), Phone(line)
    home.behave(name="no_answer")
    asks_for_a_call(phone, home)
    phone.hears("didn't pick up", patience=60)
    home.behave(digits=["5"])
    path = f"{line.simulator_url}/simulator/phones/{quote(home.number)}/calls"
    call = line.http.post(path, json={}, timeout=60).json()
    write("\n".join(call["said"]))
    assert "hang up and call 911" in call["said"][0]
    assert not any("food" in sentence for sentence in call["said"])
    write(phone.hears("called this line back"))
    home.send("danny? call me after 6")
    assert "danny? call me after 6" in phone.hears("They wrote back")
    write(home.hears("passed it on"))


def test_nothing_was_recorded_and_nobody_joined_unasked(line):
    assert line.http.get(f"{line.simulator_url}/simulator/violations", timeout=10).json() == []
