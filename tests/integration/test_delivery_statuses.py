"""Status callbacks: kept once, matched, and never taken back. On SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest

from bot.errors import OutcomeUnknown
from bot.models import MessageState

STRANGE = "SM" + "e" * 32


@pytest.fixture
def world(delivery_world):
    return delivery_world


@pytest.fixture
def sent(world):
    (row,) = world.put("greet")
    world.run()
    return row


@pytest.mark.parametrize("order", list(permutations(["sending", "sent", "delivered"])))
def test_a_text_that_was_delivered_stays_delivered_in_whatever_order(world, sent, order):
    """Case 35."""
    for status in order:
        world.status(status, sent)
    assert world.message(sent).twilio_status == "delivered"


def test_it_is_found_by_its_sid_alone_and_read_is_the_last_word(world, sent):
    """Cases 14, 15 and 17: our own id may be missing or nonsense."""
    sid = world.message(sent).message_sid
    assert world.status("delivered", sid=sid, callback="")
    assert world.message(sent).twilio_status == "delivered"
    assert world.status("read", sid=sid, callback="asdf")
    assert world.message(sent).twilio_status == "read"


def test_a_status_before_its_sid_is_saved_settles_the_text(world):
    """Case 16: the callback overtakes the answer to the request."""
    (row,) = world.put("greet")
    world.messenger.raise_after_taking = OutcomeUnknown()
    world.run()
    assert world.status("sent", row, sid=world.messenger.sids[0])
    assert world.state(row) == MessageState.SENT
    world.wait(60)
    assert len(world.bodies()) == 1


def test_a_sid_nobody_knows_is_kept_and_matched_when_the_text_has_it(world):
    """Case 20."""
    (row,) = world.put("greet")
    sid = "SM" + "1".rjust(32, "0")
    assert not world.status("delivered", sid=sid, callback="")
    world.run()
    assert world.message(row).message_sid == sid
    world.sweep()
    assert world.message(row).twilio_status == "delivered"


def test_a_stranger_s_status_is_kept_and_nothing_else(world, sent):
    assert not world.status("failed", sid=STRANGE, callback="", code="30005")
    world.sweep()
    assert ("failed", "30005") in world.events()
    assert world.message(sent).error_code is None


def test_a_status_nobody_knows_is_kept_moves_nothing_and_is_shown(world, sent):
    """Case 13."""
    world.status("delivered", sent)
    world.status("huh", sent)
    assert world.message(sent).twilio_status == "delivered"
    assert ("huh", "") in world.events()
    assert world.alerts() == {"unknown_status": 1}


def test_sent_delivered_and_failed_of_one_sid_are_all_kept_and_the_error_stands(world, sent):
    """Cases 36 and 37: one part of a long text failed."""
    for status, code in (("sent", ""), ("failed", "30007"), ("delivered", ""), ("sent", "")):
        world.status(status, sent, code=code)
    assert {("sent", ""), ("delivered", ""), ("failed", "30007")} <= set(world.events())
    assert world.message(sent).twilio_status == "failed"
    assert world.message(sent).error_code == "30007"


def test_the_same_status_many_times_at_once_is_kept_once_and_acted_on_once(world, sent):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: world.status("undelivered", sent, code="30007"), range(8)))
    assert world.events().count(("undelivered", "30007")) == 1
    assert world.alerts() == {"30007": 1}
