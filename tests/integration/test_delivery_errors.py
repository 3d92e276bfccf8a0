"""What is done about each error, from the request or from a status. On SQLite and on PostgreSQL."""

import pytest

from bot.db import reading
from bot.delivery import not_arrived, sending
from bot.models import MessageState, OptOutBy
from bot.opting_out import to_review
from tests.integration.delivery_world import PHONE

SENT, QUEUED, FAILED = MessageState.SENT, MessageState.QUEUED, MessageState.FAILED


@pytest.fixture
def world(delivery_world):
    return delivery_world


@pytest.fixture
def sent(world):
    """A text that Twilio has taken."""
    (row,) = world.put("greet")
    world.run()
    assert world.state(row) == SENT
    return row


def refuse(world, code, key="greet"):
    world.messenger.refused[PHONE] = code
    (row,) = world.put(key)
    world.run()
    return row


def test_a_number_twilio_has_blocked_is_opted_out_and_a_case_worker_is_told(world):
    """Cases 25 and 41: whatever else was promised to it ends, and nothing is tried again."""
    world.messenger.opted_out.add(PHONE)
    check_in = world.put_unprompted("check_in")
    (row,) = world.put("greet")
    world.run()
    world.wait(600, every=30)
    assert world.person().opted_out_at is not None
    assert world.bodies() == []
    assert MessageState.SENT not in {world.state(row), world.state(check_in)}
    with reading(world.engine) as session:
        (waiting,) = to_review(session)
        assert waiting.opt_out.asked_by == OptOutBy.PROVIDER


def test_an_opt_out_that_a_status_brings_is_one_as_well(world, sent):
    """Case 11."""
    world.status("failed", sent, code="21610")
    assert world.person().opted_out_at is not None
    assert world.message(sent).error_code == "21610"
    assert world.alerts() == {}


@pytest.mark.parametrize("code", [21211, 21614, 21408])
def test_a_bad_number_ends_what_was_promised_to_it_until_it_texts(world, code):
    row = refuse(world, code)
    assert (world.state(row), world.person().bad_number_at is not None) == (FAILED, True)
    later = world.put_unprompted("check_in")
    world.run()
    assert world.state(later) == MessageState.WITHHELD
    world.messenger.refused.clear()
    world.clock.pass_by(minutes=5)
    world.text("hi")
    answer = world.put_unprompted("check_in")
    world.run()
    assert world.state(answer) == SENT


@pytest.mark.parametrize("code", [21602, 21617, 1001, 99999])
def test_our_own_fault_and_what_nobody_knows_end_the_text_and_page_somebody(world, code):
    """Case 24."""
    row = refuse(world, code)
    assert (world.state(row), world.message(row).error_code) == (FAILED, str(code))
    assert world.alerts() == {str(code): 1}
    assert not_arrived(world.engine, world.clock()) == [row]
    assert sending(world.engine, world.clock()).ok


@pytest.mark.parametrize("code", [20003, 21606, 21212, 21659, 63038, None])
def test_what_only_the_operator_can_mend_keeps_the_queue_and_says_not_ready(world, code):
    """Case 22: None is a 401 that says nothing Twilio would say."""
    row = refuse(world, code or 20003)
    assert world.state(row) == QUEUED
    assert not sending(world.engine, world.clock()).ok
    world.messenger.refused.clear()
    world.wait(1300, every=10)
    assert (world.state(row), len(world.bodies())) == (SENT, 1)
    assert sending(world.engine, world.clock()).ok


@pytest.mark.parametrize("code", ["30007", "30034", "30032"])
def test_what_carriers_object_to_is_never_sent_again_and_pages_somebody(world, sent, code):
    world.status("undelivered", sent, code=code)
    world.wait(3600, every=60)
    assert len(world.bodies()) == 1
    assert world.alerts() == {code: 1}


def test_a_phone_that_is_off_is_tried_twice_more_and_holds_nothing_up(world, sent):
    world.status("undelivered", sent, code="30003")
    (next_one,) = world.put("thanks")
    world.run()
    assert world.state(next_one) == SENT
    for _ in range(3):
        world.wait(2400, every=30)
        if world.state(sent) == SENT:
            world.status("undelivered", sent, code="30003")
    assert world.bodies().count(world.message(sent).body) == 3
    assert sent in not_arrived(world.engine, world.clock())


@pytest.mark.parametrize("code", ["30005", "30006"])
def test_a_number_that_takes_no_texts_is_not_tried_again(world, sent, code):
    world.status("undelivered", sent, code=code)
    world.wait(3600, every=60)
    assert len(world.bodies()) == 1
    assert not_arrived(world.engine, world.clock()) == [sent]


@pytest.mark.parametrize("code", ["63018", "30022", "30001"])
def test_too_fast_is_sent_again_more_slowly(world, sent, code):
    """Case 19: no failure, a wait."""
    first = world.message(sent).message_sid
    world.status("failed", sent, code=code)
    assert world.state(sent) == QUEUED
    world.wait(120)
    assert (world.state(sent), len(world.bodies())) == (SENT, 2)
    assert world.message(sent).message_sid != first


def test_an_emergency_that_did_not_arrive_is_not_waited_for(world):
    (row,) = world.put("emergency_overdose")
    world.run()
    world.status("undelivered", row, code="30003")
    world.wait(3600, every=60)
    assert len(world.bodies()) == 1
    assert not_arrived(world.engine, world.clock()) == [row]
