"""The turn: what one text gets for an answer, whatever breaks on the way. On SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import select

from bot import turn
from bot.db import reading, writing
from bot.delivery import Delivery, Sender
from bot.intake import InboundText, receive
from bot.models import Message, MessageState
from bot.ports import Reply
from bot.turn import Turn

PHONE = "+12065550142"
FOOD = [Reply("ask_place_food")]


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    return World(engine, clock, work, dialogue, messenger)


class World:
    """One phone and the line's own parts, with the outside world faked."""

    def __init__(self, engine, clock, work, dialogue, messenger):
        self.engine, self.clock, self.work = engine, clock, work
        self.dialogue, self.messenger = dialogue, messenger
        self.turn = Turn(engine, dialogue, work, clock)
        self.delivery = Delivery(engine, Sender(messenger, work), clock)
        self.sids = iter(range(1, 1000))

    def text(self, body):
        with writing(self.engine) as session:
            text = InboundText(f"MM{next(self.sids):032x}", PHONE, body)
            return receive(session, text, self.clock(), self.work).message_id

    def replies(self):
        with reading(self.engine) as session:
            found = session.scalars(select(Message).where(Message.direction == "out").order_by(Message.id))
            return [message.reply_key for message in found]

    def state(self, message_id):
        with reading(self.engine) as session:
            return session.get_one(Message, message_id).state

    def deliver_all(self):
        for row in self.work.named("out-"):
            self.delivery.deliver(row)


def test_the_first_answer_begins_with_the_welcome(world):
    world.dialogue.script = {"im hungry": FOOD, "hi": [Reply("greet")]}
    world.turn.answer(world.text("im hungry"))
    world.turn.answer(world.text("hi"))
    assert world.replies() == ["first_contact", "ask_place_food", "greet"]


def test_a_dialogue_that_repeats_itself_is_heard_once(world):
    world.dialogue.script = {"food": [Reply("ask_place_again"), *[Reply("not_understood_second")] * 3]}
    world.turn.answer(world.text("food"))
    assert world.replies() == ["first_contact", "ask_place_again", "not_understood_second"]


def test_a_greeting_at_first_contact_is_not_said_twice_over(world):
    world.dialogue.script = {"hi": [Reply("greet")]}
    world.turn.answer(world.text("hi"))
    assert world.replies() == ["first_contact"]


def test_a_turn_run_twice_answers_once(world):
    world.dialogue.script = {"im hungry": FOOD}
    message_id = world.text("im hungry")
    world.turn.answer(message_id)
    world.turn.answer(message_id)
    assert world.replies() == ["first_contact", "ask_place_food"]
    assert len(world.dialogue.asked) == 1


def test_a_turn_cut_off_after_asking_does_not_ask_the_dialogue_again(world):
    world.dialogue.script = {"im hungry": FOOD}
    message_id = world.text("im hungry")
    with writing(world.engine) as session:
        message = session.get_one(Message, message_id)
        message.state = MessageState.ASKED
        world.dialogue.ask(message.conversation.public_id, "im hungry", message_id)
    world.turn.answer(message_id)
    assert len(world.dialogue.asked) == 1
    assert world.replies() == ["first_contact", "ask_place_food"]


def test_with_the_dialogue_away_the_menu_answers_and_remembers_the_need(world):
    world.dialogue.away = True
    assert world.turn.answer(world.text("im hungry")) == MessageState.MENU
    world.turn.answer(world.text("98104"))
    assert world.replies() == ["first_contact", "ask_place_food", "nothing_around"]


def test_what_the_menu_answered_is_answered_properly_later_if_nothing_newer_was_said(world):
    world.dialogue.script = {"where can i wash": [Reply("ask_place_other")]}
    world.dialogue.away = True
    message_id = world.text("where can i wash")
    world.turn.answer(message_id)
    world.dialogue.away = False
    assert turn.menu_answered(world.engine)
    assert turn.answer_again(world.engine, world.work, world.clock()) == 1
    world.turn.answer(message_id)
    assert world.replies()[-1] == "ask_place_other"
    assert world.state(message_id) == MessageState.ANSWERED


def test_what_the_menu_already_said_is_not_said_again(world):
    world.dialogue.script = {"im hungry": FOOD}
    world.dialogue.away = True
    message_id = world.text("im hungry")
    world.turn.answer(message_id)
    before = world.replies()
    world.dialogue.away = False
    world.turn.answer(message_id)
    assert world.replies() == before


def test_the_dialogue_hears_what_it_missed_before_the_next_text_in_order(world):
    world.dialogue.away = True
    for body in ("im hungry", "98104"):
        world.turn.answer(world.text(body))
    world.dialogue.away = False
    world.turn.answer(world.text("2"))
    assert [body for _, body, _ in world.dialogue.asked] == ["im hungry", "98104", "2"]
    assert not turn.menu_answered(world.engine)


def test_an_answer_an_hour_late_is_left_unsaid(world):
    world.dialogue.away = True
    message_id = world.text("im hungry")
    world.turn.answer(message_id)
    before = world.replies()
    world.dialogue.away = False
    world.clock.pass_by(hours=2)
    world.turn.answer(message_id)
    assert (world.replies(), world.state(message_id)) == (before, MessageState.ANSWERED)


def test_an_emergency_s_turn_says_nothing_more_and_leaves_the_dialogue_where_it_was(world):
    message_id = world.text("my friend is not breathing")
    assert world.replies() == ["emergency_overdose"]
    world.turn.answer(message_id)
    assert world.replies() == ["emergency_overdose"]
    assert world.dialogue.asked == []


@pytest.mark.parametrize("body", ["", "   ", "😀", "\x00"])
def test_what_cannot_be_read_is_told_so_without_the_dialogue(world, body):
    world.turn.answer(world.text(body))
    assert world.replies() == ["first_contact", "only_text"]
    assert world.dialogue.asked == []


def test_a_text_left_unanswered_is_taken_up_again(world):
    message_id = world.text("im hungry")
    world.work.started.clear()
    world.clock.pass_by(seconds=90)
    assert turn.resume_stuck(world.engine, world.work, world.clock()) == 1
    assert world.work.named("in-") == [message_id]


def test_replies_wait_for_nothing_and_are_sent_in_order(world):
    world.dialogue.script = {"im hungry": FOOD}
    world.turn.answer(world.text("im hungry"))
    world.deliver_all()
    assert [body[:4] for _, body, _ in world.messenger.sent] == ["Hi, ", "Hung"]
    assert {to for to, _, _ in world.messenger.sent} == {PHONE}
