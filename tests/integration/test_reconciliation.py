"""What Twilio's list has and we have not. On SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db import reading
from bot.errors import OutcomeUnknown, TryAgain
from bot.models import Direction, Message, MessageState
from bot.ports import Listed
from bot.reconciliation import Reconciling
from tests.integration.delivery_world import PHONE


class Reconciled:
    """The delivery world with a list that is read every three minutes."""

    def __init__(self, world):
        self.world, self.clock, self.messenger = world, world.clock, world.messenger
        self.reconciling = Reconciling(world.engine, world.messenger, world.work, world.clock, lambda: 0.5)
        self.numbers = iter(range(1, 100_000))

    def listed(self, body, ago=120, sid=None, phone=PHONE):
        """Twilio got a text and we heard nothing of it."""
        sid = sid or f"SMf{next(self.numbers):031x}"
        at = self.clock() - timedelta(seconds=ago)
        self.messenger.inbound.append(Listed(sid, phone, body, at, "received"))
        return sid

    def run(self):
        return dict(self.reconciling.run())

    def later(self, seconds=180):
        self.world.wait(seconds, every=10)
        return self.run()

    def inbound(self):
        with reading(self.world.engine) as session:
            rows = session.scalars(
                select(Message).where(Message.direction == Direction.IN).order_by(Message.id)
            )
            return [row.body for row in rows]


@pytest.fixture
def lists(delivery_world):
    return Reconciled(delivery_world)


def test_a_text_whose_webhook_failed_is_taken_in_once_and_answered(lists):
    lists.listed("im hungry")
    assert lists.run() == {"taken_in": 1}
    assert lists.later() == {}
    assert lists.inbound() == ["im hungry"]
    assert [name for name in lists.world.work.started if name.startswith("in-")] == ["in-000000000001-0000"]
    assert lists.world.alerts() == {"missed_webhooks": 1}


def test_a_text_that_we_have_is_not_taken_in_again(lists):
    lists.world.text("food")
    lists.listed("food", sid="MM" + "1".rjust(32, "0"))
    assert lists.run() == {}
    assert lists.inbound() == ["food"]


def test_an_emergency_in_the_list_gets_its_words_by_text(lists):
    lists.listed("my friend od'd hes not breathing")
    lists.run()
    lists.world.run()
    (body,) = lists.world.bodies(PHONE)
    assert "911" in body


def test_texts_are_taken_in_as_they_were_written_and_late_ones_too(lists):
    lists.run()
    lists.world.wait(240, every=30)
    lists.listed("second", ago=200)
    lists.listed("first", ago=220)
    assert lists.run() == {"taken_in": 2}
    assert lists.inbound() == ["first", "second"]


def test_a_stop_that_comes_late_does_not_undo_the_start_after_it(lists):
    lists.world.clock.pass_by(minutes=10)
    lists.world.text("START")
    lists.listed("STOP", ago=600)
    lists.run()
    assert lists.world.person().opted_out_at is None


def test_a_send_of_unknown_outcome_is_settled(lists):
    (row,) = lists.world.put("greet")
    lists.messenger.raise_after_taking = OutcomeUnknown()
    lists.world.run()
    # The worker that was to look is gone.
    lists.world.done.update(lists.world.work.started)
    lists.clock.pass_by(seconds=90)
    assert lists.run() == {"settled": 1}
    assert lists.world.state(row) == MessageState.SENT


def test_one_sid_of_the_list_never_settles_two_texts(lists):
    rows = []
    for _ in range(2):
        rows += lists.world.put("ok_yes")
    lists.messenger.raise_after_taking = OutcomeUnknown()
    lists.world.delivery.deliver(rows[0])
    lists.clock.pass_by(seconds=90)
    lists.run()
    lists.world.wait(60)
    assert [lists.world.state(row) for row in rows] == [MessageState.SENT] * 2
    assert len({lists.world.message(row).message_sid for row in rows}) == 2


def test_a_status_that_was_lost_is_heard_from_the_list(lists):
    (row,) = lists.world.put("greet")
    lists.world.run()
    lists.messenger.statuses[lists.world.message(row).message_sid] = ("undelivered", "30005")
    lists.clock.pass_by(seconds=90)
    assert lists.run() == {"moved_on": 1}
    assert lists.world.message(row).error_code == "30005"


def test_a_list_that_breaks_off_is_read_again_and_what_was_read_counts(lists):
    for number in range(5):
        lists.listed(f"text {number}", ago=100 + number)
    lists.messenger.breaks_after = 2
    assert lists.run() == {"taken_in": 2}
    assert lists.later() == {"taken_in": 3}
    assert sorted(lists.inbound()) == [f"text {number}" for number in range(5)]


def test_twilio_away_for_an_hour_is_made_up_for_when_it_is_back(lists):
    lists.run()
    lists.messenger.away = TryAgain()
    for _ in range(12):
        lists.world.clock.pass_by(minutes=5)
        lists.run()
    lists.listed("im hungry", ago=3000)
    lists.messenger.away = None
    assert lists.later() == {"taken_in": 1}


def test_two_workers_do_not_read_the_same_list_at_once(lists):
    lists.run()
    read = len(lists.messenger.lists_read)
    other = Reconciling(lists.world.engine, lists.messenger, lists.world.work, lists.clock, lambda: 0.5)
    other.run()
    assert len(lists.messenger.lists_read) == read
