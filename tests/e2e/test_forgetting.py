"""DELETE on the real processes: a worker killed in the middle goes on, and nothing planted is left."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from launch.settings import read_file
from tests.e2e.running_line import Phone, RunningLine, wait_for
from tests.planted import in_database, in_files

pytestmark = pytest.mark.e2e
SENTENCE = "the violet laundromat by the old mill"
PICTURE = {"content_type": "image/png", "base64": "iVBORw0KGgo="}
#: The provider's list is looked at once more when it must be whole (bot/forgetting/copies.py).
FINISHED_WITHIN = 200
PEOPLE = "SELECT count(*) FROM person"
RECEIPTS = "SELECT count(*) FROM erasure"
FINISHED = "SELECT count(*) FROM erasure WHERE finished_at IS NOT NULL"


def keys(line: RunningLine) -> tuple[str, ...]:
    return tuple(read_file(line.var / "local.env")["FIELD_KEYS"].split(","))


def test_a_worker_killed_in_the_middle_of_forgetting_goes_on_and_nothing_is_left(own_line):
    phone = Phone(own_line)
    phone.says(f"hi im near {SENTENCE}", "Warmline")
    phone.send("", attachments=[PICTURE])
    phone.says(f"I need food, {SENTENCE}", "ZIP code or")
    phone.says("98104", "ear 98104:")
    phone.says("check on me tomorrow at 9am", "text you")
    phone.send(f"thanks, im still by {SENTENCE}")
    wait_for("an answer", phone.new_replies)
    database = own_line.var / "warmline.db"
    engine = create_engine(f"sqlite:///{database}")
    secrets = (phone.number, phone.number.removeprefix("+1"), SENTENCE)
    before = in_database(engine, secrets, keys(own_line))
    for table in ("person.number", "message.body", "dialogue_tracker.tracker"):
        assert any(table in hit for hit in before), before

    phone.says("delete my info", "Erase all you told me?")
    phone.new_replies()
    phone.send("YES")
    wait_for("the rows to go", lambda: _count(engine, RECEIPTS) == 1)
    own_line.kill("worker")
    assert "Done." in phone.hears("Done.", 60)

    wait_for("the end of it", lambda: _count(engine, FINISHED) == 1, FINISHED_WITHIN)
    assert _count(engine, PEOPLE) == 0
    assert in_database(engine, secrets, keys(own_line)) == []
    assert in_files(Path(database), secrets, keys(own_line)) == []
    assert _at_twilio(own_line, phone) == []
    told = [one for one in _on_the_phone(own_line, phone) if one["body"].startswith("Done.")]
    assert len(told) == 1
    for log in own_line.var.rglob("*.log"):
        assert not any(secret in log.read_text(errors="replace") for secret in secrets), log

    assert "Warmline" in phone.says("hello", "Warmline")
    engine.dispose()


def _count(engine, statement: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(statement)).scalar_one())


def _on_the_phone(line: RunningLine, phone: Phone) -> list[dict]:
    answer = line.http.get(f"{line.simulator_url}/simulator/phones/{phone.number}/messages", timeout=10)
    return list(answer.json())


def _at_twilio(line: RunningLine, phone: Phone) -> list[dict]:
    made = read_file(line.var / "local.env")
    sid = made["SIMULATED_ACCOUNT_SID"]
    found = []
    for party in ("To", "From"):
        listed = line.http.get(
            f"{line.simulator_url}/2010-04-01/Accounts/{sid}/Messages.json",
            params={party: phone.number},
            auth=(sid, made["SIMULATED_AUTH_TOKEN"]),
            timeout=10,
        )
        listed.raise_for_status()
        found += listed.json()["messages"]
    return found
