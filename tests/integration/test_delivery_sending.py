"""Texts going out while the provider fails in every way it knows. On SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest

from bot.delivery import not_arrived, sending
from bot.errors import OutcomeUnknown, TryAgain
from bot.models import MessageState
from tests.integration.delivery_world import OTHER, PHONE

SENT, QUEUED, SENDING, FAILED = (
    MessageState.SENT,
    MessageState.QUEUED,
    MessageState.SENDING,
    MessageState.FAILED,
)


@pytest.fixture
def world(delivery_world):
    return delivery_world


def test_the_parts_of_an_answer_go_one_after_another(world):
    """Case 21: each part has a SID of its own, and the second waits until the first was taken."""
    first, second, third = world.put("greet", "menu", "thanks")
    world.messenger.raise_before_taking = TryAgain()
    world.run()
    assert world.bodies() == []
    assert (world.state(first), world.state(second), world.state(third)) == (QUEUED, QUEUED, QUEUED)
    world.wait(5)
    words = [world.message(row).body for row in (first, second, third)]
    assert world.bodies() == words
    assert len({world.message(row).message_sid for row in (first, second, third)}) == 3


@pytest.mark.parametrize("trouble", [TryAgain(20429), TryAgain(), TryAgain(20503)])
def test_what_was_not_taken_is_sent_again_once(world, trouble):
    """Cases 23 and 29: refused for their number, or never connected."""
    (row,) = world.put("greet")
    world.messenger.raise_before_taking = trouble
    world.run()
    assert world.state(row) == QUEUED
    world.wait(70)
    assert (world.state(row), len(world.bodies())) == (SENT, 1)


def test_a_send_whose_answer_was_lost_is_looked_up_and_not_repeated(world):
    """Cases 26 and 29: taken, but the answer was an error, or had no SID in it."""
    (row,) = world.put("greet")
    world.messenger.raise_after_taking = OutcomeUnknown()
    world.run()
    assert world.state(row) == SENDING
    world.wait(40)
    assert (world.state(row), len(world.bodies())) == (SENT, 1)
    assert world.message(row).message_sid == world.messenger.sids[0]


def test_a_list_that_lags_is_looked_at_more_than_once(world):
    world.messenger.list_lag = timedelta(seconds=10)
    (row,) = world.put("greet")
    world.messenger.raise_after_taking = OutcomeUnknown()
    world.wait(40)
    assert (world.state(row), len(world.bodies())) == (SENT, 1)


def test_what_the_list_never_shows_is_sent_again_and_an_emergency_sooner(world):
    (emergency,) = world.put("emergency_suicide")
    (answer,) = world.put("greet", phone=OTHER)
    for row in (emergency, answer):
        world.messenger.raise_before_taking = OutcomeUnknown()
        world.delivery.deliver(row)
    world.wait(8)
    assert (world.state(emergency), world.state(answer)) == (SENT, SENDING)
    world.wait(30)
    assert (world.state(answer), len(world.bodies())) == (SENT, 2)


def test_words_said_in_a_webhooks_answer_shortly_before_are_not_taken_for_a_text_of_unknown_outcome(world):
    """They have a SID in the list too, which no row has yet."""
    (row,) = world.put("emergency_violence")
    body = world.message(row).body
    world.messenger.send(PHONE, body, "", 600)
    world.messenger.taken_at[-1] -= timedelta(seconds=30)
    world.messenger.raise_before_taking = OutcomeUnknown()
    world.run()
    world.wait(10)
    assert (world.state(row), len(world.bodies())) == (SENT, 2)
    assert world.message(row).message_sid == world.messenger.sids[-1]


def test_the_same_words_twice_on_purpose_never_share_a_sid(world):
    rows = [world.put("ok_yes")[0] for _ in range(2)]
    world.messenger.raise_after_taking = OutcomeUnknown()
    world.wait(60)
    assert [world.state(row) for row in rows] == [SENT, SENT]
    assert len({world.message(row).message_sid for row in rows}) == 2
    assert len(world.bodies()) == 2


def test_a_worker_killed_while_sending_leaves_a_text_that_is_looked_up(world):
    (row,) = world.put("greet")
    world.delivery._begin(row)
    world.messenger.send(PHONE, world.message(row).body, "x", 60)
    world.done.update(world.work.started)
    world.wait(60)
    world.sweep()
    world.wait(30)
    assert (world.state(row), len(world.bodies())) == (SENT, 1)


def test_twilio_away_for_an_hour_answers_are_kept_and_stale_emergencies_are_not(world):
    """What is still worth sending leaves when Twilio is back; the rest is listed, and pages somebody."""
    world.messenger.away = TryAgain()
    (answer,) = world.put("greet")
    (emergency,) = world.put("emergency_overdose", phone=OTHER)
    world.wait(3600, every=20)
    assert (world.state(answer), world.state(emergency)) == (QUEUED, FAILED)
    now = sending(world.engine, world.clock())
    assert not now.ok
    assert now.oldest_seconds >= 3600
    assert not_arrived(world.engine, world.clock()) == [emergency]
    world.messenger.away = None
    world.wait(120)
    assert (world.state(answer), len(world.bodies(PHONE))) == (SENT, 1)
    assert sending(world.engine, world.clock()).ok


def test_twilio_that_is_away_is_left_alone_by_all_but_emergencies(world):
    world.messenger.away = TryAgain()
    rows = [world.put("greet", phone=f"+1206555{number:04d}")[0] for number in range(30)]
    world.wait(60)
    tries = sum(world.message(row).attempts for row in rows)
    assert tries < 30 * 20
    (emergency,) = world.put("emergency_suicide", phone=OTHER)
    world.messenger.away = None
    world.run()
    assert world.state(emergency) == SENT


def test_a_clock_that_jumps_ahead_wakes_everything_once(world):
    world.messenger.away = TryAgain()
    (row,) = world.put("greet")
    world.wait(5)
    world.messenger.away = None
    world.clock.pass_by(hours=2)
    world.run()
    world.wait(60)
    assert (world.state(row), len(world.bodies())) == (SENT, 1)


def test_a_clock_that_jumps_back_sends_nothing_twice(world):
    (row,) = world.put("greet")
    world.messenger.raise_after_taking = OutcomeUnknown()
    world.run()
    world.clock.pass_by(hours=-1)
    world.sweep()
    world.clock.pass_by(hours=1)
    world.wait(60)
    assert (world.state(row), len(world.bodies())) == (SENT, 1)


def test_a_text_is_worth_as_long_as_it_is_urgent(world):
    world.put("greet")
    world.put("emergency_suicide", phone=OTHER)
    world.run()
    assert sorted(world.messenger.valid_seconds) == [600, 14_400]


class TestPace:
    """One long code: a segment a second."""

    @pytest.fixture
    def world(self, delivery_world):
        return type(delivery_world)(
            delivery_world.engine, delivery_world.clock, delivery_world.work, delivery_world.messenger, 1.0
        )

    def test_texts_leave_no_faster_than_the_carriers_let_them(self, world):
        for number in range(20):
            world.put("ok_yes", phone=f"+1206555{number:04d}")
        began = world.clock()
        world.wait(30, every=0.5)
        taken = [(at - began).total_seconds() for at in world.sent_at()]
        assert len(taken) == 20
        # A few seconds' worth may go ahead; never more.
        assert all(at >= number - 4 for number, at in enumerate(taken))

    def test_an_emergency_behind_200_check_ins_does_not_wait(self, world):
        for number in range(200):
            world.put_unprompted("check_in", phone=f"+1206555{number:04d}")
        world.wait(3)
        (emergency,) = world.put("emergency_overdose", phone=OTHER)
        world.run()
        assert world.state(emergency) == SENT

    def test_an_answer_goes_before_check_ins_that_waited_longer(self, world):
        for number in range(60):
            world.put_unprompted("check_in", phone=f"+1206555{number:04d}")
        world.wait(2)
        (answer,) = world.put("ok_yes", phone=OTHER)
        world.wait(4)
        assert world.state(answer) == SENT
        assert len(world.bodies()) < 15

    def test_all_are_sent_in_the_end(self, world):
        rows = [world.put_unprompted("check_in", phone=f"+1206555{number:04d}") for number in range(30)]
        world.wait(120)
        assert [world.state(row) for row in rows] == [SENT] * 30
