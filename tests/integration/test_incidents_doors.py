"""Emergencies at the line's doors: the webhooks, the phone call, the metrics, the command line."""

import argparse

import pytest
from sqlalchemy import select

from bot import incidents, roster
from bot.db import reading, writing
from bot.models import Call, CaseWorker, Incident, IncidentState
from bot.roster_commands import register
from tests.integration.conftest import SETTINGS

WORKER_PHONE = "+12065551001"


@pytest.fixture
def on_call(line):
    """One case worker on call at every hour."""
    with writing(line.engine) as session:
        worker = roster.add_worker(
            session, "Heron", "Name", WORKER_PHONE, "UTC", SETTINGS["TWILIO_FROM"], line.clock()
        )
        for day in range(7):
            roster.take_shift(session, worker, roster.TakenShift(day, 0, 1440, "UTC"), line.clock())


@pytest.fixture
def ringing(line, twilio, on_call):
    """An emergency whose call has been asked for: the call's public id."""
    twilio.text("my friend is not breathing")
    with writing(line.engine) as session:
        incidents.change_escalation(
            session, '{"steps": [{"minutes": 0, "tells": 1, "by": ["call"]}]}', line.clock()
        )
    incidents.step_overdue(line.engine, line.clock(), line.durably)
    with reading(line.engine) as session:
        return session.scalars(select(Call)).one().public_id


def state(line):
    with reading(line.engine) as session:
        return session.scalars(select(Incident)).one().state


def test_the_incident_is_kept_with_the_text_and_its_wake_up_with_both(line, twilio):
    twilio.text("my friend is not breathing")
    twilio.text("my friend is not breathing")
    with reading(line.engine) as session:
        incident = session.scalars(select(Incident)).one()
        assert (incident.kind, incident.danger_to, incident.state) == ("overdose", "other", "open")


def test_whoever_picks_up_hears_nothing_of_the_person_and_is_asked_for_a_key_twice(twilio, ringing):
    twiml = twilio.post(f"/twilio/voice?call={ringing}", {"CallSid": "CA" + "1" * 32}).text
    assert twiml.count("<Gather") == 2
    assert "Someone needs you. Press 1" in twiml
    assert "breathing" not in twiml
    assert "Record" not in twiml


def test_one_takes_it_and_a_second_time_is_told_it_is_taken(line, twilio, ringing):
    assert "It is yours" in twilio.post(f"/twilio/voice/incident-key?call={ringing}", {"Digits": "1"}).text
    assert state(line) == IncidentState.ACKNOWLEDGED
    again = twilio.post(f"/twilio/voice/incident-key?call={ringing}", {"Digits": "1"}).text
    assert "taken it already" in again


def test_any_other_key_is_asked_again_and_takes_nothing(line, twilio, ringing):
    assert "<Gather" in twilio.post(f"/twilio/voice/incident-key?call={ringing}", {"Digits": "5"}).text
    assert state(line) == IncidentState.OPEN


def test_a_voice_box_takes_nothing_and_the_next_step_comes_at_once(line, twilio, ringing):
    twilio.post(f"/twilio/voice?call={ringing}", {})
    twilio.post(f"/twilio/voice/status?call={ringing}", {"CallStatus": "completed"})
    assert state(line) == IncidentState.OPEN
    assert incidents.step_overdue(line.engine, line.clock(), line.durably) == 1


def test_a_call_nobody_knows_is_nobody_s(twilio):
    assert twilio.post("/twilio/voice/incident-key?call=x", {"Digits": "1"}).status_code == 404


def test_the_metrics_say_how_many_nobody_has_taken_and_how_long(twilio):
    assert "warmline_incidents_not_taken 0.0" in twilio.client.get("/metrics").text
    twilio.text("my friend is not breathing")
    page = twilio.client.get("/metrics").text
    assert "warmline_incidents_not_taken 1.0" in page
    assert "warmline_oldest_incident_not_taken_seconds" in page


class Terminal:
    """The roster's commands of `python -m bot`, on the line under test."""

    def __init__(self, capsys, line):
        self.capsys, self.line = capsys, line
        self.parser = argparse.ArgumentParser()
        register(self.parser.add_subparsers(required=True))

    def run(self, *words):
        self.capsys.readouterr()
        arguments = self.parser.parse_args(list(words))
        code = arguments.run(self.line, arguments)
        said = self.capsys.readouterr()
        return code, said.out + said.err


@pytest.fixture
def terminal(capsys, line):
    return Terminal(capsys, line)


def test_a_roster_is_made_shown_and_unmade_from_the_terminal(terminal):
    add = ("worker", "add", "Heron", "--name", "A Name", "--phone", "206-555-1001")
    assert terminal.run(*add)[0] == 0
    assert terminal.run("shift", "add", "heron", "mon-fri", "22:00-06:00", "--timezone", "UTC")[0] == 0
    code, shown = terminal.run("roster", "--at", "2026-11-25T05:59+00:00")
    assert (code, shown) == (0, "1\tHeron\n")
    assert "Nobody is on call" in terminal.run("roster", "--at", "2026-11-25T06:00+00:00")[1]
    code, shifts = terminal.run("shift", "list")
    assert shifts.splitlines()[0] == "1\tHeron\tmon 22:00-06:00 UTC\tposition 1"
    assert len(shifts.splitlines()) == 5
    assert terminal.run("shift", "remove", "1")[0] == 0
    assert "can be alerted" in terminal.run("worker", "list")[1]
    assert terminal.run("worker", "leave", "Heron")[0] == 0
    assert "has left" in terminal.run("worker", "list")[1]
    assert "Nobody is on call" in terminal.run("roster", "--at", "2026-11-27T23:00+00:00")[1]


def test_neither_name_nor_number_is_shown_or_lies_readable(terminal, line):
    terminal.run("worker", "add", "Heron", "--name", "Marigold", "--phone", "206-555-1001")
    shown = terminal.run("worker", "list")[1]
    assert "Marigold" not in shown
    assert "5551001" not in shown
    with reading(line.engine) as session:
        assert session.scalars(select(CaseWorker)).one().name == "Marigold"
        raw = session.connection().exec_driver_sql("SELECT name FROM case_worker").scalar()
        assert b"Marigold" not in bytes(raw)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("worker", "add", "Heron", "--name", "x", "--phone", "911"), "US number"),
        (("worker", "add", "Heron", "--name", "x", "--phone", SETTINGS["TWILIO_FROM"]), "US number"),
        (
            ("worker", "add", "H", "--name", "x", "--phone", "2065551002", "--timezone", "Mars/1"),
            "no time zone",
        ),
        (("worker", "leave", "Nobody"), "works here"),
        (("shift", "add", "Nobody", "mon", "08:00-16:00"), "works here"),
        (("shift", "add", "Crane", "someday", "08:00-16:00"), "is no day"),
        (("shift", "add", "Crane", "mon", "8 to 16"), "are no hours"),
        (("shift", "add", "Crane", "mon", "25:00-26:00"), "are no hours"),
        (("shift", "add", "Crane", "mon", "08:00-16:00", "--position", "0"), "counts from 1"),
        (
            ("shift", "add", "Crane", "mon", "08:00-16:00", "--from", "2026-12-02", "--to", "2026-12-01"),
            "before",
        ),
        (("shift", "remove", "99"), "no shift 99"),
    ],
)
def test_what_cannot_be_is_refused_in_words(terminal, words, says):
    terminal.run("worker", "add", "Crane", "--name", "x", "--phone", "206-555-1003")
    code, said = terminal.run(*words)
    assert code == 1
    assert says in said


def test_the_same_phone_pseudonym_or_shift_twice_is_refused(terminal):
    terminal.run("worker", "add", "Crane", "--name", "x", "--phone", "206-555-1003")
    assert "already" in terminal.run("worker", "add", "Otter", "--name", "x", "--phone", "206-555-1003")[1]
    assert "already" in terminal.run("worker", "add", "Crane", "--name", "x", "--phone", "206-555-1004")[1]
    terminal.run("shift", "add", "Crane", "mon", "08:00-16:00")
    assert "begins then" in terminal.run("shift", "add", "Crane", "mon", "08:00-12:00")[1]


def test_the_escalation_is_shown_and_changed_from_a_file(terminal, tmp_path):
    assert "2 min\tcall\tnumber 1 on call" in terminal.run("escalation")[1]
    file = tmp_path / "escalation.json"
    file.write_text('{"steps": [{"minutes": 1, "tells": 1, "by": ["text", "call"]}]}')
    assert "1 min\ttext and call\tnumber 1 on call" in terminal.run("escalation", str(file))[1]
    file.write_text("{")
    assert terminal.run("escalation", str(file))[0] == 1
