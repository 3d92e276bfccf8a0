"""A case worker in a conversation: the line is silent, emergencies are not. On SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import select, update

from bot import joining
from bot.db import reading, writing
from bot.errors import NotTaken, TakenBySomebody, TextUnusable, UnknownWorker
from bot.models import CaseWorker, DialogueTracker, Message, MessageState, Person, ThreadState, WorkerText
from bot.models import Thread as ThreadRow
from bot.ports import Reply
from bot.replies import render
from tests.integration.check_in_world import Killed, killed_at_commit
from tests.integration.incident_world import OVERDOSE, PHONE
from tests.integration.joining_world import JoiningWorld


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    return JoiningWorld(engine, clock, work, dialogue, messenger)


def words(world, key, language="en"):
    return render(key, {}, language, world.clock())


def test_the_line_says_nothing_while_a_case_worker_has_the_conversation(world):
    world.take_over()
    heard = len(world.texts_to(PHONE))
    asked = world.says("im hungry")
    assert world.heard_since(heard) == []
    assert world.state_of(asked) == MessageState.TO_WORKER
    assert [text for _, text, _ in world.dialogue.asked] == ["hi"]


def test_the_case_workers_text_leaves_by_the_same_outbox_under_their_name(world):
    world.take_over()
    row = world.write("I called the shelter. They have a bed.")
    assert world.texts_to(PHONE)[-1] == "I called the shelter. They have a bed."
    with reading(world.engine) as session:
        written = session.get_one(WorkerText, row)
        assert (written.case_worker_id, written.conversation_id) == (world.heron, world.conversation_id)
        assert session.get_one(Message, row).state == MessageState.SENT


def test_what_was_written_meanwhile_is_never_answered_by_the_line(world):
    world.take_over()
    asked = world.says("im hungry")
    world.write("On my way to find out.")
    world.give_back()
    world.send()
    for _ in range(3):
        world.clock.pass_by(minutes=2)
        world.turn.answer(asked)
    assert "ask_place_food" not in world.heard()
    assert world.texts_to(PHONE)[-1] == words(world, "line_back")
    # And the next text is answered as ever.
    world.says("im hungry")
    assert world.heard()[-1] == "ask_place_food"


def test_what_waited_for_an_answer_is_left_to_the_case_worker(world):
    world.dialogue.away = True
    waiting = world.says("im hungry")
    assert world.state_of(waiting) == MessageState.MENU
    world.take_over()
    world.dialogue.away = False
    world.turn.answer(waiting)
    assert world.state_of(waiting) == MessageState.TO_WORKER
    assert world.dialogue.asked[-1][1] == "hi"


def test_an_answer_under_way_as_the_case_worker_comes_is_not_sent(world):
    world.text("im hungry")
    assert world.heard()[-1] == "ask_place_food"
    before = world.texts_to(PHONE)
    world.take_over()
    world.send()
    assert world.texts_to(PHONE) == before


def test_a_dialogue_that_answers_as_the_case_worker_comes_is_not_heard(world):
    class Slow:
        def ask(self, conversation, text, message_id):
            world.take_over()
            return [Reply("ask_place_food")]

        def already_said(self, conversation, message_id):
            return None

    world.turn._dialogue = Slow()
    asked = world.says("im hungry")
    assert "ask_place_food" not in world.heard()
    assert world.state_of(asked) == MessageState.TO_WORKER


def test_an_emergency_is_still_caught_and_answered(world):
    world.take_over()
    said = world.text(OVERDOSE)
    assert "911" in said.say_now
    assert world.incident().kind == "overdose"
    # What follows is the case worker's.
    heard = len(world.messages())
    world.says("still not breathing i think")
    assert [m for m in world.messages()[heard:] if m.direction == "out" and m.state != "inline"] == []


def test_stop_and_start_are_obeyed(world):
    world.take_over()
    world.says("STOP")
    with reading(world.engine) as session:
        assert session.scalars(select(Person).where(Person.id == 3)).one().opted_out_at is not None
    world.says("START")
    with reading(world.engine) as session:
        assert session.scalars(select(Person).where(Person.id == 3)).one().opted_out_at is None
    assert "welcome_back" not in world.heard()


def test_a_stop_in_words_is_confirmed_also_beside_a_case_worker(world):
    world.take_over()
    world.says("please stop texting me")
    assert world.texts_to(PHONE)[-1] == words(world, "stopped")


def test_taking_over_twice_is_one_takeover_and_another_is_refused(world):
    assert world.take_over() == world.take_over()
    with pytest.raises(TakenBySomebody) as refused:
        world.take_over(world.wren)
    assert refused.value.case_worker_id == world.heron
    assert world.take_over(world.wren, instead_of=world.heron)
    with pytest.raises(TakenBySomebody):
        world.write("still me?", world.heron)


def test_handed_over_the_line_stays_silent_and_the_clock_is_the_new_ones(world):
    world.take_over()
    world.says("are you there")
    world.clock.pass_by(minutes=9)
    with writing(world.engine) as session:
        joining.hand_over(session, world.conversation_id, world.heron, world.wren, world.clock())
    assert world.wait(minutes=9) == 0
    world.write("Wren here.", world.wren)
    assert world.texts_to(PHONE)[-1] == "Wren here."
    with pytest.raises(TakenBySomebody):
        world.give_back(world.heron)
    assert [takeover.ended_by for takeover in world.takeovers()] == ["handed_over", None]


def test_given_back_the_dialogue_begins_afresh(world):
    with writing(world.engine) as session:
        public_id = world.conversation().public_id
        session.add(DialogueTracker(sender_id=public_id, tracker=b"x", saved_at=world.clock()))
    world.take_over()
    world.write("Hello.")
    world.give_back()
    with reading(world.engine) as session:
        assert session.get(DialogueTracker, public_id) is None


def test_given_back_without_a_word_said_nothing_is_said(world):
    world.take_over()
    heard = len(world.texts_to(PHONE))
    world.give_back()
    world.send()
    assert world.heard_since(heard) == []
    with pytest.raises(NotTaken):
        world.give_back()


def test_given_back_in_an_emergency_it_says_who_to_call(world):
    world.take_over()
    world.text(OVERDOSE)
    world.write("Are they breathing?")
    world.give_back()
    world.send()
    assert world.texts_to(PHONE)[-1] == words(world, "line_back_danger")


def test_taking_over_takes_the_emergency(world):
    world.on_call("Owl")
    world.text(OVERDOSE)
    world.take_over()
    assert world.incident().acknowledged_by.pseudonym == "Heron"
    assert "incident_taken" in world.heard()


def test_closed_it_is_given_back_and_a_text_of_theirs_opens_it(world):
    world.take_over()
    world.write("All done.")
    with writing(world.engine) as session:
        assert joining.close(session, world.conversation_id, world.heron, world.clock(), world.work)
        assert not joining.close(session, world.conversation_id, world.heron, world.clock(), world.work)
    assert world.takeovers()[-1].ended_by == "closed"

    def state():
        with reading(world.engine) as session:
            return session.get_one(ThreadRow, world.conversation_id).state

    world.send()
    assert state() == ThreadState.CLOSED
    world.says("im hungry")
    assert state() == ThreadState.OPEN


def test_what_cannot_be_sent_is_refused_and_loses_nothing(world):
    world.take_over()
    for body, why in (("   ", "empty"), ("x" * 1601, "long")):
        with pytest.raises(TextUnusable) as refused:
            world.write(body)
        assert refused.value.why == why
    assert world.takeovers()[-1].texts == 0


def test_a_case_worker_killed_before_the_commit_has_sent_nothing(world):
    world.take_over()
    heard = len(world.texts_to(PHONE))
    started = dict(world.work.started)
    with killed_at_commit(world.engine), pytest.raises(Killed):
        world.write("Hello?")
    # The real durable work is written in the same transaction.
    world.work.started = started
    world.send()
    assert world.heard_since(heard) == []
    world.write("Hello?")
    assert world.heard_since(heard) == ["Hello?"]


def test_segments_are_counted_before_it_is_sent():
    assert joining.count("a" * 160).segments == 1
    assert joining.count("a" * 161).segments == 2
    odd = joining.count("¿cómo estás? á")
    assert (odd.gsm, odd.odd, odd.segments) == (False, "óá", 1)
    assert joining.count("á" * 71).segments == 2
    assert joining.count(" ").problem == "empty"


def test_a_person_who_left_may_not_take_over(world):
    with writing(world.engine) as session:
        session.execute(update(CaseWorker).where(CaseWorker.id == world.wren).values(left_at=world.clock()))
    with pytest.raises(UnknownWorker):
        world.take_over(world.wren)
