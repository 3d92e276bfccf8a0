"""Timers of people who use alone, minute by minute, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import select

from bot import using_alone
from bot.calling import note
from bot.db import reading, writing
from bot.delivery import Delivery, Sender
from bot.intake import InboundText, receive
from bot.models import (
    Call,
    Consent,
    Conversation,
    Incident,
    Message,
    TimerState,
    UnpromptedText,
    UsingAloneTimer,
)
from bot.people import conversation_with
from bot.using_alone import Wanted

PHONE, FRIEND = "+12065550142", "+12065550143"


class World:
    """One phone with a timer, and the line's own parts."""

    def __init__(self, engine, clock, work, messenger):
        self.engine, self.clock, self.work, self.messenger = engine, clock, work, messenger
        self.delivery = Delivery(engine, Sender(messenger, work), clock)
        self.sids = iter(range(1, 1000))

    def start(self, minutes=10, contact=None, message_id=None):
        with writing(self.engine) as session:
            conversation = conversation_with(session, PHONE, self.clock())
            wanted = Wanted(minutes, "2nd floor bathroom, 3rd and Pine", contact)
            timer, new = using_alone.start(
                session, conversation, wanted, "yes", message_id, self.clock(), self.work
            )
            return timer.id, new

    def text(self, body, phone=PHONE):
        with writing(self.engine) as session:
            text = InboundText(f"MM{next(self.sids):032x}", phone, body)
            return receive(session, text, self.clock(), self.work)

    def ring(self, seconds):
        """Let time pass a second at a time, with a clock that sweeps every second."""
        for _ in range(seconds):
            self.clock.pass_by(seconds=1)
            using_alone.step_overdue(self.engine, self.clock(), self.work)

    def timer(self):
        with reading(self.engine) as session:
            return session.scalars(select(UsingAloneTimer).order_by(UsingAloneTimer.id.desc())).first()

    def said(self, phone=PHONE):
        with reading(self.engine) as session:
            found = session.scalars(
                select(Message)
                .join(Conversation)
                .where(Message.direction == "out", Message.reply_key.startswith("alone_"))
                .order_by(Message.id)
            )
            return [message.reply_key for message in found if message.conversation.person.number == phone]

    def rings(self):
        with reading(self.engine) as session:
            return list(session.scalars(select(Call).where(Call.using_alone_timer_id.is_not(None))))

    def incidents(self):
        with reading(self.engine) as session:
            return list(session.scalars(select(Incident)))


@pytest.fixture
def world(engine, clock, work, messenger):
    return World(engine, clock, work, messenger)


def test_nothing_is_said_before_the_end(world):
    world.start(minutes=1)
    world.ring(59)
    assert world.said() == []


def test_silence_is_asked_asked_again_rung_and_told_within_three_minutes(world):
    world.start(minutes=1)
    world.ring(60)
    assert world.said() == ["alone_time_is_up"]
    world.ring(60)
    assert world.said() == ["alone_time_is_up", "alone_time_is_up_again"]
    assert world.rings() == []
    world.ring(60)
    assert len(world.rings()) == 1
    assert world.incidents() == []
    world.ring(60)
    assert world.said()[-1] == "alone_escalated"
    assert [incident.source for incident in world.incidents()] == ["using_alone"]
    assert world.timer().state == TimerState.ESCALATED


def test_a_step_rung_by_many_clocks_is_taken_once(world):
    timer_id, _ = world.start(minutes=1)
    world.clock.pass_by(seconds=60)
    for _ in range(3):
        using_alone.step(world.engine, timer_id, world.clock(), world.work)
        using_alone.step_overdue(world.engine, world.clock(), world.work)
    assert world.said() == ["alone_time_is_up"]


@pytest.mark.parametrize("answer", ["ok", "yes", "what", "im hungry", "98104", "still here"])
def test_any_answer_after_the_end_is_an_all_clear(world, answer):
    world.start(minutes=1)
    world.ring(130)
    world.text(answer)
    world.ring(120)
    assert world.timer().state == TimerState.SAFE
    assert world.said()[-1] == "alone_safe"
    assert world.incidents() == []


def test_an_answer_that_asks_for_something_is_answered_as_well(world):
    world.start(minutes=1)
    world.ring(61)
    assert world.text("im hungry").state == "received"
    world.start(minutes=1)
    world.ring(61)
    assert world.text("ok").state == "answered"


@pytest.mark.parametrize("answer", ["no", "help", "took too much", "no estoy bien"])
def test_a_cry_for_help_tells_people_at_once(world, answer):
    world.start(minutes=1)
    world.ring(61)
    world.text(answer)
    assert world.timer().state == TimerState.ESCALATED
    assert len(world.incidents()) == 1


def test_an_emergency_while_it_runs_tells_people_at_once(world):
    world.start(minutes=30)
    world.text("i think im overdosing")
    assert world.timer().state == TimerState.ESCALATED
    assert len(world.incidents()) == 1


def test_done_ends_it_early_and_a_bare_ok_does_not(world):
    world.start(minutes=5)
    world.text("can i have more time")
    world.text("ok")
    assert world.timer().state == TimerState.RUNNING
    world.text("done")
    assert world.timer().state == TimerState.SAFE
    world.ring(600)
    assert world.said()[-1] == "alone_safe"


def test_a_yes_that_answers_another_question_is_left_to_the_dialogue(world):
    world.start(minutes=5)
    assert world.text("yes").state == "received"
    assert world.said() == []


def test_more_time_moves_the_end_and_an_hour_is_the_most(world):
    world.start(minutes=5)
    world.text("10 more")
    world.ring(60)
    assert world.timer().ends_at - world.timer().started_at == (
        world.timer().next_at - world.timer().started_at
    )
    assert (world.timer().ends_at - world.timer().started_at).total_seconds() == 15 * 60
    for _ in range(9):
        world.text("10 more")
    assert (world.timer().ends_at - world.clock()).total_seconds() == 60 * 60


def test_more_time_after_the_end_asks_anew_later(world):
    world.start(minutes=1)
    world.ring(61)
    world.text("5 more minutes")
    world.ring(60)
    assert world.said() == ["alone_time_is_up", "alone_extended"]
    world.ring(4 * 60)
    assert world.said()[-1] == "alone_time_is_up"


def test_a_timer_called_off_says_nothing_at_the_end(world):
    world.start(minutes=1)
    world.text("cancel the timer")
    world.ring(300)
    assert world.said() == ["alone_canceled"]


def test_stop_ends_it_and_what_was_agreed_to(world):
    world.start(minutes=1)
    world.text("STOP")
    world.ring(300)
    assert world.timer().state == TimerState.CANCELED
    with reading(world.engine) as session:
        assert [consent.revoked_by for consent in session.scalars(select(Consent))] == ["stop"]


def test_one_timer_runs_at_a_time_and_the_same_text_starts_one(world):
    asked = world.text("yes").message_id
    first, new = world.start(message_id=asked)
    assert new
    assert world.start(message_id=asked) == (first, False)
    assert world.start() == (first, False)


@pytest.mark.parametrize("minutes", [0, 61, -5])
def test_minutes_out_of_bounds_are_refused(world, minutes):
    with pytest.raises(ValueError, match="out of bounds"):
        world.start(minutes=minutes)


def test_the_person_they_named_is_told_where_they_are_and_told_when_they_answer(world):
    world.start(minutes=1, contact=FRIEND)
    world.ring(4 * 60)
    assert world.said(FRIEND) == ["alone_contact"]
    assert world.said()[-1] == "alone_escalated_contact"
    with reading(world.engine) as session:
        told = session.scalars(select(Message).where(Message.reply_key == "alone_contact")).one()
        assert "2nd floor bathroom" in told.body
        assert "555-0142" in told.body
    world.text("im ok fell asleep")
    assert world.said(FRIEND) == ["alone_contact", "alone_contact_safe"]
    assert world.timer().state == TimerState.SAFE


def test_every_text_of_a_timer_names_the_consent_that_allows_it(world):
    world.start(minutes=1, contact=FRIEND)
    world.ring(4 * 60)
    with reading(world.engine) as session:
        texts = session.scalars(select(Message).where(Message.reply_key.startswith("alone_"))).all()
        allowed = {row.message_id: row.consent for row in session.scalars(select(UnpromptedText))}
        assert {message.id for message in texts} <= set(allowed)
        purposes = {message.reply_key: allowed[message.id].purpose for message in texts}
    assert purposes["alone_time_is_up"] == "using_alone"
    assert purposes["alone_contact"] == "using_alone_contact"


def test_a_text_whose_consent_was_taken_back_is_not_sent(world):
    world.start(minutes=1)
    world.ring(60)
    world.text("STOP")
    for row in world.work.named("out-"):
        world.delivery.deliver(row)
    assert world.messenger.sent == []


def test_after_a_stoppage_of_an_hour_it_asks_at_once_and_tells_soon(world):
    world.start(minutes=1)
    world.clock.pass_by(hours=1)
    world.ring(1)
    assert world.said() == ["alone_time_is_up"]
    world.ring(2 * 60)
    assert world.timer().state == TimerState.ESCALATED


def test_a_call_nobody_took_changes_nothing(world):
    world.start(minutes=1)
    world.ring(3 * 60)
    note(world.engine, world.rings()[0].public_id, world.clock(), world.work, leg_status="no-answer")
    assert world.timer().state == TimerState.ASKING
    world.ring(60)
    assert world.timer().state == TimerState.ESCALATED
