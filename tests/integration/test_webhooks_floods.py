"""Too many texts of one number: all stored, one line said, the last answered. On SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import floods
from bot.consent import CONFIRMATION
from bot.db import reading, writing
from bot.floods import SLOW_DOWN, Limit
from bot.intake import InboundText, receive
from bot.models import Direction, Message, MessageState
from tests.integration.conftest import PHONE

LIMIT = Limit(5, timedelta(seconds=60))


class Phone:
    """Somebody who texts, at the door with a limit."""

    def __init__(self, engine, clock, work):
        self.engine, self.clock, self.work, self.sent = engine, clock, work, 0

    def text(self, body="hi", phone=PHONE, after=1.0, **more):
        self.sent += 1
        self.clock.pass_by(seconds=after)
        inbound = InboundText(f"SM{self.sent:032x}", phone, body, **more)
        with writing(self.engine) as session:
            return receive(session, inbound, self.clock(), self.work, limit=LIMIT)

    def texts(self, direction=Direction.IN):
        with reading(self.engine) as session:
            found = select(Message).where(Message.direction == direction).order_by(Message.id)
            return list(session.scalars(found))

    def said(self):
        return [text.reply_key for text in self.texts(Direction.OUT)]

    def sweep(self, after=0.0):
        self.clock.pass_by(seconds=after)
        return floods.over(self.engine, self.clock(), self.work)

    def turns(self):
        return self.work.named("in-")


@pytest.fixture
def phone(engine, clock, work):
    return Phone(engine, clock, work)


def test_a_few_texts_in_a_row_are_no_flood(phone):
    for number in range(5):
        assert phone.text(f"text {number}").state == MessageState.RECEIVED
    assert len(phone.turns()) == 5
    assert phone.said() == []


def test_one_too_many_is_stored_and_held_and_said_once(phone):
    for number in range(12):
        phone.text(f"text {number}")
    assert [text.body for text in phone.texts()] == [f"text {number}" for number in range(12)]
    assert [text.state for text in phone.texts()][5:] == [MessageState.HELD] * 7
    assert len(phone.turns()) == 5
    assert phone.said() == [SLOW_DOWN]


def test_when_it_ends_the_last_one_is_answered(phone):
    held = [phone.text(f"text {number}") for number in range(12)][-1]
    assert phone.sweep(after=1) == 0
    assert phone.sweep(after=4.5) == 1
    assert phone.turns()[5:] == [held.message_id]
    states = [text.state for text in phone.texts()]
    assert states[5:] == [MessageState.ANSWERED] * 6 + [MessageState.RECEIVED]
    assert phone.sweep(after=60) == 0


def test_nobody_waits_longer_than_45_seconds_however_long_it_goes_on(phone):
    for _ in range(6):
        phone.text()
    began, answered = phone.clock(), 0
    while phone.clock() - began < timedelta(seconds=120):
        phone.text(after=2)
        answered += phone.sweep()
    assert answered == 2
    assert phone.said() == [SLOW_DOWN]


def test_the_next_calm_text_ends_it_too(phone):
    for _ in range(8):
        phone.text()
    calm = phone.text("food", after=61)
    assert calm.state == MessageState.RECEIVED
    assert phone.turns()[-1] == calm.message_id
    assert phone.sweep(after=60) == 0
    assert MessageState.HELD not in {text.state for text in phone.texts()}


def test_an_emergency_goes_through_and_so_does_all_that_comes_while_it_lasts(phone):
    for _ in range(8):
        phone.text()
    emergency = phone.text("i want to kill myself")
    assert "988" in (emergency.say_now or "")
    after = phone.text("what do i do")
    assert phone.turns()[5:] == [emergency.message_id, after.message_id]


def test_a_worrying_text_goes_through(phone):
    for _ in range(8):
        phone.text()
    assert phone.text("i dont want to be here anymore").state == MessageState.RECEIVED


def test_stop_goes_through(phone):
    for _ in range(8):
        phone.text()
    phone.text("stop texting me")
    assert phone.said() == [SLOW_DOWN, CONFIRMATION]


def test_another_number_is_not_held_up(phone):
    for _ in range(8):
        phone.text()
    assert phone.text(phone="+12065550177").state == MessageState.RECEIVED


def test_a_replayed_text_counts_once(phone):
    for _ in range(5):
        phone.text()
    with writing(phone.engine) as session:
        for _ in range(20):
            receive(session, InboundText(f"SM{1:032x}", PHONE, "hi"), phone.clock(), phone.work, limit=LIMIT)
    assert len(phone.texts()) == 5
    assert MessageState.HELD not in {text.state for text in phone.texts()}
