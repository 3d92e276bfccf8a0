"""Somebody on call is told of an emergency and takes it, with the real processes."""

import json
import re
import subprocess

import psutil
import pytest

from tests.e2e.running_line import ROOT, Phone, RunningLine

pytestmark = pytest.mark.e2e


def operator(line: RunningLine, *words: str) -> str:
    """What an operator's command says, with the settings of the running line."""
    done = subprocess.run(
        [str(ROOT / ".venv" / "bin" / "python"), "-m", "bot", *words],
        cwd=ROOT,
        env=psutil.Process(line.pid("worker")).environ(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def on_call(own_line: RunningLine) -> Phone:
    """The phone of the one case worker on call, at every hour."""
    phone = Phone(own_line)
    operator(own_line, "worker", "add", "Heron", "--name", "A Name", "--phone", phone.number)
    operator(own_line, "shift", "add", "Heron", "daily", "00:00-24:00")
    assert operator(own_line, "roster") == "1\tHeron\n"
    return phone


def test_a_text_takes_it_and_a_call_takes_the_next_and_the_person_hears_only_what_is_so(
    own_line: RunningLine, on_call: Phone, tmp_path
):
    person = Phone(own_line)
    assert "Call 911 now" in person.send("my friend is not breathing")["twiml"]
    alert = on_call.hears("someone needs you")
    assert re.fullmatch(r"Warmline: someone needs you. Reply OK \w{4} or open the inbox.", alert)
    person.hears("A person on our team has been told")
    on_call.says(re.search(r"OK \w{4}", alert)[0].lower(), "is yours")
    person.hears("looking at this now")
    person.says("ok", "Narcan now")

    steps = {"steps": [{"minutes": 0, "tells": 1, "by": ["call"]}]}
    file = tmp_path / "escalation.json"
    file.write_text(json.dumps(steps))
    operator(own_line, "escalation", str(file))
    on_call.behave(answers=True, digits="1")
    other = Phone(own_line)
    assert "Call 988 now" in other.send("i want to kill myself")["twiml"]
    other.hears("looking at this now")
    assert [call["legs"][0]["phone"] for call in own_line.calls()] == [on_call.number]
    other.hears_nothing()
