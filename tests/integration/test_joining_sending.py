"""Two case workers, one person, texts that cross: nobody answers past what they have not seen. On both."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot import joining
from bot.db import reading, writing
from bot.errors import InboxError, NewerStands, PersonSaidStop
from bot.joining import Written
from bot.models import Message, Takeover, WorkerText
from tests.integration.incident_world import OVERDOSE, PHONE
from tests.integration.joining_world import JoiningWorld


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    return JoiningWorld(engine, clock, work, dialogue, messenger)


def test_a_text_is_refused_when_something_newer_stands_there(world):
    world.take_over()
    seen = world.newest()
    newer = world.says("wait, one more thing")
    with pytest.raises(NewerStands) as refused:
        world.write("Bye then.", after=seen)
    assert refused.value.message_ids == (newer,)
    assert world.write("What is it?", after=newer)


def test_a_number_that_is_no_text_of_theirs_is_no_way_past_what_is_newer(world):
    world.take_over()
    world.says("one more thing")
    for after in (10**9, world.newest() + 1, 0):
        with pytest.raises(NewerStands):
            world.write("Bye then.", after=after)


def test_the_same_draft_sent_twice_is_one_text(world):
    world.take_over()
    seen, draft = world.newest(), uuid4().hex
    assert world.write("Hello.", after=seen, draft=draft) == world.write("Hello.", after=seen, draft=draft)
    assert world.texts_to(PHONE).count("Hello.") == 1


def test_of_two_texts_at_once_after_the_same_one_the_first_stands(world):
    world.take_over()
    seen = world.newest()
    ready = threading.Barrier(4)

    def one(body):
        ready.wait()
        written = Written(world.conversation_id, world.heron, body, uuid4().hex, seen)
        try:
            with writing(world.engine) as session:
                return joining.send(session, written, world.clock(), world.work)
        except InboxError as error:
            return error

    with ThreadPoolExecutor(4) as browsers:
        done = list(browsers.map(one, ["a", "b", "c", "d"]))
    sent = [row for row in done if isinstance(row, int)]
    refused = [error for error in done if isinstance(error, NewerStands)]
    assert (len(sent), len(refused)) == (1, 3)
    assert all(error.message_ids == (sent[0],) for error in refused)
    with reading(world.engine) as session:
        assert session.scalar(select(func.count()).select_from(WorkerText)) == 1


def test_the_database_itself_refuses_a_second_answer_to_the_same_text(world):
    world.take_over()
    seen = world.newest()
    first = world.write("Hello.", after=seen)
    with writing(world.engine) as session:
        text = session.get_one(WorkerText, first)
        other = Message(
            conversation_id=world.conversation_id,
            direction="out",
            body="Hello?",
            state="queued",
            created_at=world.clock(),
        )
        session.add(other)
        session.flush()
        second = WorkerText(
            message_id=other.id,
            conversation_id=world.conversation_id,
            case_worker_id=world.wren,
            takeover_id=text.takeover_id,
            draft_id=uuid4().hex,
            after_message_id=seen,
        )
        session.add(second)
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_many_who_take_over_at_once_leave_one_in_it(world):
    ready = threading.Barrier(4)

    def one(worker):
        ready.wait()
        try:
            return world.take_over(worker)
        except InboxError:
            return None

    with ThreadPoolExecutor(4) as browsers:
        done = list(browsers.map(one, [world.heron, world.wren] * 2))
    assert len(set(filter(None, done))) == 1
    with reading(world.engine) as session:
        assert session.scalar(select(func.count()).where(Takeover.ended_at.is_(None))) == 1


def test_nothing_is_written_to_somebody_who_said_stop(world):
    world.take_over()
    world.says("STOP")
    with pytest.raises(PersonSaidStop):
        world.write("Please come back.")


def test_in_danger_a_stop_in_words_is_no_wall_but_a_carriers_is(world):
    world.take_over()
    world.text(OVERDOSE)
    world.says("stop texting me")
    with pytest.raises(PersonSaidStop):
        world.write("Are you all right?")
    world.write("Is your friend breathing? Call 911.", urgent=True)
    assert world.texts_to(PHONE)[-1] == "Is your friend breathing? Call 911."
    world.says("START")
    world.says("STOP")
    with pytest.raises(PersonSaidStop):
        world.write("Call 911.", urgent=True)


def test_an_urgent_text_goes_before_the_rest_in_an_emergency_only(world):
    world.take_over()
    calm = world.write("Hello.", urgent=True)
    world.text(OVERDOSE)
    pressing = world.write("Call 911 now.", urgent=True)
    with reading(world.engine) as session:
        assert session.get_one(Message, calm).urgency == 1
        assert session.get_one(Message, pressing).urgency == 0
