"""Commands for what is kept of people: forget somebody, forget what is old, seal everything anew."""

import argparse
import getpass
import json
import sys
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import db, forgetting
from bot.bootstrap import Line
from bot.db import reading, writing
from bot.errors import ErasureHeld, NoSuchPerson
from bot.models import Conversation, Erasure, ErasureBy, Person, WorkerHeartbeat
from bot.phone_numbers import read_number
from bot.resealing import reseal
from bot.sealing import cipher_of, key_name

CONFIRMATION = "ERASE"
HELD = {
    forgetting.Held.EMERGENCY: "An emergency of theirs goes on. Close it first (OVER and its code).",
    forgetting.Held.TIMER: "A using-alone timer of theirs is running. Wait until it has ended.",
    forgetting.Held.CASE_WORKER: "That is a case worker's phone. First: python -m bot worker leave PSEUDONYM",
}


def register(commands: Any) -> None:
    """Add `delete-person`, `erasures`, `purge` and `rotate-keys` to the command line."""
    person = commands.add_parser("delete-person", help="forget somebody everywhere; asks for the number")
    # A number here would stay in the shell's history.
    person.add_argument("pseudonym", nargs="?", help="their conversation's id (never a phone number)")
    person.set_defaults(run=delete_person)
    commands.add_parser("erasures", help="receipts of who was forgotten").set_defaults(run=show_erasures)
    commands.add_parser("purge", help="forget what is older than RETENTION_DAYS, now").set_defaults(run=purge)
    rotate = commands.add_parser("rotate-keys", help="seal everything anew with the first of FIELD_KEYS")
    rotate.set_defaults(run=rotate_keys)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")


def delete_person(line: Line, arguments: argparse.Namespace) -> int:
    """`delete-person`: by pseudonym, or by the number typed at a prompt that shows nothing."""
    given: str | None = arguments.pseudonym
    if given is not None and not _is_pseudonym(given):
        sys.stderr.write(
            "Never a number here: it would stay in your shell's history. Leave it out and you are asked.\n"
        )
        return 2
    number = None if given else _typed("Their phone number (it does not show): ")
    try:
        with writing(line.engine) as session:
            found = _found(session, given, number)
        sure = _typed(f"Everything of conversation {found} will be erased. Type {CONFIRMATION} to go on: ")
        if sure != CONFIRMATION:
            sys.stderr.write("Nothing was erased.\n")
            return 1
        with writing(line.engine) as session:
            conversation = session.scalars(select(Conversation).where(Conversation.public_id == found)).one()
            receipt = forgetting.erase(session, conversation, ErasureBy.OPERATOR, line.clock(), line.durably)
            public_id, counts = receipt.public_id, json.loads(receipt.counts)
    except NoSuchPerson as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except ErasureHeld as error:
        sys.stderr.write(HELD[forgetting.Held(error.reason)] + "\n")
        return 1
    finally:
        line.durably.close()
    db.leave_no_trace(line.engine)
    _say(f"Erased here: {_counted(counts)}. The worker has Twilio erase its copies; receipt {public_id}.")
    return 0


def _is_pseudonym(given: str) -> bool:
    return len(given) == 32 and all(letter in "0123456789abcdef" for letter in given)


def _typed(question: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(question).strip()
    sys.stderr.write(question + "\n")
    return sys.stdin.readline().strip()


def _found(session: Session, pseudonym: str | None, number: str | None) -> str:
    people = select(Conversation.public_id).join(Person, Person.id == Conversation.person_id)
    if pseudonym is not None:
        people = people.where(Conversation.public_id == pseudonym)
    else:
        index = cipher_of(session.get_bind().dialect).index(read_number(number or "") or number or "")
        people = people.where(Person.number_index == index)
    found = session.scalars(people).first()
    if found is None:
        raise NoSuchPerson
    return found


def show_erasures(line: Line, _arguments: argparse.Namespace) -> int:
    """`erasures`: the receipts, newest first; nothing in them says who it was."""
    with reading(line.engine) as session:
        for receipt in session.scalars(select(Erasure).order_by(Erasure.id.desc()).limit(50)):
            state = (
                f"finished {receipt.finished_at:%Y-%m-%d %H:%M}" if receipt.finished_at else "at Twilio still"
            )
            at_twilio = f"Twilio: {receipt.texts} texts, {receipt.media} media, {receipt.calls} calls"
            _say(
                f"{receipt.public_id}\t{receipt.erased_at:%Y-%m-%d %H:%M}\tby {receipt.asked_by}\t{state}"
                f"\there: {_counted(json.loads(receipt.counts))}\t{at_twilio}"
            )
    return 0


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {table}" for table, count in counts.items()) or "nothing"


def purge(line: Line, _arguments: argparse.Namespace) -> int:
    """`purge`: what the worker does once a day, now."""
    if line.settings.retention_days is None:
        _say("RETENTION_DAYS is never: nothing is purged.")
        return 0
    purged = line.retention.purge()
    line.durably.close()
    db.leave_no_trace(line.engine)
    _say(f"Forgotten: {purged.people} people, and {purged.rows} old rows of others.")
    return 0


def _behind(line: Line) -> bool:
    """Whether a worker that lives could not read what is sealed anew."""
    with reading(line.engine) as session:
        known = select(WorkerHeartbeat.seals_with).where(
            WorkerHeartbeat.beat_at > line.clock() - timedelta(minutes=1)
        )
        return any(name != key_name(line.settings.field_keys[0]) for name in session.scalars(known))


def rotate_keys(line: Line, _arguments: argparse.Namespace) -> int:
    """`rotate-keys`: 0 when the older keys can go, 1 when they cannot."""
    keys = line.settings.field_keys
    if len(keys) == 1:
        _say("FIELD_KEYS holds one key. Put a new one in front, restart the line, and come back.")
        return 0
    if _behind(line):
        sys.stderr.write("A worker runs that does not have the first of FIELD_KEYS. Restart the line.\n")
        return 1
    done = reseal(line.engine, keys, lambda column, count: _say(f"{column}: {count} sealed anew"))
    db.leave_no_trace(line.engine)
    for name, row in done.unopened:
        sys.stderr.write(f"{name}, row {row}: no key of FIELD_KEYS opens it\n")
    if done.still_old:
        sys.stderr.write(
            f"Somebody still seals with an older key ({', '.join(done.still_old)}). Restart every process "
            "with the new FIELD_KEYS, then run this again. Keep the older keys.\n"
        )
        return 1
    _say(
        f"{sum(done.anew.values())} sealed anew; nothing in here needs the older keys any more. Take them "
        "out of FIELD_KEYS once every process was restarted with the new key in front. Keep them where your "
        "backups are, which need them."
    )
    return 1 if done.unopened else 0
