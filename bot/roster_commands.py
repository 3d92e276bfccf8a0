"""Commands for the roster: who works here, who is on call when."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import incidents, roster, staff_commands
from bot.bootstrap import Line
from bot.db import reading, writing
from bot.errors import EscalationInvalid, RosterError, StaffError
from bot.models import CaseWorker, Shift


def register(commands: Any) -> None:
    """Add `worker`, `shift` and `roster` to the command line."""
    worker = commands.add_parser("worker", help="case workers").add_subparsers(required=True, metavar="what")
    add = worker.add_parser("add", help="somebody who takes emergencies, or signs in at the inbox, or both")
    add.add_argument("pseudonym", help="what others see")
    add.add_argument("--name", help="kept sealed; needed with --phone")
    add.add_argument("--phone", help="where alerts go")
    add.add_argument("--timezone", help="default: the line's")
    add.add_argument("--language", choices=("en", "es"))
    staff_commands.with_account(add)
    add.set_defaults(run=_told(add_worker))
    staff_commands.register(worker, _told)
    worker.add_parser("list", help="who works here").set_defaults(run=_told(list_workers))
    leave = worker.add_parser("leave", help="somebody is gone: no more alerts")
    leave.add_argument("pseudonym")
    leave.set_defaults(run=_told(worker_leaves))
    shift = commands.add_parser("shift", help="who is on call when").add_subparsers(
        required=True, metavar="what"
    )
    take = shift.add_parser("add", help="put somebody on call")
    take.add_argument("pseudonym")
    take.add_argument("days", help="mon, mon,wed, mon-fri or daily")
    take.add_argument("hours", help="08:00-16:00; 22:00-06:00 goes on into the next day")
    take.add_argument("--timezone", help="default: the case worker's")
    take.add_argument("--position", type=int, default=1, help="who is told first: 1 before 2 (default 1)")
    take.add_argument("--from", dest="valid_from", type=date.fromisoformat, metavar="YYYY-MM-DD")
    take.add_argument("--to", dest="valid_to", type=date.fromisoformat, metavar="YYYY-MM-DD")
    take.set_defaults(run=_told(add_shift))
    shift.add_parser("list", help="every shift with its number").set_defaults(run=_told(list_shifts))
    give = shift.add_parser("remove", help="give a shift back")
    give.add_argument("number", type=int)
    give.set_defaults(run=_told(remove_shift))
    now = commands.add_parser("roster", help="who is told first when somebody is in danger")
    now.add_argument("--at", type=datetime.fromisoformat, metavar="TIME", help="2026-11-25T22:00, local")
    now.set_defaults(run=_told(show_roster))
    escalation = commands.add_parser("escalation", help="when who is told; with a file, change it")
    escalation.add_argument("file", nargs="?", type=Path, metavar="FILE.json")
    escalation.set_defaults(run=_told(show_escalation))


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")


def _told(command: Any) -> Any:
    """A command whose refusal is a line on standard error and exit code 1."""

    def run(line: Line, arguments: argparse.Namespace) -> int:
        try:
            command(line, arguments)
        except (RosterError, EscalationInvalid, StaffError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        return 0

    return run


def add_worker(line: Line, arguments: argparse.Namespace) -> None:
    """`worker add`."""
    if not arguments.role and not (arguments.phone and arguments.name):
        raise RosterError("give --phone and --name for alerts, or --role for the inbox, or all three")
    if arguments.phone and not arguments.name:
        raise RosterError("--phone needs --name as well")
    with writing(line.engine) as session:
        worker = _on_roster(session, line, arguments) if arguments.phone else None
        if arguments.role:
            _say(staff_commands.invite(session, line, arguments, worker))


def _on_roster(session: Session, line: Line, arguments: argparse.Namespace) -> CaseWorker:
    worker = roster.add_worker(
        session,
        arguments.pseudonym,
        arguments.name,
        arguments.phone,
        arguments.timezone or line.settings.timezone,
        line.settings.twilio_from,
        line.clock(),
        arguments.language,
    )
    _say(f"{worker.pseudonym} works here. On call: python -m bot shift add {worker.pseudonym} DAYS HOURS")
    return worker


def list_workers(line: Line, _arguments: argparse.Namespace) -> None:
    """`worker list`: pseudonyms, zones, and whether alerts can reach them; never numbers or names."""
    with reading(line.engine) as session:
        for worker in session.scalars(select(CaseWorker).order_by(CaseWorker.pseudonym)):
            consent = roster.may_be_alerted(session, worker)
            state = "has left" if worker.left_at else "can be alerted" if consent else "no alerts"
            _say(f"{worker.pseudonym}\t{worker.timezone}\t{state}")


def worker_leaves(line: Line, arguments: argparse.Namespace) -> None:
    """`worker leave`."""
    with writing(line.engine) as session:
        worker = roster.find_worker(session, arguments.pseudonym)
        roster.leave(session, worker, line.clock())
        staff_commands.shut_out(session, worker, line.clock())
        _say(f"{worker.pseudonym} has left, gets no more alerts and cannot sign in.")


def add_shift(line: Line, arguments: argparse.Namespace) -> None:
    """`shift add`: one shift for each day named."""
    starts, ends = roster.read_hours(arguments.hours)
    with writing(line.engine) as session:
        worker = roster.find_worker(session, arguments.pseudonym)
        for day in roster.read_days(arguments.days):
            taken = roster.TakenShift(
                day,
                starts,
                ends,
                arguments.timezone or worker.timezone,
                arguments.position,
                arguments.valid_from,
                arguments.valid_to,
            )
            _say(_written(roster.take_shift(session, worker, taken, line.clock())))


def list_shifts(line: Line, _arguments: argparse.Namespace) -> None:
    """`shift list`."""
    with reading(line.engine) as session:
        for shift in session.scalars(select(Shift).order_by(Shift.weekday, Shift.starts, Shift.position)):
            _say(_written(shift))


def _written(shift: Shift) -> str:
    bounds = [
        f"from {shift.valid_from}" if shift.valid_from else "",
        f"to {shift.valid_to}" if shift.valid_to else "",
    ]
    words = roster.shift_words(shift.weekday, shift.starts, shift.ends, shift.timezone)
    who = f"{shift.id}\t{shift.case_worker.pseudonym}\t{words}\tposition {shift.position}"
    return "\t".join(filter(None, [who, *bounds]))


def remove_shift(line: Line, arguments: argparse.Namespace) -> None:
    """`shift remove`."""
    with writing(line.engine) as session:
        _say("given back: " + _written(roster.remove_shift(session, arguments.number)))


def show_roster(line: Line, arguments: argparse.Namespace) -> None:
    """`roster`: who is told, in order, now or at a time; a time without a zone is the line's."""
    at = arguments.at or line.clock()
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(line.settings.timezone))
    with reading(line.engine) as session:
        on_call = roster.who_is_on_call(session, at)
        for place, worker in enumerate(on_call, 1):
            reached = "" if roster.may_be_alerted(session, worker) else "\tNO ALERTS: their phone said STOP"
            _say(f"{place}\t{worker.pseudonym}{reached}")
        if not on_call:
            _say("Nobody is on call then: people in danger are told so at once.")


def show_escalation(line: Line, arguments: argparse.Namespace) -> None:
    """`escalation`: the steps in force, or new ones from a file of JSON."""
    if arguments.file is not None:
        with writing(line.engine) as session:
            incidents.change_escalation(session, arguments.file.read_text("utf-8"), line.clock())
    with reading(line.engine) as session:
        ladder = incidents.current_escalation(session)
    for rung in ladder.rungs:
        _say(f"{rung.after.total_seconds() / 60:g} min\t{' and '.join(rung.by)}\tnumber {rung.tells} on call")
    _say(f"{ladder.nobody_after.total_seconds() / 60:g} min\tthe person is told that nobody has answered")
