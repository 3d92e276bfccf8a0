"""A call home through the signed webhooks: every ending, every order, limits, refusals and lost callbacks."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot import calls, consent
from bot.calling import note
from bot.db import reading, writing
from bot.errors import OutcomeUnknown
from bot.models import Call, CallState, HomeRefusal, Outcome
from bot.people import conversation_with
from bot.ports import SeenCall
from tests.integration.call_world import HOME, OTHER, PERSON


def up_to(world, step, **asked):
    """A call that has come as far as `step`: "ringing", "answered", "dialing" or "joined"."""
    call = world.rings(**asked)
    if step != "ringing":
        world.posts(f"?call={call}")
    if step in {"dialing", "joined"}:
        world.posts(f"/connect?call={call}", Digits="1")
        world.posts(f"/screen?call={call}")
    if step == "joined":
        world.posts(f"/accept?call={call}&lang=en", Digits="1")
    return call


def test_both_are_asked_and_both_see_the_lines_number(call_world):
    call = call_world.rings()
    assert "Press 1 to be connected" in call_world.posts(f"?call={call}")
    dial = call_world.posts(f"/connect?call={call}", Digits="1")
    assert 'callerId="+12065550100"' in dial
    assert HOME in dial
    assert PERSON not in dial
    assert 'record="do-not-record"' in dial
    screen = call_world.posts(f"/screen?call={call}")
    assert "Danny would like to talk with you." in screen
    assert "Para espa\u00f1ol, oprime 2." in screen
    assert "<Hangup" not in call_world.posts(f"/accept?call={call}&lang=en", Digits="1")
    assert call_world.call().state == CallState.JOINED
    call_world.posts(f"/done?call={call}", DialCallStatus="completed", DialCallDuration="90")
    call_world.posts(f"/status?call={call}", CallStatus="completed", CallDuration="110")
    ended = call_world.call()
    assert (ended.outcome, ended.seconds) == (Outcome.JOINED, 110)
    assert call_world.texts() == ["call_done"]


def test_without_a_name_home_hears_of_someone_who_knows_them(call_world):
    call = up_to(call_world, "dialing", name=None)
    assert "Someone who knows you would like to talk with you." in call_world.posts(f"/screen?call={call}")


def test_home_hears_it_in_the_other_language_on_2_and_may_take_it_then(call_world):
    call = up_to(call_world, "dialing")
    spanish = call_world.posts(f"/accept?call={call}&lang=en", Digits="2")
    assert "Danny quiere hablar contigo." in spanish
    assert "changed=1" in spanish
    assert "<Hangup" in call_world.posts(f"/accept?call={call}&lang=es&changed=1", Digits="2")
    call_world.posts(f"/accept?call={call}&lang=es&changed=1", Digits="1")
    assert call_world.call().state == CallState.JOINED


def test_somebody_who_speaks_spanish_is_rung_in_spanish(call_world):
    with call_world.talking() as (_, conversation):
        conversation.person.language = "es"
    call = call_world.rings()
    assert "Oprime 1 para conectar" in call_world.posts(f"?call={call}")
    assert "Danny quiere hablar contigo." in call_world.posts(f"/screen?call={call}")


@pytest.mark.parametrize(
    ("dial", "reply"),
    [
        ("no-answer", "call_no_answer"),
        ("busy", "call_busy"),
        ("failed", "call_unreachable"),
        ("canceled", "call_hung_up"),
        ("completed", "call_not_accepted"),
    ],
)
def test_each_end_of_the_second_leg_is_told_kindly_once(call_world, dial, reply):
    call = up_to(call_world, "dialing")
    for _ in range(2):
        call_world.posts(f"/done?call={call}", DialCallStatus=dial)
        call_world.posts(f"/status?call={call}", CallStatus="completed", CallDuration="30")
    assert call_world.texts() == [reply]
    assert "PERSON" in call_world.bodies()[0]


@pytest.mark.parametrize(
    ("leg", "reply"),
    [("no-answer", "call_you_missed"), ("busy", "call_you_missed"), ("failed", "call_failed")],
)
def test_a_person_who_cannot_be_reached_is_told_by_text(call_world, leg, reply):
    call = up_to(call_world, "ringing")
    call_world.posts(f"/status?call={call}", CallStatus=leg)
    assert call_world.texts() == [reply]


def test_a_person_who_presses_nothing_is_told_that_home_was_not_rung(call_world):
    call = up_to(call_world, "answered")
    call_world.posts(f"/connect?call={call}", Digits="5")
    call_world.posts(f"/status?call={call}", CallStatus="completed")
    assert call_world.texts() == ["call_not_pressed"]


def test_a_voice_box_is_hung_up_on_and_told_of(call_world):
    call = up_to(call_world, "dialing")
    box = "CA" + "b" * 32
    call_world.posts(f"/machine?call={call}", CallSid=box, AnsweredBy="machine_start")
    assert call_world.caller.hung_up == [box]
    call_world.posts(f"/done?call={call}", DialCallStatus="completed")
    assert call_world.texts() == ["call_voicemail"]
    assert "I said nothing there" in call_world.bodies()[0]


def test_detection_that_takes_a_person_for_a_machine_does_not_part_the_two(call_world):
    call = up_to(call_world, "joined")
    call_world.posts(f"/machine?call={call}", AnsweredBy="machine_start")
    assert call_world.caller.hung_up == []


@pytest.mark.parametrize(
    ("key", "reply", "by"), [("3", "call_wrong_person", "wrong_person"), ("9", "home_refused", "key")]
)
def test_a_refusal_by_key_is_for_ever_for_this_person_only(call_world, key, reply, by):
    call = up_to(call_world, "dialing")
    call_world.posts(f"/accept?call={call}&lang=en", Digits=key)
    call_world.posts(f"/done?call={call}", DialCallStatus="completed")
    assert call_world.texts() == [reply]
    with reading(call_world.line.engine) as session:
        assert session.scalars(select(HomeRefusal)).one().refused_by == by
    call_world.later += timedelta(days=400)
    with call_world.talking() as (session, conversation):
        limits = call_world.line.call_limits
        again = calls.problem(session, conversation, HOME, "+12065550100", limits, call_world.now())
        somebody_else = conversation_with(session, "+12065550143", call_world.now())
        other = calls.problem(session, somebody_else, HOME, "+12065550100", limits, call_world.now())
    assert (again, other) == ("home_refused", None)


@pytest.mark.parametrize("key", ["", "5", "*"])
def test_any_other_key_at_home_joins_nobody(call_world, key):
    call = up_to(call_world, "dialing")
    assert "<Hangup" in call_world.posts(f"/accept?call={call}&lang=en", Digits=key)
    assert call_world.call().accepted_at is None


def test_a_leg_that_ended_before_its_dial_waits_for_the_dials_own_word(call_world):
    call = up_to(call_world, "dialing")
    call_world.posts(f"/status?call={call}", CallStatus="completed", CallDuration="20")
    assert call_world.texts() == []
    call_world.posts(f"/done?call={call}", DialCallStatus="no-answer")
    assert call_world.texts() == ["call_no_answer"]


def test_a_call_whose_callbacks_never_came_is_settled_by_asking(call_world):
    call = up_to(call_world, "dialing")
    assert call_world.calling.settle() == 0
    call_world.later += timedelta(minutes=3)
    call_world.caller.seen[call_world.call().call_sid] = SeenCall("completed", 31, "busy")
    assert call_world.calling.settle() == 1
    assert call_world.texts() == ["call_busy"]
    # What comes at last changes nothing.
    call_world.posts(f"/done?call={call}", DialCallStatus="no-answer")
    assert call_world.texts() == ["call_busy"]


def test_a_joined_call_whose_callbacks_never_came_is_settled_after_its_time(call_world):
    up_to(call_world, "joined")
    call_world.later += timedelta(minutes=35)
    sid = call_world.call().call_sid
    assert call_world.calling.settle() == 1
    # It still goes on long after its limit: the provider is asked to end it.
    call_world.later += timedelta(minutes=10)
    assert call_world.calling.settle() == 1
    assert call_world.caller.hung_up == [sid]
    call_world.later += timedelta(minutes=1)
    call_world.caller.seen[sid] = SeenCall("completed", 1800, "completed")
    call_world.calling.settle()
    assert call_world.call().outcome == Outcome.JOINED


def test_a_call_the_provider_does_not_know_has_failed(call_world):
    up_to(call_world, "ringing")
    call_world.caller.placed.clear()
    call_world.later += timedelta(minutes=2)
    call_world.calling.settle()
    assert call_world.texts() == ["call_failed"]


def test_a_provider_that_is_away_is_asked_again(call_world):
    up_to(call_world, "ringing")
    call_world.later += timedelta(minutes=2)
    call_world.caller.away = True
    assert call_world.calling.settle() == 1
    assert call_world.texts() == []
    call_world.caller.away = False
    call_world.later += timedelta(minutes=1)
    call_world.caller.seen[call_world.call().call_sid] = SeenCall("no-answer")
    call_world.calling.settle()
    assert call_world.texts() == ["call_you_missed"]


def test_a_worker_that_died_after_placing_finds_the_call_and_rings_once(call_world):
    call = call_world.asks()
    call_world.caller.raise_after_placing = OutcomeUnknown()
    with pytest.raises(OutcomeUnknown):
        call_world.calling.place(call.id)
    assert call_world.call().state == CallState.PLACING
    call_world.calling.place(call.id)
    assert len(call_world.caller.placed) == 1
    assert call_world.call().state == CallState.RINGING


def test_a_worker_that_died_between_the_legs_changes_nothing_the_webhooks_know_it_all(call_world):
    call = up_to(call_world, "answered")
    # The step runs anew in another worker while home already rings.
    call_world.posts(f"/connect?call={call}", Digits="1")
    call_world.calling.place(call_world.call().id)
    assert len(call_world.caller.placed) == 1
    assert call_world.call().state == CallState.DIALING


def test_a_number_twilio_refuses_is_told_as_our_failure(call_world):
    call = call_world.asks()
    call_world.caller.refuses = 21211
    call_world.calling.place(call.id)
    assert call_world.texts() == ["call_failed"]


def test_a_call_that_could_not_be_placed_for_ten_minutes_does_not_ring_any_more(call_world):
    call = call_world.asks()
    call_world.later += timedelta(minutes=5)
    assert call_world.calling.give_up_late() == 0
    call_world.later += timedelta(minutes=6)
    assert call_world.calling.give_up_late() == 1
    assert call_world.texts() == ["call_failed"]
    call_world.calling.place(call.id)
    assert call_world.caller.placed == []


def test_a_call_at_a_time_is_rung_then_and_not_before(call_world):
    due = call_world.now() + timedelta(hours=3)
    call_world.asks(due_at=due)
    engine, durably = call_world.line.engine, call_world.line.durably
    assert calls.start_due(engine, call_world.now(), durably) == 0
    call_world.later += timedelta(hours=3, seconds=1)
    # Not taken for one that was never placed.
    assert call_world.calling.give_up_late() == 0
    assert calls.start_due(engine, call_world.now(), durably) == 1
    assert calls.start_due(engine, call_world.now(), durably) == 0
    assert call_world.call().state == CallState.REQUESTED


def test_one_call_at_a_time_and_a_scheduled_one_gives_way(call_world):
    first = call_world.asks(due_at=call_world.now() + timedelta(hours=3))
    second = call_world.asks(number=OTHER)
    third = call_world.asks(number=HOME)
    assert second.id != first.id
    assert third.id == second.id
    with reading(call_world.line.engine) as session:
        assert session.get_one(Call, first.id).outcome == Outcome.CANCELED


def test_a_call_taken_back_is_hung_up_and_answers_with_goodbye(call_world):
    call = up_to(call_world, "ringing")
    with call_world.talking() as (session, conversation):
        assert calls.take_back(session, conversation, call_world.now()) == [call_world.caller_sid()]
    assert "Goodbye" in call_world.posts(f"?call={call}")
    assert "Goodbye" in call_world.posts(f"/connect?call={call}", Digits="1")
    assert "<Hangup" in call_world.posts(f"/accept?call={call}&lang=en", Digits="1")
    call_world.posts(f"/status?call={call}", CallStatus="completed")
    assert call_world.texts() == []


def test_a_call_taken_back_while_it_was_being_placed_is_hung_up(call_world):
    call = call_world.asks()
    place = call_world.caller.place

    def placing(to, public_id, **more):
        with call_world.talking() as (session, conversation):
            calls.take_back(session, conversation, call_world.now())
        return place(to, public_id, **more)

    call_world.caller.place = placing
    assert call_world.calling.place(call.id) == CallState.CANCELED
    assert call_world.caller.hung_up == [call_world.caller_sid()]


def test_stop_takes_back_a_call_that_waits(call_world):
    call_world.asks(due_at=call_world.now() + timedelta(hours=3))
    with call_world.talking() as (session, conversation):
        consent.opt_out(session, conversation.person, call_world.now(), durably=call_world.line.durably)
    assert call_world.call().outcome == Outcome.CANCELED


def refuses_by_stop(world):
    """Home texts STOP to the line."""
    with writing(world.line.engine) as session:
        home = conversation_with(session, HOME, world.now())
        consent.opt_out(session, home.person, world.now(), durably=world.line.durably)


def test_a_home_that_says_stop_before_the_time_of_a_call_is_not_rung(call_world):
    call = call_world.asks(due_at=call_world.now() + timedelta(hours=3))
    refuses_by_stop(call_world)
    call_world.later += timedelta(hours=3, seconds=1)
    calls.start_due(call_world.line.engine, call_world.now(), call_world.line.durably)
    call_world.calling.place(call.id)
    assert call_world.caller.placed == []
    assert call_world.texts() == ["home_refused"]


def test_a_home_that_says_stop_while_the_person_is_rung_is_not_rung(call_world):
    call = up_to(call_world, "answered")
    refuses_by_stop(call_world)
    heard = call_world.posts(f"/connect?call={call}", Digits="1")
    assert "<Dial" not in heard
    assert "I am sending you a text" in heard
    assert call_world.texts() == ["home_refused"]


def test_nobody_learns_from_a_call_that_a_number_ever_texted_the_line(call_world):
    refuses_by_stop(call_world)
    assert problem(call_world) == "home_number_refused"


@pytest.mark.parametrize("step", ["answered", "dialing"])
def test_stop_in_the_middle_of_a_call_joins_nobody_says_no_name_and_hangs_up(call_world, step):
    call = up_to(call_world, step)
    with call_world.talking() as (session, conversation):
        consent.opt_out(session, conversation.person, call_world.now(), durably=call_world.line.durably)
    screen = call_world.posts(f"/screen?call={call}")
    assert "Danny" not in screen
    assert "not on the line any more" in screen
    assert "<Hangup" in call_world.posts(f"/accept?call={call}&lang=en", Digits="1")
    assert call_world.calling.settle() == 1
    assert call_world.caller.hung_up == [call_world.caller_sid()]
    call_world.posts(f"/status?call={call}", CallStatus="completed")
    call_world.later += timedelta(minutes=1)
    assert call_world.calling.settle() == 0
    assert call_world.texts() == []


def test_a_call_taken_back_that_the_provider_would_not_end_is_ended_later(call_world):
    up_to(call_world, "ringing")
    with call_world.talking() as (session, conversation):
        calls.take_back(session, conversation, call_world.now())
    call_world.caller.away = True
    call_world.calling.settle()
    assert call_world.caller.hung_up == []
    call_world.caller.away = False
    call_world.later += timedelta(minutes=1)
    call_world.calling.settle()
    assert call_world.caller.hung_up == [call_world.caller_sid()]


def test_a_refusal_by_key_holds_also_when_the_call_is_over_by_then(call_world):
    call = up_to(call_world, "dialing")
    with call_world.talking() as (session, conversation):
        calls.take_back(session, conversation, call_world.now())
    call_world.posts(f"/accept?call={call}&lang=en", Digits="9")
    assert problem(call_world) == "home_refused"


def test_the_time_left_of_the_day_limits_a_call_and_then_there_is_none(call_world):
    call_world.limits(minutes=10)
    call = up_to(call_world, "dialing")
    assert 'timeLimit="600"' in call_world.posts(f"/connect?call={call}", Digits="1")
    call_world.posts(f"/accept?call={call}&lang=en", Digits="1")
    call_world.posts(f"/done?call={call}", DialCallStatus="completed", DialCallDuration="500")
    call_world.posts(f"/status?call={call}", CallStatus="completed", CallDuration="570")
    assert problem(call_world) == "call_limit_minutes"
    call_world.later += timedelta(hours=25)
    assert problem(call_world) is None


def test_calls_of_one_person_and_rings_of_one_number_are_counted_by_the_day(call_world):
    call_world.limits(calls=3, to_number=2)
    for _ in range(2):
        call = up_to(call_world, "dialing")
        call_world.posts(f"/done?call={call}", DialCallStatus="no-answer")
    assert problem(call_world) == "call_limit_number"
    assert problem(call_world, OTHER) is None
    call = up_to(call_world, "dialing", number=OTHER)
    call_world.posts(f"/done?call={call}", DialCallStatus="no-answer")
    assert problem(call_world, OTHER) == "call_limit_calls"


def test_the_line_itself_and_the_persons_own_number_are_nobodys_home(call_world):
    assert problem(call_world, "+12065550100") == "home_number_ours"
    assert problem(call_world, PERSON) == "home_number_own"


def test_homes_number_lies_nowhere_in_the_clear(call_world):
    up_to(call_world, "dialing")
    with reading(call_world.line.engine) as session:
        row = session.connection().exec_driver_sql("SELECT home_number, name, home_index FROM call").one()
    assert HOME.encode() not in bytes(row[0])
    assert b"Danny" not in bytes(row[1])
    assert HOME[2:] not in row[2]


def test_a_call_nobody_knows_is_nobodys(call_world):
    for path in (
        "?call=x",
        "/connect?call=x",
        "/screen?call=x",
        "/accept?call=x",
        "/done?call=x",
        "/machine?call=x",
    ):
        with pytest.raises(AssertionError, match="404"):
            call_world.posts(path)
    note(call_world.line.engine, "x", call_world.now(), call_world.line.durably, leg_status="completed")
    with writing(call_world.line.engine) as session:
        assert session.scalars(select(func.count(Call.id))).one() == 0


def problem(world, number=HOME):
    with world.talking() as (session, conversation):
        limits = world.line.call_limits
        return calls.problem(session, conversation, number, "+12065550100", limits, world.now())
