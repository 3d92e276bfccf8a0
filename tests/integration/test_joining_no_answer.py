"""A case worker who does not answer in time: the person hears it, the line is back. On both databases."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import incidents, joining, roster
from bot.db import reading, writing
from bot.models import CheckIn, Reason
from bot.replies import render
from tests.integration.check_in_world import Killed, killed_at_commit
from tests.integration.incident_world import LINE, OVERDOSE, PHONE
from tests.integration.joining_world import JoiningWorld


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    return JoiningWorld(engine, clock, work, dialogue, messenger)


def words(world, key):
    return render(key, {}, "en", world.clock())


def test_nobody_answers_and_the_person_is_told_and_the_line_is_back(world):
    world.take_over()
    world.says("are you there")
    assert world.wait(minutes=9, seconds=59) == 0
    assert world.wait(seconds=1) == 1
    assert world.texts_to(PHONE)[-1] == words(world, "worker_no_answer")
    assert world.standing() == [Reason.NO_ANSWER]
    world.says("im hungry")
    assert world.heard()[-1] == "ask_place_food"


def test_the_case_worker_hears_of_it(world):
    world.on_call("Owl")
    owl = 3
    world.take_over(owl)
    world.says("hello?")
    world.wait(minutes=10)
    assert world.texts_to("+12065551003")[-1] == words(world, "on_call_gone_back")
    with writing(world.engine) as session:
        (notice,) = joining.notices(session, owl)
        assert notice.conversation == world.conversation().public_id
        assert joining.notice_seen(session, notice.takeover_id, owl, world.clock())
        assert not joining.notice_seen(session, notice.takeover_id, owl, world.clock())
        assert joining.notices(session, owl) == []


def test_a_text_of_theirs_stops_the_clock_and_the_next_of_the_persons_starts_it(world):
    world.take_over()
    world.says("hello?")
    world.clock.pass_by(minutes=8)
    world.write("Here I am.")
    assert world.wait(hours=5) == 0
    world.says("thanks. one more thing")
    world.clock.pass_by(minutes=6)
    world.says("are you there")
    # From the first text that waits.
    assert world.wait(minutes=4) == 1


def test_in_danger_the_person_waits_less_and_others_are_told_of_it_again(world):
    world.on_call("Owl")
    world.take_over()
    world.says("hello?")
    world.text(OVERDOSE)
    with writing(world.engine) as session:
        # As the case worker takes it in the inbox.
        heron = world.worker(session, world.heron)
        incidents.acknowledge(session, world.incident().id, heron, "inbox", world.clock(), world.work)
    assert world.wait(minutes=2) == 1
    assert world.texts_to(PHONE)[-1] == words(world, "line_back_danger")
    incident = world.incident()
    assert (incident.state, incident.acknowledged_by_id) == ("open", None)
    world.look()
    assert (
        "needs you" in world.texts_to("+12065551003")[-1] or "need you" in world.texts_to("+12065551003")[-1]
    )


def test_whoever_said_stop_is_told_nothing(world):
    world.take_over()
    world.says("hello?")
    world.says("STOP")
    heard = len(world.texts_to(PHONE))
    assert world.wait(minutes=10) == 1
    assert world.heard_since(heard) == []


def test_killed_at_the_commit_it_is_done_by_the_next_once(world):
    world.take_over()
    world.says("hello?")
    world.clock.pass_by(minutes=10)
    started = dict(world.work.started)
    with killed_at_commit(world.engine), contextlib.suppress(Killed):
        joining.return_unanswered(world.engine, world.clock(), world.work)
    world.work.started = started
    assert world.takeovers()[-1].ended_at is None
    assert world.wait() == 1
    assert world.texts_to(PHONE).count(words(world, "worker_no_answer")) == 1


def test_many_clocks_at_once_tell_once(world):
    world.take_over()
    world.says("hello?")
    world.clock.pass_by(minutes=10)
    with ThreadPoolExecutor(4) as clocks:
        done = list(
            clocks.map(lambda _: joining.return_unanswered(world.engine, world.clock(), world.work), range(4))
        )
    world.send()
    assert sum(done) == 1
    assert world.texts_to(PHONE).count(words(world, "worker_no_answer")) == 1


def test_a_check_in_held_meanwhile_is_sent_when_the_line_is_back(check_in_world):
    world = check_in_world
    asked = world.promise(minutes=5)
    with writing(world.engine) as session:
        heron = roster.add_worker(
            session, "Heron", "Heron", "+12065552001", "America/Los_Angeles", LINE, world.clock()
        ).id
        conversation_id = session.scalars(select(CheckIn.conversation_id)).one()
        joining.take_over(session, conversation_id, heron, world.clock(), world.work, joining.Patience())
    world.clock.pass_by(minutes=6)
    world.sweep()
    assert world.get(asked).state == "held"
    world.clock.pass_by(minutes=5)
    assert joining.return_unanswered(world.engine, world.clock(), world.work) == 1
    assert world.get(asked).state == "sent"


def test_the_clock_that_went_back_leaves_nobody_waiting_an_hour_too_long(world):
    world.clock.pass_by(hours=1)
    world.take_over()
    world.says("hello?")
    world.clock.pass_by(hours=-1)
    with writing(world.engine) as session:
        joining.bring_back(session, timedelta(hours=1), world.clock())
    assert world.wait(minutes=10) == 1
    with reading(world.engine):
        assert world.texts_to(PHONE)[-1] == words(world, "worker_no_answer")
