"""Many people's check-ins kept in one transaction. On SQLite and on PostgreSQL, the clock in hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import check_ins
from bot.check_ins import together
from bot.check_ins.sweeping import RESTS
from bot.db import writing
from bot.models import CheckIn, Person
from bot.people import conversation_with
from tests.integration.check_in_world import SEATTLE, Killed, killed_at_commit


@pytest.fixture
def crowd(check_in_world):
    """Promises so many people a text in an hour, and lets the hour pass. Returns the check-ins' ids."""

    def promise(count):
        now = check_in_world.clock()
        with writing(check_in_world.engine) as session:
            ids = [
                check_ins.promise(
                    session,
                    conversation_with(session, f"+1206555{number:04d}", now),
                    now + timedelta(hours=1),
                    SEATTLE,
                    None,
                    now,
                    words="check on me",
                ).id
                for number in range(count)
            ]
        check_in_world.clock.pass_by(hours=1)
        return ids

    return promise


def deliver(world):
    """Sends what is queued, and returns who has got a text, in order."""
    world.deliver_all()
    return sorted(number for number, _, _ in world.messenger.sent)


def poison(world, check_in_id):
    with writing(world.engine) as session:
        broken = session.get_one(CheckIn, check_in_id)
        broken.timezone, broken.chosen_time = "Nowhere/AtAll", False


def test_everybody_gets_one_text_by_their_consent(check_in_world, crowd):
    crowd(7)
    check_in_world.sweep()
    assert check_in_world.states() == ["sent"] * 7
    assert check_in_world.said() == ["check_in"] * 7
    assert len(set(deliver(check_in_world))) == len(deliver(check_in_world)) == 7


def test_each_is_asked_after_in_its_own_language(check_in_world, crowd):
    crowd(2)
    with writing(check_in_world.engine) as session:
        session.scalars(select(Person).order_by(Person.id).limit(1)).one().language = "es"
    check_in_world.sweep()
    spanish, english = check_in_world.words()
    assert spanish != english


def test_one_that_fails_loses_none_of_the_others(check_in_world, crowd):
    first, *_, last = crowd(5)
    poison(check_in_world, first)
    check_in_world.sweep()
    assert check_in_world.states() == ["scheduled", "sent", "sent", "sent", "sent"]
    assert len(set(deliver(check_in_world))) == 4
    assert check_in_world.get(last).state == "sent"


def test_one_that_failed_rests_and_is_then_tried_again(check_in_world, crowd):
    (broken,) = crowd(1)
    poison(check_in_world, broken)
    assert [check_in_world.sweep(), check_in_world.sweep()] == [1, 0]
    with writing(check_in_world.engine) as session:
        session.get_one(CheckIn, broken).timezone = SEATTLE
    check_in_world.clock.pass_by(seconds=RESTS.total_seconds())
    check_in_world.sweep()
    assert check_in_world.get(broken).state == "sent"


def test_two_workers_with_the_same_list_text_each_person_once(check_in_world, crowd):
    ids = crowd(30)
    now = check_in_world.clock()

    def worker(_):
        return together.keep_together(check_in_world.engine, ids, now, check_in_world.work)

    with ThreadPoolExecutor(max_workers=4) as workers:
        kept = list(workers.map(worker, range(4)))
    assert sum(kept) <= 30
    while check_in_world.sweep():
        pass
    assert check_in_world.states() == ["sent"] * 30
    assert len(deliver(check_in_world)) == len(set(deliver(check_in_world))) == 30


def test_a_worker_killed_before_the_transaction_ends_has_done_nothing(check_in_world, crowd):
    ids = crowd(4)

    with killed_at_commit(check_in_world.engine), pytest.raises(Killed):
        together.keep_together(check_in_world.engine, ids, check_in_world.clock(), check_in_world.work)
    assert (set(check_in_world.states()), check_in_world.said()) == ({"scheduled"}, [])
    check_in_world.sweep()
    assert len(set(deliver(check_in_world))) == len(deliver(check_in_world)) == 4


def test_of_one_persons_two_the_second_waits_its_minute(check_in_world):
    first, second = check_in_world.promise(minutes=60), check_in_world.promise(minutes=62)
    check_in_world.clock.pass_by(minutes=62)
    check_in_world.sweep()
    assert (check_in_world.get(first).state, check_in_world.get(second).state) == ("sent", "scheduled")
    check_in_world.sweep()
    assert check_in_world.get(second).due_at == check_in_world.clock() + timedelta(minutes=1)
    assert check_in_world.said() == ["check_in"]


def test_whoever_said_stop_is_left_out_of_the_batch(check_in_world, crowd):
    stopped, *_ = crowd(3)
    with writing(check_in_world.engine) as session:
        session.get_one(CheckIn, stopped).consent.revoked_at = check_in_world.clock()
    check_in_world.sweep()
    assert check_in_world.states() == ["canceled", "sent", "sent"]


def test_no_more_are_put_into_the_outbox_than_it_has_room_for(check_in_world, crowd):
    crowd(together.MOST_WAITING + 5)
    kept = [check_in_world.sweep() for _ in range(together.MOST_WAITING // together.AT_ONCE + 2)]
    assert (sum(kept), kept[-1]) == (together.MOST_WAITING, 0)
    deliver(check_in_world)
    assert check_in_world.sweep() == 5
    assert len(set(deliver(check_in_world))) == together.MOST_WAITING + 5


def test_what_is_stuck_in_the_outbox_keeps_nobody_waiting_for_ever(check_in_world, crowd):
    crowd(together.MOST_WAITING + 1)
    while check_in_world.sweep():
        pass
    check_in_world.clock.pass_by(seconds=together.STUCK_AFTER.total_seconds() + 1)
    assert check_in_world.sweep() == 1
