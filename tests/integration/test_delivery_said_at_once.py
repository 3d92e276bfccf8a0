"""Words that go back with the webhook's own answer, when nobody knows whether they left."""

import pytest
from sqlalchemy import select

from bot.db import reading
from bot.delivery import see_them_left
from bot.errors import TryAgain
from bot.models import Message, MessageState
from tests.integration.delivery_world import PHONE

DANGER = "my friend wont wake up hes blue"


@pytest.fixture
def world(delivery_world):
    return delivery_world


def look(world):
    return see_them_left(world.engine, world.messenger, world.work, world.clock(), chance=lambda: 0.5)


def words(world):
    with reading(world.engine) as session:
        return session.scalars(select(Message).where(Message.cause.like("now-%")).order_by(Message.id)).all()


def leaves(world):
    """The provider has taken the words from the webhook's answer."""
    world.messenger.send(PHONE, words(world)[-1].body, "", 600)


def test_words_the_provider_never_had_are_sent_once(world):
    world.text(DANGER)
    world.clock.pass_by(seconds=40)
    assert look(world) == 1
    world.run()
    said = words(world)[0]
    assert (said.state, world.bodies(PHONE)) == (MessageState.SENT, [said.body])
    assert "911" in said.body
    world.clock.pass_by(seconds=40)
    assert look(world) == 0


def test_words_in_the_provider_s_list_are_known_by_its_sid_and_not_sent_again(world):
    world.text(DANGER)
    leaves(world)
    world.clock.pass_by(seconds=40)
    assert look(world) == 0
    said = words(world)[0]
    assert (said.state, said.message_sid, said.twilio_status) == (
        MessageState.INLINE,
        "SM" + "1".zfill(32),
        "sent",
    )
    world.run()
    assert world.bodies(PHONE) == [said.body]


def test_nothing_is_done_while_the_answer_may_still_be_on_its_way(world):
    world.text(DANGER)
    world.clock.pass_by(seconds=30)
    assert look(world) == 0


def test_the_same_words_said_before_are_not_taken_for_these(world):
    world.text(DANGER)
    leaves(world)
    world.clock.pass_by(seconds=20)
    world.text(DANGER)
    world.clock.pass_by(seconds=40)
    assert look(world) == 1


def test_a_list_that_cannot_be_read_is_read_later(world):
    world.text(DANGER)
    world.clock.pass_by(seconds=40)
    world.messenger.away = TryAgain()
    assert look(world) == 0
    world.messenger.away = None
    assert look(world) == 1


def test_words_that_come_too_late_to_help_are_left(world):
    world.text(DANGER)
    world.clock.pass_by(minutes=11)
    assert look(world) == 0
