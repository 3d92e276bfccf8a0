"""The call of a using-alone timer, through the signed webhooks."""

import pytest
from sqlalchemy import select

from bot import using_alone
from bot.db import reading, writing
from bot.models import Call, Incident, TimerState, UsingAloneTimer
from bot.people import conversation_with
from bot.using_alone import Wanted
from tests.integration.conftest import PHONE


@pytest.fixture
def ringing(line):
    """A timer whose call has been asked for: the call's public id."""
    with writing(line.engine) as session:
        conversation = conversation_with(session, PHONE, line.clock())
        timer, _ = using_alone.start(
            session, conversation, Wanted(1, "third and pine", None), "yes", None, line.clock(), line.durably
        )
        timer.step, timer.next_at = 2, line.clock()
        row = timer.id
    using_alone.step(line.engine, row, line.clock(), line.durably)
    with reading(line.engine) as session:
        return session.scalars(select(Call)).one().public_id


def timer_state(line):
    with reading(line.engine) as session:
        return session.scalars(select(UsingAloneTimer)).one().state


def test_whoever_picks_up_is_asked_for_a_key_twice(twilio, ringing):
    twiml = twilio.post(f"/twilio/voice?call={ringing}", {"CallSid": "CA" + "1" * 32}).text
    assert twiml.count("<Gather") == 2
    assert "Press 1 if you are OK" in twiml
    assert "Record" not in twiml


def test_one_is_an_all_clear(line, twilio, ringing):
    said = twilio.post(f"/twilio/voice/alone-key?call={ringing}", {"Digits": "1"}).text
    assert "Take care" in said
    assert timer_state(line) == TimerState.SAFE


def test_two_tells_people_at_once(line, twilio, ringing):
    said = twilio.post(f"/twilio/voice/alone-key?call={ringing}", {"Digits": "2"}).text
    assert "call 911" in said
    assert timer_state(line) == TimerState.ESCALATED
    with reading(line.engine) as session:
        assert session.scalars(select(Incident)).one().source == "using_alone"


def test_any_other_key_is_asked_again_and_decides_nothing(line, twilio, ringing):
    assert "<Gather" in twilio.post(f"/twilio/voice/alone-key?call={ringing}", {"Digits": "7"}).text
    assert timer_state(line) == TimerState.ASKING


def test_a_voice_box_that_presses_nothing_decides_nothing(line, twilio, ringing):
    twilio.post(f"/twilio/voice?call={ringing}", {"CallSid": "CA" + "1" * 32})
    twilio.post(f"/twilio/voice/status?call={ringing}", {"CallStatus": "completed"})
    assert timer_state(line) == TimerState.ASKING


def test_a_call_nobody_knows_is_not_found(twilio):
    assert twilio.post("/twilio/voice/alone-key?call=nobody", {"Digits": "1"}).status_code == 404


def test_a_call_home_is_no_using_alone_call(line, twilio, ringing):
    with writing(line.engine) as session:
        session.scalars(select(Call)).one().using_alone_timer_id = None
    assert twilio.post(f"/twilio/voice/alone-key?call={ringing}", {"Digits": "1"}).status_code == 404
