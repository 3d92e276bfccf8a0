"""Who is told of an emergency, when, until somebody takes it. On both databases, by a virtual clock."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import incidents, roster
from bot.db import reading, writing
from bot.errors import EscalationInvalid
from bot.incidents.ladder import change, current, read, shipped
from bot.models import IncidentState, LineSetting
from tests.integration.incident_world import OVERDOSE, PHONE, DeadLine, World

FIRST, SECOND = "Heron", "Otter"


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    return World(engine, clock, work, dialogue, messenger)


def test_the_first_on_call_is_texted_at_once_and_nothing_private_is_on_their_lock_screen(world):
    phone, _ = world.on_call(FIRST, SECOND)
    world.text(OVERDOSE)
    world.look()
    code = world.incident().code
    assert world.texts_to(phone) == [f"Warmline: someone needs you. Reply OK {code} or open the inbox."]
    assert world.calls() == []


def test_the_whole_ladder_goes_by_its_minutes_and_ends_with_an_honest_word(world, caplog):
    first, second, third = world.on_call(FIRST, SECOND, "Crane")
    world.text(OVERDOSE)
    world.look()
    told = []
    for minute in range(1, 10):
        world.minutes(1)
        told.append((minute, len(world.messenger.sent), list(world.calls())))
    calls = {minute: calls for minute, _, calls in told}
    assert (calls[1], calls[2]) == ([], [first])
    assert (calls[3], calls[4]) == ([first], [first, second])
    assert calls[6] == [first, second, third]
    assert len(world.texts_to(second)) == len(world.texts_to(third)) == 1
    assert world.heard() == ["emergency_overdose", "incident_reached", "incident_nobody_answered"]
    assert world.state() == IncidentState.OPEN
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.getMessage() for record in errors] == ["incident 1: nobody on call has answered"]


def test_all_of_it_begins_again_until_somebody_takes_it_and_then_ends(world):
    (phone,) = world.on_call(FIRST)
    world.text(OVERDOSE)
    world.look()
    world.minutes(24)
    texts = len(world.texts_to(phone))
    assert texts == 4, "two rounds would be at minutes 0, 4, 6 and 23"
    world.text("ok " + world.incident().code, phone)
    world.minutes(30)
    assert len([key for key in world.heard(phone) if key == "on_call_alert"]) == texts
    assert world.state() == IncidentState.ACKNOWLEDGED


def test_a_step_run_by_any_number_of_clocks_is_taken_once(world):
    (phone,) = world.on_call(FIRST)
    world.text(OVERDOSE)
    for _ in range(4):
        incidents.step(world.engine, world.incident().id, world.clock(), world.work)
        incidents.step_overdue(world.engine, world.clock(), world.work)
    world.look()
    assert len(world.texts_to(phone)) == 1
    assert world.kinds().count("alert_wanted") == 1
    world.minutes(2)
    for _ in range(3):
        incidents.step(world.engine, world.incident().id, world.clock(), world.work)
    world.send()
    assert world.calls() == [phone]


def test_a_step_whose_time_has_not_come_is_not_taken(world):
    world.on_call(FIRST)
    world.text(OVERDOSE)
    world.look()
    world.clock.pass_by(seconds=119)
    assert incidents.step_overdue(world.engine, world.clock(), world.work) == 0
    world.clock.pass_by(seconds=1)
    assert incidents.step_overdue(world.engine, world.clock(), world.work) == 1


def test_the_wake_up_of_every_step_is_started_with_the_row(world):
    world.on_call(FIRST)
    world.text(OVERDOSE)
    assert world.work.named("inc-") == [1]
    world.minutes(9)
    steps = sorted(name[17:19] for name in world.work.started if name.startswith("inc-"))
    assert steps == ["00", "01", "02", "03", "04", "05"]


def test_the_person_is_told_once_a_text_has_reached_somebody_and_not_before(world):
    (phone,) = world.on_call(FIRST)
    world.statuses[phone] = None
    world.text(OVERDOSE)
    world.minutes(1)
    assert world.heard() == ["emergency_overdose"]
    world.statuses[phone] = "delivered"
    world.minutes(4)
    assert world.heard() == ["emergency_overdose", "incident_reached"]


@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_a_text_that_fails_brings_the_call_at_once(world, status):
    phone, _ = world.on_call(FIRST, SECOND)
    world.statuses[phone] = status
    world.text(OVERDOSE)
    world.look()
    assert world.calls() == [phone]
    assert "failed" in world.kinds()


def test_a_call_nobody_takes_brings_the_next_on_the_roster_at_once(world):
    first, second = world.on_call(FIRST, SECOND)
    world.text(OVERDOSE)
    world.look()
    world.minutes(2)
    world.ends(first)
    world.look()
    assert len(world.texts_to(second)) == 1
    assert world.calls() == [first, second]


def test_a_number_that_cannot_be_rung_brings_the_next_at_once(world):
    first, second = world.on_call(FIRST, SECOND)
    world.calling._caller = DeadLine()
    world.statuses[first] = "failed"
    world.text(OVERDOSE)
    world.look()
    world.look()
    assert len(world.texts_to(second)) == 1


def test_one_way_of_a_step_that_fails_waits_for_the_other(world):
    first, second = world.on_call(FIRST, SECOND)
    world.statuses[second] = "failed"
    world.text(OVERDOSE)
    world.look()
    world.minutes(4.5)
    before = world.incident().step
    assert world.calls() == [first, second]
    assert world.incident().step == before == 3
    world.ends(second)
    world.look()
    assert world.incident().step == 4


def test_on_call_but_opted_out_is_passed_over_at_once(world, caplog):
    first, second = world.on_call(FIRST, SECOND)
    world.text("STOP", first)
    world.text(OVERDOSE)
    world.look()
    assert world.texts_to(first) == []
    assert len(world.texts_to(second)) == 1
    assert "case worker 1 is on call but has said STOP" in caplog.text


def test_when_every_phone_on_call_said_stop_the_person_hears_at_once_that_nobody_answered(world):
    (phone,) = world.on_call(FIRST)
    world.text("STOP", phone)
    world.text(OVERDOSE)
    world.look()
    assert world.heard() == ["emergency_overdose", "incident_nobody_answered"]


def test_with_nobody_on_call_the_person_hears_so_at_once_and_the_incident_stays_open(world, caplog):
    world.text(OVERDOSE)
    world.look()
    assert world.heard() == ["emergency_overdose", "incident_nobody_on_call"]
    assert world.state() == IncidentState.OPEN
    assert "incident 1: nobody is on call" in [record.getMessage() for record in caplog.records]
    assert incidents.not_taken(world.engine, world.clock()).count == 1
    world.clock.pass_by(minutes=3)
    assert incidents.not_taken(world.engine, world.clock()).oldest_seconds == 180


def test_whoever_comes_on_call_later_is_told_of_what_still_waits(world):
    world.text(OVERDOSE)
    world.look()
    world.clock.pass_by(minutes=10)
    (phone,) = world.on_call(FIRST)
    world.minutes(6)
    assert len(world.texts_to(phone)) == 1
    assert world.heard()[-1] == "incident_reached"


def test_it_gives_up_after_half_a_day_and_says_so_in_the_log(world, caplog):
    world.text(OVERDOSE)
    for _ in range(60):
        world.clock.pass_by(minutes=15)
        world.look()
    assert world.incident().next_step_at is None
    assert world.state() == IncidentState.OPEN
    assert "nobody is told any more" in caplog.text


def test_nobody_is_told_of_their_own_emergency(world):
    first, second = world.on_call(FIRST, SECOND)
    world.text("i want to kill myself", first)
    world.look()
    assert len(world.texts_to(second)) == 1
    assert not [key for key in world.heard(first) if key.startswith("on_call")]


def test_a_thousand_emergencies_at_once_are_answered_one_by_one_and_alerted_in_one_text_a_minute(world):
    many = 1000 if world.engine.dialect.name == "sqlite" else 200
    (phone,) = world.on_call(FIRST)
    for number in range(many):
        assert world.text(OVERDOSE, f"+1253555{number:04d}").say_now
    while incidents.step_overdue(world.engine, world.clock(), world.work):
        pass
    world.send()
    assert len(world.texts_to(phone)) == 1
    world.minutes(1)
    texts = world.texts_to(phone)
    assert len(texts) == 2
    assert f"Warmline: {many - 1} people need you." in texts[1]
    world.minutes(1.5)
    assert len(world.calls()) == 1
    assert len(world.texts_to(phone)) == 2
    world.text("ok", phone)
    assert world.heard(phone)[-2:] == ["on_call_yours", "on_call_more"]
    assert incidents.not_taken(world.engine, world.clock()).count == many - 1


def test_steps_of_many_incidents_at_once_hold_each_other_up_nowhere(world):
    first, second = world.on_call(FIRST, SECOND)
    for number in range(24):
        world.text(OVERDOSE, f"+1253555{number:04d}")

    def one(incident_id):
        incidents.step(world.engine, incident_id, world.clock(), world.work)
        incidents.step_overdue(world.engine, world.clock(), world.work)

    for _ in range(3):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, [incident.id for incident in world.incidents()]))
        world.send()
        world.clock.pass_by(minutes=2)
    assert len(world.texts_to(first)) == 2
    assert world.calls()[0] == first
    assert len(world.texts_to(second)) == 1
    assert world.kinds().count("alert_wanted") == 48


def test_an_operator_s_minutes_take_the_place_of_the_shipped_ones(world):
    first, second = world.on_call(FIRST, SECOND)
    with writing(world.engine) as session:
        steps = '[{"minutes": 0, "tells": 2, "by": ["call"]}, {"minutes": 1, "tells": 1, "by": ["text"]}]'
        change(session, f'{{"steps": {steps}, "nobody_after": 2}}', world.clock())
    world.text(OVERDOSE)
    world.look()
    assert world.calls() == [second]
    world.minutes(1)
    assert len(world.texts_to(first)) == 1
    world.minutes(1)
    assert world.heard()[-1] == "incident_nobody_answered"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("{", "no JSON"),
        ("[]", "must be an object"),
        ('{"step": []}', "has no step"),
        ('{"steps": []}', "a list of 1 to 20"),
        ('{"steps": [{"minutes": 0, "tells": 1}]}', "step 1 must have minutes, tells and by"),
        ('{"steps": [{"minutes": -1, "tells": 1, "by": ["text"]}]}', "step 1: minutes must be minutes"),
        ('{"steps": [{"minutes": true, "tells": 1, "by": ["text"]}]}', "step 1: minutes must be minutes"),
        ('{"steps": [{"minutes": 0, "tells": 0, "by": ["text"]}]}', "from 1"),
        ('{"steps": [{"minutes": 0, "tells": 1, "by": ["fax"]}]}', "text, call or both"),
        (
            '{"steps": [{"minutes": 3, "tells": 1, "by": ["text"]},'
            ' {"minutes": 1, "tells": 1, "by": ["text"]}]}',
            "must not go down",
        ),
        ('{"nobody_after": 1}', "before the last step"),
        ('{"again_every": 0}', "again_every must be minutes from 1"),
    ],
)
def test_an_escalation_that_cannot_be_is_refused_with_its_reason_and_the_old_one_stays(
    engine, value, says, clock
):
    with writing(engine) as session, pytest.raises(EscalationInvalid, match=says):
        change(session, value, clock())
    with reading(engine) as session:
        assert current(session) == shipped()


def test_a_stored_escalation_that_went_bad_keeps_nobody_from_being_told(world, caplog):
    (phone,) = world.on_call(FIRST)
    with writing(world.engine) as session:
        session.add(LineSetting(name="escalation", value="{", changed_at=world.clock()))
    world.text(OVERDOSE)
    world.look()
    assert len(world.texts_to(phone)) == 1
    assert "the shipped one is" in caplog.text


def test_what_is_left_out_of_an_escalation_is_as_shipped():
    assert read({"again_every": 5}).rungs == shipped().rungs


def test_a_case_worker_who_left_is_not_told(world):
    first, second = world.on_call(FIRST, SECOND)
    with writing(world.engine) as session:
        roster.leave(session, roster.find_worker(session, FIRST), world.clock())
    world.text(OVERDOSE)
    world.look()
    assert world.texts_to(first) == []
    assert len(world.texts_to(second)) == 1


def test_a_person_who_said_stop_gets_the_words_at_once_and_nothing_more_while_people_are_told(world):
    (phone,) = world.on_call(FIRST)
    reception = world.text("STOP hes not breathing", opt_out_type="STOP")
    assert reception.say_now.startswith("Call 911 now")
    world.minutes(10)
    assert world.texts_to(PHONE) == []
    assert world.heard() == ["emergency_overdose"]
    assert len(world.texts_to(phone)) >= 1
    assert world.conversation().person.opted_out_at is not None
