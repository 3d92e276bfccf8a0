"""The computer's clock jumps an hour ahead, and is set right. On SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta
from threading import Event
from types import SimpleNamespace

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import select

from bot import clock_went_back, using_alone
from bot.bootstrap import Line
from bot.db import reading, writing
from bot.errors import OutcomeUnknown
from bot.models import Incident, Message, MessageState, WorkerHeartbeat
from bot.people import conversation_with
from bot.sweeps import Sweeps
from bot.turn import resume_stuck
from bot.using_alone import Wanted
from bot.worker import wake_all
from tests.integration import incident_world
from tests.integration.delivery_world import OTHER, PHONE, DeliveryWorld
from tests.integration.test_reconciliation import Reconciled
from tests.integration.test_webhooks_floods import Phone as FloodingPhone

SLOT = "worker-1"


class Jumps:
    """The clock of a worker that beats."""

    def __init__(self, engine, clock):
        self.engine, self.clock = engine, clock
        self.beat()

    def beat(self):
        """One heartbeat, as bot/sweeps.py makes it. Returns by how much the clock went back."""
        with writing(self.engine) as session:
            by = clock_went_back.bring_back(session, SLOT, self.clock())
            beat = session.get(WorkerHeartbeat, SLOT) or WorkerHeartbeat(slot=SLOT)
            beat.beat_at = self.clock()
            session.add(beat)
            return by

    def ahead(self):
        self.clock.pass_by(hours=1)
        self.beat()

    def back(self):
        self.clock.pass_by(hours=-1)
        return self.beat()


@pytest.fixture
def jumps(engine, clock):
    return Jumps(engine, clock)


@pytest.fixture
def slow_line(delivery_world, jumps):
    """A line that may send one segment a second."""
    world = delivery_world
    return DeliveryWorld(world.engine, world.clock, world.work, world.messenger, 1.0)


def test_the_sweeps_run_on_when_the_clock_was_set_back():
    ran, scheduler = Event(), BackgroundScheduler(timezone="UTC")
    scheduler.add_job(ran.set, "interval", seconds=1, next_run_time=datetime.now(UTC) + timedelta(hours=1))
    scheduler.start()
    try:
        wake_all(scheduler, datetime.now(UTC))
        assert ran.wait(5)
        ran.clear()
        assert ran.wait(5)
    finally:
        scheduler.shutdown()


def test_only_a_clock_that_went_back_is_seen_as_one(clock):
    seconds = [0.0]
    watch = clock_went_back.Watch(clock, lambda: seconds[0])
    for moved, passed, back in (
        (1, 1, False),
        (3600, 1, False),
        (-5, 1, False),
        (-3600, 1, True),
        (1, 1, False),
    ):
        clock.pass_by(seconds=moved)
        seconds[0] += passed
        assert watch.went_back() is back


def test_a_jump_back_is_seen_once_by_whichever_worker_beats_first(jumps):
    jumps.ahead()
    assert jumps.back() == timedelta(hours=1)
    assert jumps.beat() is None


def test_a_real_beat_brings_back(line: Line, clock):
    parts = {"engine": line.engine, "durably": line.durably, "settings": line.settings}
    sweeps = Sweeps(SimpleNamespace(clock=clock, **parts))
    clock.pass_by(hours=1)
    sweeps.beat()
    clock.pass_by(hours=-1)
    sweeps.beat()
    with reading(line.engine) as session:
        assert session.scalars(select(WorkerHeartbeat)).one().beat_at == clock()


def test_answers_do_not_wait_for_an_hour_in_the_senders_line(slow_line, jumps):
    rows = [slow_line.put("greet", phone=f"+1206555{number:04d}")[0] for number in range(3)]
    jumps.ahead()
    rows += [slow_line.put("greet", phone=f"+1206555{number:04d}")[0] for number in range(10, 20)]
    slow_line.run()
    jumps.back()
    rows.append(slow_line.put("greet", phone=OTHER)[0])
    for _ in range(6):
        slow_line.sweep()
        slow_line.wait(20)
    assert {slow_line.state(row) for row in rows} == {MessageState.SENT}
    assert len(slow_line.bodies()) == len(rows)


def test_a_text_of_unknown_outcome_is_looked_up_soon_and_not_sent_twice(delivery_world, jumps):
    world = delivery_world
    jumps.ahead()
    (row,) = world.put("greet")
    world.messenger.raise_after_taking = OutcomeUnknown()
    world.run()
    jumps.back()
    # The provider's clock is always right; what asks it by ours is translated (bot/adapters/twilio_host.py).
    world.messenger.taken_at = [at - timedelta(hours=1) for at in world.messenger.taken_at]
    for _ in range(6):
        world.sweep()
        world.wait(15)
    assert (world.state(row), len(world.bodies())) == (MessageState.SENT, 1)


def test_a_text_that_lost_its_turn_while_the_clock_was_ahead_is_taken_up(delivery_world, jumps):
    jumps.ahead()
    delivery_world.text("im hungry")
    jumps.back()
    jumps.clock.pass_by(seconds=61)
    assert resume_stuck(jumps.engine, delivery_world.work, jumps.clock()) == 1


def test_twilios_list_is_compared_again_from_before_the_jump(delivery_world, jumps):
    lists = Reconciled(delivery_world)
    lists.run()
    jumps.ahead()
    lists.run()
    jumps.back()
    lists.listed("im hungry", ago=120)
    assert lists.later() == {"taken_in": 1}
    assert lists.later() == {}


def test_texts_of_the_hour_that_never_was_are_no_flood(engine, clock, work, jumps):
    phone = FloodingPhone(engine, clock, work)
    jumps.ahead()
    for _ in range(5):
        phone.text()
    jumps.back()
    jumps.clock.pass_by(seconds=120)
    phone.text()
    assert MessageState.HELD not in {text.state for text in phone.texts()}


def test_a_timer_set_while_the_clock_was_ahead_ends_when_it_should(engine, clock, work, jumps):
    jumps.ahead()
    with writing(engine) as session:
        there = conversation_with(session, PHONE, clock())
        using_alone.start(session, there, Wanted(10, "the park", None), "yes", None, clock(), work)
    jumps.back()
    clock.pass_by(minutes=9)
    using_alone.step_overdue(engine, clock(), work)
    assert _alone(engine) == []
    clock.pass_by(minutes=1)
    for _ in range(3):
        using_alone.step_overdue(engine, clock(), work)
    assert _alone(engine) == ["alone_time_is_up"]


def test_a_timer_whose_time_was_up_by_the_wrong_clock_goes_on_soon_and_says_nothing_twice(
    engine, clock, work, jumps
):
    with writing(engine) as session:
        there = conversation_with(session, PHONE, clock())
        using_alone.start(session, there, Wanted(10, "the park", None), "yes", None, clock(), work)
    jumps.ahead()
    using_alone.step_overdue(engine, clock(), work)
    jumps.back()
    using_alone.step_overdue(engine, clock(), work)
    assert _alone(engine) == ["alone_time_is_up"]
    clock.pass_by(minutes=1)
    using_alone.step_overdue(engine, clock(), work)
    assert _alone(engine) == ["alone_time_is_up", "alone_time_is_up_again"]


def test_an_emergency_goes_on_up_the_roster_in_minutes_not_in_an_hour(
    engine, clock, work, dialogue, messenger
):
    world = incident_world.World(engine, clock, work, dialogue, messenger)
    jumps = Jumps(engine, clock)
    world.on_call("Heron", "Wren")
    jumps.ahead()
    world.text(incident_world.OVERDOSE)
    jumps.back()
    with reading(engine) as session:
        incident = session.scalars(select(Incident)).one()
        assert incident.opened_at <= clock()
        assert incident.next_step_at - clock() < timedelta(minutes=10)


def test_a_check_in_kept_early_by_the_wrong_clock_is_not_kept_again(check_in_world, jumps):
    check_in = check_in_world.promise(minutes=30)
    later = check_in_world.promise("and later", hours=3)
    jumps.ahead()
    check_in_world.sweep()
    jumps.back()
    for _ in range(4):
        jumps.clock.pass_by(minutes=15)
        check_in_world.sweep()
    assert check_in_world.get(check_in).state == "sent"
    assert check_in_world.said().count("check_in") == 1
    assert check_in_world.get(later).state == "scheduled"
    jumps.clock.pass_by(hours=2)
    check_in_world.sweep()
    assert check_in_world.get(later).state == "sent"


def _alone(engine):
    with reading(engine) as session:
        found = select(Message.reply_key).where(Message.reply_key.startswith("alone_")).order_by(Message.id)
        return list(session.scalars(found))
