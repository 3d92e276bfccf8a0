"""Keys in rotation: everything is sealed anew while the line runs, and it is said when the old key can go."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.db import make_engine, reading, writing
from bot.models import DialogueTracker, Person
from bot.people import conversation_with
from bot.resealing import reseal, sealed_columns
from bot.sealing import FieldCipher
from tests.integration.conftest import SETTINGS
from tests.integration.forgetting_world import PERSON, SECRETS
from tests.planted import in_database

OLD, NEW = SETTINGS["FIELD_KEYS"], Fernet.generate_key().decode()


def test_everything_sealed_is_sealed_with_the_new_key_and_can_be_read(forgetting_world, database_url):
    world = forgetting_world
    world.with_everything()
    before = in_database(world.engine, SECRETS, (OLD,))
    done = reseal(world.engine, (NEW, OLD))
    assert (done.unopened, done.still_old) == ((), ())
    assert in_database(world.engine, SECRETS, (NEW,)) == before
    assert not [hit for hit in in_database(world.engine, SECRETS, (OLD,)) if "reported_by" not in hit]
    anew = make_engine(database_url, FieldCipher((NEW,), SETTINGS["SECRET_KEY"]))
    with reading(anew) as session:
        assert PERSON in {person.number for person in session.scalars(select(Person))}
    anew.dispose()


def test_the_second_time_there_is_nothing_to_do(forgetting_world):
    forgetting_world.text("food")
    assert sum(reseal(forgetting_world.engine, (NEW, OLD)).anew.values()) > 0
    assert sum(reseal(forgetting_world.engine, (NEW, OLD)).anew.values()) == 0


def test_stopped_in_the_middle_it_goes_on_where_it_was(forgetting_world):
    world = forgetting_world
    for number in range(5):
        world.text(f"text {number}")

    class Stopped(Exception):
        pass

    def stop(_column, _count):
        raise Stopped

    with pytest.raises(Stopped):
        reseal(world.engine, (NEW, OLD), stop)
    done = reseal(world.engine, (NEW, OLD))
    assert done.still_old == ()
    assert in_database(world.engine, (PERSON,), (OLD,)) == []


def test_a_process_that_still_seals_with_the_old_key_is_noticed(forgetting_world, database_url):
    world = forgetting_world
    numbers = iter(range(10_000_000, 99_999_999))

    behind = make_engine(database_url, FieldCipher((OLD, NEW), SETTINGS["SECRET_KEY"]))

    def writes(_column, _count):
        with writing(behind) as session:
            conversation_with(session, f"+120{next(numbers)}", world.clock())

    world.text("food")
    try:
        done = reseal(world.engine, (NEW, OLD), writes)
    finally:
        behind.dispose()
    assert "person.number" in done.still_old


def test_what_no_key_opens_is_told_and_left(forgetting_world):
    world = forgetting_world
    with writing(world.engine) as session:
        sealed = Fernet(Fernet.generate_key()).encrypt(b"{}")
        session.add(DialogueTracker(sender_id="a" * 32, tracker=sealed, saved_at=world.clock()))
    done = reseal(world.engine, (NEW, OLD))
    assert done.unopened == (("dialogue_tracker.tracker", "a" * 32),)
    with reading(world.engine) as session:
        assert session.scalars(select(DialogueTracker)).one().tracker == sealed


def test_every_sealed_column_is_known():
    names = {f"{table.name}.{column.name}" for table, column in sealed_columns()}
    assert {"person.number", "message.body", "erasure.number", "dialogue_tracker.tracker"} <= names
