"""What an operator does about the inbox from a terminal."""

import argparse
import re

import pytest
from sqlalchemy import select

from bot import audit_commands, roster_commands
from bot.db import reading
from bot.models import AuditEntry, CaseWorker, StaffAccount

ON_ROSTER = ("worker", "add", "Heron", "--name", "A Name", "--phone", "206-555-1001")


@pytest.fixture
def run(line, capsys):
    """One command as the operator types it: its exit code and its words."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    roster_commands.register(commands)
    audit_commands.register(commands)

    def typed(*words: str) -> tuple[int, str]:
        arguments = parser.parse_args(list(words))
        code = arguments.run(line, arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    return typed


def accounts(line) -> dict[str, str]:
    with reading(line.engine) as session:
        return {one.name: one.role for one in session.scalars(select(StaffAccount))}


def test_an_account_is_made_by_an_invitation(run, line, inbox_world):
    code, said = run("worker", "add", "Otter", "--role", "admin")
    assert code == 0
    token = re.search(r"https://line.example.org/inbox/invitation/([\w-]+)", said)[1]
    browser = inbox_world.browser()
    # The terminal goes by the real time.
    inbox_world.clock.at = line.clock()
    browser.take_up("Otter", token)
    assert browser.get("/workers").status_code == 200


def test_somebody_on_the_roster_is_the_same_person_at_the_inbox(run, line):
    run(*ON_ROSTER)
    assert run("worker", "add", "heron", "--role", "worker")[0] == 0
    with reading(line.engine) as session:
        worker = session.scalars(select(CaseWorker)).one()
        assert session.scalars(select(StaffAccount)).one().case_worker_id == worker.id


def test_roster_and_account_are_made_at_once(run, line):
    assert run(*ON_ROSTER, "--role", "supervisor")[0] == 0
    with reading(line.engine) as session:
        account = session.scalars(select(StaffAccount)).one()
        assert account.case_worker.person_id is not None


def test_officers_are_nobodys_case_workers(run, line):
    run("worker", "add", "Desk 4", "--role", "card_maker")
    with reading(line.engine) as session:
        assert session.scalars(select(CaseWorker)).all() == []


def test_a_second_account_of_a_name_is_refused_and_nothing_is_half_made(run, line):
    run("worker", "add", "Heron", "--role", "card_maker")
    code, said = run("worker", "add", "HERON", "--role", "worker")
    assert (code, "already" in said) == (1, True)
    with reading(line.engine) as session:
        assert session.scalars(select(CaseWorker)).all() == []


@pytest.mark.parametrize(
    "words", [("Heron",), ("Heron", "--name", "x"), ("Heron", "--phone", "206-555-1001")]
)
def test_what_is_missing_is_told(run, words):
    code, said = run("worker", "add", *words)
    assert code == 1
    assert "--name" in said


def test_whoever_leaves_cannot_sign_in(run, line):
    run(*ON_ROSTER, "--role", "worker")
    run("worker", "leave", "Heron")
    assert run("worker", "accounts")[1] == "Heron\tworker\tshut out\n"
    assert run("worker", "reset", "Heron")[0] == 1
    assert run("worker", "reset", "Nobody")[0] == 1


def test_a_reset_prints_a_new_invitation(run, line):
    first = run("worker", "add", "Otter", "--role", "admin")[1]
    second = run("worker", "reset", "otter")[1]
    assert first.split()[-1] != second.split()[-1]


def test_the_log_is_verified_from_the_terminal(run, line):
    run("worker", "add", "Otter", "--role", "admin")
    code, said = run("audit", "verify")
    assert (code, said.splitlines()[0]) == (0, "1 entries, none changed.")
    head = said.splitlines()[1]
    run("worker", "add", "Swift", "--role", "worker")
    assert run("audit", "verify", "--expect", head)[0] == 0
    assert run("audit", "verify", "--expect", "1:" + "0" * 64)[0] == 1
    code, said = run("audit", "verify", "--expect", "9:" + "0" * 64)
    assert (code, "Entry 3" in said) == (1, True)
    with reading(line.engine) as session:
        assert {entry.actor for entry in session.scalars(select(AuditEntry))} == {"operator"}
    assert accounts(line) == {"Otter": "admin", "Swift": "worker"}
