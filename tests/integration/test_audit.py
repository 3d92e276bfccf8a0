"""The audit log: only added to, one chain however many write at once, and any change of it is found."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot import audit
from bot.audit import Actor
from bot.db import make_engine, reading, writing
from bot.models import AuditEntry, AuditReason
from bot.sealing import FieldCipher
from tests.integration.conftest import SETTINGS

HERON = Actor(7, "Heron")


def write(engine, clock, how_many=5, reason=None):
    for number in range(how_many):
        with writing(engine) as session:
            audit.append(session, HERON, "conversation.viewed", f"conversation:{number:04x}", clock(), reason)


def verdict(engine, expected=None):
    with reading(engine) as session:
        return audit.verify(session, expected)


def unguarded(engine, *statements):
    """What somebody does who owns the database itself: the triggers are taken away first."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        else:
            for name in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER audit_entry_no_{name}"))
        for statement in statements:
            connection.execute(statement)


def test_an_empty_log_is_whole(engine):
    assert verdict(engine) == audit.Verdict(0, audit.GENESIS)


def test_what_is_written_verifies(engine, clock):
    write(engine, clock, reason="A supervisor asked")
    told = verdict(engine)
    assert (told.whole, told.broken, told.erased) == (5, None, 0)


@pytest.mark.parametrize(
    "change",
    [
        update(AuditEntry).values(actor="Otter"),
        delete(AuditEntry).where(AuditEntry.sequence == 2),
        text("UPDATE audit_entry SET action = action"),
        text("DELETE FROM audit_entry"),
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(engine, clock, change):
    write(engine, clock)
    with pytest.raises(DBAPIError, match="only ever added to"), engine.begin() as connection:
        connection.execute(change)
    assert verdict(engine).whole == 5


def test_the_database_refuses_every_other_way_to_be_rid_of_an_entry(engine, clock):
    write(engine, clock)
    if engine.dialect.name == "postgresql":
        statement = "TRUNCATE audit_entry"
    else:
        statement = (
            "INSERT OR REPLACE INTO audit_entry"
            " (sequence, at, actor, action, subject, previous_digest, digest)"
            " VALUES (2, '2026-11-24', 'x', 'y', 'z', 'p', 'd')"
        )
    with pytest.raises(DBAPIError, match="only ever added to"), engine.begin() as connection:
        connection.execute(text(statement))
    assert verdict(engine).whole == 5


@pytest.mark.parametrize(
    ("changed", "broken", "why"),
    [
        (update(AuditEntry).where(AuditEntry.sequence == 3).values(actor="Otter"), 3, "changed"),
        (update(AuditEntry).where(AuditEntry.sequence == 3).values(reason_digest="0" * 64), 3, "changed"),
        (delete(AuditEntry).where(AuditEntry.sequence == 3), 3, "missing"),
        (delete(AuditEntry).where(AuditEntry.sequence == 1), 1, "missing"),
        (update(AuditReason).where(AuditReason.sequence == 4).values(reason="Other words"), 4, "reason"),
    ],
)
def test_a_change_behind_the_databases_back_names_the_first_broken_entry(engine, clock, changed, broken, why):
    write(engine, clock, reason="A supervisor asked")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        else:
            for name in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER audit_entry_no_{name}"))
        connection.execute(changed)
    told = verdict(engine)
    assert (told.broken, told.why, told.whole) == (broken, why, broken - 1)


def test_an_entry_slipped_in_by_somebody_without_the_key_is_found(engine, clock):
    write(engine, clock, 2)
    stranger = make_engine(
        engine.url.render_as_string(hide_password=False),
        FieldCipher((SETTINGS["FIELD_KEYS"],), "another secret"),
    )
    with writing(stranger) as session:
        audit.append(session, HERON, "conversation.viewed", "conversation:ffff", clock())
    stranger.dispose()
    assert (verdict(engine).broken, verdict(engine).why) == (3, "changed")


def test_the_newest_entries_cut_off_are_missed_when_the_head_was_written_down(engine, clock):
    write(engine, clock)
    before = verdict(engine)
    unguarded(engine, delete(AuditEntry).where(AuditEntry.sequence > 3))
    assert verdict(engine).broken is None
    assert (verdict(engine, (before.whole, before.head)).broken, verdict(engine, (5, before.head)).why) == (
        4,
        "missing",
    )
    assert verdict(engine, (3, "0" * 64)).why == "head"


def test_an_erased_reason_leaves_the_chain_whole(engine, clock):
    write(engine, clock, 3, reason="It was about somebody")
    with engine.begin() as connection:
        connection.execute(delete(AuditReason).where(AuditReason.sequence == 2))
    told = verdict(engine)
    assert (told.broken, told.whole, told.erased) == (None, 3, 1)


def test_reasons_are_sealed_at_rest(engine, clock):
    write(engine, clock, 1, reason="It was about somebody")
    with engine.connect() as connection:
        assert b"somebody" not in bytes(
            connection.execute(text("SELECT reason FROM audit_reason")).scalar_one()
        )


def test_many_who_write_at_once_make_one_chain(engine, clock):
    def one(number):
        with writing(engine) as session:
            audit.append(
                session, Actor(number, f"Worker {number}"), "conversation.viewed", "conversation:1", clock()
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(80)))
    assert (verdict(engine).whole, verdict(engine).broken) == (80, None)


def test_two_entries_cannot_follow_the_same_one(engine, clock):
    write(engine, clock, 2)
    with reading(engine) as session:
        second = session.get(AuditEntry, 2)
    twin = {
        "sequence": 3, "at": clock(), "actor": "x", "action": "y", "subject": "z",
        "previous_digest": second.previous_digest, "digest": "f" * 64,
    }  # fmt: skip
    with pytest.raises((IntegrityError, DBAPIError)), engine.begin() as connection:
        connection.execute(insert(AuditEntry).values(**twin))


def test_an_entry_is_undone_with_what_it_tells_of(engine, clock):
    def fails() -> None:
        with writing(engine) as session:
            audit.append(session, HERON, "conversation.viewed", "conversation:1", clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    write(engine, clock, 1)
    assert verdict(engine).whole == 1


def test_entries_are_found_by_who_what_about_and_when(engine, clock):
    write(engine, clock, 3)
    clock.pass_by(days=1)
    with writing(engine) as session:
        audit.append(session, Actor(8, "Otter"), "number.revealed", "conversation:0001", clock(), "Asked")

    def found(**wanted):
        with reading(engine) as session:
            return [entry.sequence for entry, _ in audit.entries(session, audit.Wanted(**wanted))]

    assert found() == [4, 3, 2, 1]
    assert found(actor="Otter") == [4]
    assert found(action="conversation.viewed", before=3) == [2, 1]
    assert found(subject="conversation:0001") == [4, 2]
    assert found(since=clock()) == [4]
    assert found(until=clock()) == [3, 2, 1]
    with reading(engine) as session:
        assert audit.entries(session, audit.Wanted(), 1)[0][1] == "Asked"
        assert audit.actions(session) == ["conversation.viewed", "number.revealed"]


def test_the_log_is_read_in_order_of_its_numbers(engine, clock):
    write(engine, clock, 12)
    with reading(engine) as session:
        assert list(session.scalars(select(AuditEntry.sequence).order_by(AuditEntry.sequence))) == list(
            range(1, 13)
        )
