"""Somebody takes an emergency, by text, call or in the inbox; it is over; it is closed. On both databases."""

import pytest
from sqlalchemy import select

from bot import incidents, roster
from bot.db import reading, writing
from bot.intake import InboundText, receive
from bot.models import Call, Consent, Conversation, Incident, IncidentSource, IncidentState, Purpose
from tests.integration.incident_world import OVERDOSE, PHONE, World

FIRST, SECOND = "Heron", "Otter"


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    return World(engine, clock, work, dialogue, messenger)


@pytest.fixture
def alerted(world):
    """Two on call, and the first has been texted."""
    world.phones = world.on_call(FIRST, SECOND)
    world.text(OVERDOSE)
    world.look()
    return world


@pytest.mark.parametrize("written", ["OK {}", "ok {}", "{}", "Ok, {}.", "ok{}", "si {}", "got it {}"])
def test_an_answer_with_the_code_takes_it_however_it_is_written(alerted, written):
    first, _ = alerted.phones
    code = alerted.incident().code
    alerted.text(written.format(code), first)
    incident = alerted.incident()
    assert incident.state == IncidentState.ACKNOWLEDGED
    assert incident.acknowledged_by.pseudonym == FIRST
    assert alerted.heard(first)[-1] == "on_call_yours"


def test_the_code_may_be_spaced_and_in_small_letters(alerted):
    first, _ = alerted.phones
    alerted.text("ok " + " ".join(alerted.incident().code.lower()), first)
    assert alerted.state() == IncidentState.ACKNOWLEDGED


def test_a_bare_ok_takes_the_one_that_waits_longest(alerted):
    first, _ = alerted.phones
    alerted.text(OVERDOSE, "+12065550143")
    alerted.clock.pass_by(minutes=1)
    alerted.look()
    alerted.text("ok", first)
    states = [incident.state for incident in alerted.incidents()]
    assert states == [IncidentState.ACKNOWLEDGED, IncidentState.OPEN]
    assert alerted.heard(first)[-2:] == ["on_call_yours", "on_call_more"]
    alerted.text("ok", first)
    assert {incident.state for incident in alerted.incidents()} == {IncidentState.ACKNOWLEDGED}


def test_the_person_hears_that_someone_looks_and_no_name(alerted):
    first, _ = alerted.phones
    alerted.text("ok", first)
    alerted.look()
    assert alerted.heard() == ["emergency_overdose", "incident_reached", "incident_taken"]
    assert not any(FIRST in body or "Name" in body for body in alerted.texts_to(PHONE))


def test_once_taken_nobody_else_is_told(alerted):
    first, second = alerted.phones
    alerted.text("ok", first)
    alerted.minutes(20)
    assert alerted.texts_to(second) == []
    assert alerted.calls() == []


def test_the_first_to_answer_has_it_and_the_others_are_told_so(alerted):
    first, second = alerted.phones
    alerted.minutes(4)
    alerted.text("ok", second)
    alerted.text("ok", first)
    alerted.text("OK " + alerted.incident().code, first)
    assert alerted.incident().acknowledged_by.pseudonym == SECOND
    assert alerted.heard(first)[-2:] == ["on_call_taken", "on_call_taken"]
    assert "too_late" in alerted.kinds()


def test_ok_when_nothing_waits_is_an_ordinary_text(world):
    (phone,) = world.on_call(FIRST)
    world.text("ok", phone)
    world.text("im hungry", phone)
    assert [body for _, body, _ in world.dialogue.asked] == ["ok", "im hungry"]


def test_a_bare_ok_in_a_case_worker_s_own_emergency_takes_nobody_else_s(alerted):
    first, _ = alerted.phones
    alerted.text("i want to kill myself", first)
    alerted.text("ok", first)
    assert alerted.heard(first)[-1] == "help_suicide_ask"
    alerted.text("ok " + alerted.incidents()[0].code, first)
    assert alerted.heard(first)[-1] == "on_call_yours"


def test_other_texts_of_a_case_worker_are_ordinary_texts(alerted):
    first, _ = alerted.phones
    for body in ("who is it", "okay what is this about", "over there", "good morning"):
        alerted.text(body, first)
    assert len(alerted.dialogue.asked) == 4
    assert alerted.state() == IncidentState.OPEN


def test_a_code_from_a_phone_that_is_no_case_worker_s_takes_nothing(alerted):
    alerted.text("ok " + alerted.incident().code, "+12065550177")
    assert alerted.state() == IncidentState.OPEN


def test_a_code_that_is_none_is_said_to_be_unknown(alerted):
    first, _ = alerted.phones
    alerted.text("OK A3AA" if alerted.incident().code != "A3AA" else "OK C3AA", first)
    assert alerted.heard(first)[-1] == "on_call_unknown"


def test_over_with_the_code_closes_it(alerted):
    first, _ = alerted.phones
    code = alerted.incident().code
    alerted.text("ok", first)
    alerted.text(f"OVER {code}", first)
    assert alerted.incident().state == IncidentState.CLOSED
    assert alerted.incident().outcome == "worker"
    assert alerted.heard(first)[-1] == "on_call_closed"
    alerted.text(f"cerrado {code.lower()}", first)
    assert alerted.kinds().count("closed") == 1


def test_the_inbox_takes_it_the_same_way(alerted):
    with writing(alerted.engine) as session:
        worker = roster.find_worker(session, SECOND)
        incident = session.scalars(select(Incident)).one()
        assert incidents.acknowledge(session, incident.id, worker, "inbox", alerted.clock(), alerted.work)
    assert alerted.incident().acknowledged_by.pseudonym == SECOND


def test_all_of_it_is_on_record_once_each(alerted):
    first, _ = alerted.phones
    alerted.minutes(2)
    alerted.text("ok", first)
    assert alerted.kinds() == [
        "opened", "alert_wanted", "alerted", "told", "called", "acknowledged", "told",
    ]  # fmt: skip


def test_the_emergency_itself_is_what_allows_word_of_it_and_names_the_text(alerted):
    with reading(alerted.engine) as session:
        incident = session.scalars(select(Incident)).one()
        consent = session.get_one(Consent, incident.consent_id)
        assert (consent.purpose, consent.words) == (Purpose.EMERGENCY, OVERDOSE)
        assert consent.message_id == incident.message_id


def test_a_shift_taken_is_what_agrees_to_alerts_and_stop_takes_it_back(world):
    (phone,) = world.on_call(FIRST)
    with reading(world.engine) as session:
        agreed = session.scalars(select(Consent).where(Consent.purpose == Purpose.ON_CALL)).one()
        assert agreed.revoked_at is None
        assert agreed.words == "shift taken: mon 00:00-24:00 America/Los_Angeles"
    world.text("STOP", phone)
    with reading(world.engine) as session:
        assert session.get_one(Consent, agreed.id).revoked_by == "stop"


def test_more_emergency_words_belong_to_the_same_incident(alerted):
    alerted.text("hes turning blue")
    alerted.look()
    assert len(alerted.incidents()) == 1
    assert alerted.kinds().count("again") == 1


def test_a_repeated_webhook_opens_nothing_twice(world):
    world.on_call(FIRST)
    world.text(OVERDOSE)
    with writing(world.engine) as session:
        again = receive(session, InboundText(f"MM{1:032x}", PHONE, OVERDOSE), world.clock(), world.work)
    assert again.repeated
    assert again.say_now.startswith("Call 911")
    assert world.kinds() == ["opened"]


def test_an_emergency_after_the_last_was_over_is_a_new_one_and_people_are_told_anew(alerted):
    first, _ = alerted.phones
    alerted.text("ok", first)
    alerted.text("the medics are here")
    alerted.clock.pass_by(minutes=5)
    alerted.text(OVERDOSE)
    alerted.look()
    old, new = alerted.incidents()
    assert (old.state, old.outcome, new.state) == (IncidentState.CLOSED, "replaced", IncidentState.OPEN)
    assert alerted.heard(first)[-1] == "on_call_alert"


def test_emergency_words_long_after_somebody_took_it_tell_people_anew(alerted):
    first, _ = alerted.phones
    alerted.text("ok", first)
    alerted.clock.pass_by(minutes=10)
    alerted.text(OVERDOSE)
    assert len(alerted.incidents()) == 1
    alerted.clock.pass_by(minutes=30)
    alerted.text(OVERDOSE)
    assert len(alerted.incidents()) == 2


def test_over_in_the_person_s_words_goes_on_telling_until_somebody_takes_it_but_only_one_round(alerted):
    alerted.text("he woke up")
    alerted.minutes(40)
    assert len(alerted.calls()) == 3
    assert alerted.incident().next_step_at is None
    assert alerted.heard()[-1] == "over_overdose", "nobody answering is no news to somebody who is well"


def opened(world, source, kind, **more):
    world.text("hi")
    with writing(world.engine) as session:
        conversation = session.scalars(select(Conversation).where(Conversation.id == 1)).one()
        return incidents.open_incident(
            session, conversation, source, kind, world.clock(), world.work, **more
        ).id


def test_an_answer_after_silence_is_told_to_those_who_were_alerted_and_closes_it(world):
    incident = opened(world, IncidentSource.USING_ALONE, "overdose", danger_to="self")
    (phone,) = world.on_call(FIRST)
    world.look()
    with writing(world.engine) as session:
        incidents.person_answered(session, incident, world.clock(), world.work)
        incidents.person_answered(session, incident, world.clock(), world.work)
    world.minutes(20)
    assert world.heard(phone) == ["on_call_alert", "on_call_all_clear"]
    assert world.incident().outcome == "answered"
    assert world.calls() == []


def test_an_answer_does_not_close_what_they_have_cried_for_help_about_since(world):
    incident = opened(world, IncidentSource.USING_ALONE, "overdose", danger_to="self")
    world.on_call(FIRST)
    world.text(OVERDOSE)
    with writing(world.engine) as session:
        incidents.person_answered(session, incident, world.clock(), world.work)
    assert world.state() == IncidentState.OPEN


def test_a_check_in_nobody_answered_is_told_of_and_says_nothing_of_a_script(world):
    opened(world, IncidentSource.CHECK_IN, "check_in")
    (phone,) = world.on_call(FIRST)
    world.look()
    assert len(world.texts_to(phone)) == 1
    world.text("im hungry")
    assert world.dialogue.asked[-1][1] == "im hungry"


def test_pressing_1_takes_what_the_call_is_for_or_else_what_it_stands_for(world):
    (phone,) = world.on_call(FIRST)
    for other in (PHONE, "+12065550143"):
        world.text(OVERDOSE, other)
    world.look()
    world.minutes(2.5)
    assert world.calls() == [phone]
    with writing(world.engine) as session:
        call = session.scalars(select(Call)).one()
        worker = roster.find_worker(session, FIRST)
        taken = [incidents.take_call(session, call, worker, world.clock(), world.work) for _ in range(3)]
    assert taken == [True, True, False]
