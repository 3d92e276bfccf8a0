"""A message on home's voicemail: asked for, said back whole, agreed to; nothing private in it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot import calls, consent, forgetting
from bot.db import reading, writing
from bot.intake import InboundText, receive
from bot.models import Call, CallPurpose, Consent, ErasureBy, HomeMessage, HomeRefusal, Outcome, Purpose
from bot.people import conversation_with
from bot.ports import SeenCall
from bot.replies import voicemail_says
from bot.turn import Turn
from tests.integration.call_world import HOME, PERSON

OTHER_PERSON = "+12065550143"


@pytest.fixture
def at_noon(call_world):
    """Noon at home, so that nobody is woken."""
    now = call_world.line.clock()
    noon = datetime.combine(now.date(), time(20), UTC)
    call_world.later = noon - now + timedelta(days=noon < now)
    return call_world


def went_to(world, end="voicemail", person=PERSON):
    """The person's call home ended with nobody."""
    with writing(world.line.engine) as session:
        conversation = conversation_with(session, person, world.now())
        call = calls.request(
            session, conversation, HOME, None, world.now(), world.line.durably, name="Danny"
        ).call
    world.calling.place(call.id)
    public = call.public_id
    world.posts(f"?call={public}")
    world.posts(f"/connect?call={public}", Digits="1")
    if end == "voicemail":
        world.posts(f"/machine?call={public}", AnsweredBy="machine_start")
    world.posts(f"/done?call={public}", DialCallStatus="completed" if end == "voicemail" else end)


def leaves(world, heard):
    """The person has asked and said yes; home's phone rings. Returns the call's public id."""
    heard("VOICEMAIL", PERSON)
    heard("yes", PERSON)
    call = world.call(CallPurpose.VOICEMAIL)
    world.calling.place(call.id)
    return call.public_id


def test_it_is_said_back_whole_and_left_after_the_beep_and_told(at_noon, heard):
    went_to(at_noon)
    assert "VOICEMAIL to leave a short message" in at_noon.bodies()[-1]
    assert heard("VOICEMAIL", PERSON) == ["ask_voicemail_confirmed"]
    assert voicemail_says("Danny", "en") in at_noon.bodies()[-1]
    assert heard("yes", PERSON) == ["voicemail_leaving"]
    at_noon.calling.place(at_noon.call(CallPurpose.VOICEMAIL).id)
    assert at_noon.caller.for_machines == [HOME]
    call = at_noon.call(CallPurpose.VOICEMAIL).public_id
    said = at_noon.posts(f"?call={call}", AnsweredBy="machine_end_beep")
    assert voicemail_says("Danny", "en") in said
    assert "press" not in said
    at_noon.posts(f"/voicemail-said?call={call}")
    for _ in range(2):
        at_noon.posts(f"/status?call={call}", CallStatus="completed", CallDuration="21")
    assert at_noon.texts()[-1] == "voicemail_left"
    assert at_noon.texts().count("voicemail_left") == 1
    assert heard.dialogue.asked == []


def test_a_message_whose_end_was_never_told_is_asked_about(at_noon, heard):
    went_to(at_noon)
    call = leaves(at_noon, heard)
    at_noon.posts(f"?call={call}", AnsweredBy="machine_end_beep")
    at_noon.posts(f"/voicemail-said?call={call}")
    at_noon.later += timedelta(minutes=2)
    at_noon.caller.seen[at_noon.caller_sid()] = SeenCall("completed", 20)
    at_noon.calling.settle()
    assert at_noon.texts()[-1] == "voicemail_left"


def test_the_yes_is_in_the_ledger_in_the_persons_words(at_noon, heard):
    went_to(at_noon)
    heard("deja un mensaje de voz", PERSON)
    heard("yes please", PERSON)
    with reading(at_noon.line.engine) as session:
        agreed = session.scalars(select(Consent).where(Consent.purpose == Purpose.VOICEMAIL)).one()
        assert (agreed.words, agreed.asked) == ("yes please", "ask_voicemail_confirmed")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_message_says_nothing_private(language):
    said = voicemail_says("Danny", language).casefold()
    for secret in (
        *(
            "warmline",
            "crisis",
            "drug",
            "droga",
            "treatment",
            "tratamiento",
            "food",
            "comida",
            "help",
            "ayuda",
        ),
        *("shelter", "refugio", "police", "jail", "seattle", "988", "911", "emergency"),
    ):
        assert secret not in said


def test_home_that_answers_it_by_text_or_call_reaches_the_person(at_noon, heard):
    went_to(at_noon)
    call = leaves(at_noon, heard)
    at_noon.posts(f"?call={call}", AnsweredBy="machine_end_beep")
    at_noon.posts(f"/voicemail-said?call={call}")
    at_noon.posts(f"/status?call={call}", CallStatus="completed")
    # Told how to answer: also a need in it is for the person.
    assert heard("are you hungry? come home, theres food") == ["home_passed_on"]
    assert at_noon.texts()[-1] == "home_answered"
    heard("STOP")
    assert at_noon.texts()[-1] == "home_refused"
    assert heard("VOICEMAIL", PERSON) == ["home_refused"]


def test_a_person_who_picks_up_hears_it_and_may_refuse(at_noon, heard):
    went_to(at_noon)
    call = leaves(at_noon, heard)
    said = at_noon.posts(f"?call={call}", AnsweredBy="human")
    assert "press 9" in said
    assert "not on the line now" in said
    at_noon.posts(f"/voicemail-said?call={call}")
    at_noon.posts(f"/status?call={call}", CallStatus="completed")
    assert at_noon.texts()[-1] == "voicemail_heard"


@pytest.mark.parametrize(("key", "told"), [("3", "call_wrong_person"), ("9", "home_refused")])
def test_a_refusal_by_key_is_for_ever(at_noon, heard, key, told):
    went_to(at_noon)
    call = leaves(at_noon, heard)
    at_noon.posts(f"?call={call}", AnsweredBy="human")
    at_noon.posts(f"/voicemail-key?call={call}", Digits=key)
    at_noon.posts(f"/status?call={call}", CallStatus="completed")
    assert at_noon.texts()[-1] == told
    with reading(at_noon.line.engine) as session:
        assert session.scalars(select(HomeRefusal)).one().number_index
        assert session.scalars(select(HomeMessage)).one().closed_by == "refused"


@pytest.mark.parametrize(
    ("found", "leg", "told"),
    [
        ("fax", "completed", "voicemail_not_left"),
        # The box cuts off before the end.
        ("machine_end_beep", "completed", "voicemail_not_left"),
        (None, "no-answer", "voicemail_not_left"),
        (None, "busy", "voicemail_not_left"),
        (None, "failed", "call_unreachable"),
    ],
)
def test_what_was_not_said_to_the_end_is_told_as_not_left(at_noon, heard, found, leg, told):
    went_to(at_noon)
    call = leaves(at_noon, heard)
    if found:
        at_noon.posts(f"?call={call}", AnsweredBy=found)
    at_noon.posts(f"/status?call={call}", CallStatus=leg)
    assert at_noon.texts()[-1] == told
    with reading(at_noon.line.engine) as session:
        assert session.scalars(select(HomeMessage)).one().closed_by == "lost"


@pytest.mark.parametrize("says", ["no", "no thanks", "nah"])
def test_a_no_leaves_nothing(at_noon, heard, says):
    went_to(at_noon)
    heard("VOICEMAIL", PERSON)
    assert heard(says, PERSON) == ["voicemail_none"]
    with reading(at_noon.line.engine) as session:
        assert session.scalars(select(Call).where(Call.purpose == CallPurpose.VOICEMAIL)).all() == []


def test_a_yes_to_anything_else_leaves_nothing(at_noon, heard):
    went_to(at_noon)
    heard("yes", PERSON)
    heard("VOICEMAIL", PERSON)
    at_noon.told(PERSON, "menu")
    heard("yes", PERSON)
    heard("VOICEMAIL", PERSON)
    at_noon.later += timedelta(hours=2)
    heard("yes", PERSON)
    assert heard.dialogue.asked == ["yes"] * 3
    with reading(at_noon.line.engine) as session:
        assert session.scalars(select(Call).where(Call.purpose == CallPurpose.VOICEMAIL)).all() == []


def test_a_yes_written_before_the_question_leaves_nothing(at_noon, heard):
    went_to(at_noon)
    engine, durably = at_noon.line.engine, at_noon.line.durably
    taken = []
    for number, body in enumerate(("VOICEMAIL", "yes")):
        with writing(engine) as session:
            text = InboundText(f"SM{number:032d}", PERSON, body)
            taken.append(receive(session, text, at_noon.now(), durably).message_id)
    for message_id in taken:
        Turn(engine, heard.dialogue, durably, at_noon.now).answer(message_id)
    assert heard.dialogue.asked == ["yes"]
    assert at_noon.texts()[-1] == "ask_voicemail_confirmed"


def test_without_a_call_that_found_nobody_there_is_no_voicemail_to_leave_it_on(at_noon, heard):
    assert heard("leave a voicemail", PERSON) == ["voicemail_call_first"]


def test_one_a_day_of_a_number_and_none_where_two_wait_for_its_answers(at_noon, heard):
    went_to(at_noon)
    leaves(at_noon, heard)
    assert heard("VOICEMAIL", PERSON) == ["voicemail_not_now"]
    went_to(at_noon, person=OTHER_PERSON)
    at_noon.later += timedelta(hours=25)
    went_to(at_noon, person=OTHER_PERSON)
    assert heard("VOICEMAIL", OTHER_PERSON) == ["voicemail_not_now"]


def test_none_for_a_number_that_uses_the_line_itself(at_noon, heard):
    at_noon.told(HOME, "menu")
    went_to(at_noon)
    assert heard("VOICEMAIL", PERSON) == ["voicemail_not_now"]


def test_late_at_home_it_is_left_in_the_morning_and_can_be_taken_back(at_noon, heard):
    at_noon.later += timedelta(hours=11)
    went_to(at_noon)
    heard("VOICEMAIL", PERSON)
    assert heard("yes", PERSON) == ["voicemail_later"]
    engine, durably = at_noon.line.engine, at_noon.line.durably
    assert calls.start_due(engine, at_noon.now(), durably) == 0
    at_noon.later += timedelta(hours=10)
    assert calls.start_due(engine, at_noon.now(), durably) == 1
    with at_noon.talking() as (session, conversation):
        calls.take_back(session, conversation, at_noon.now())
    assert at_noon.call(CallPurpose.VOICEMAIL).outcome == Outcome.CANCELED
    with reading(at_noon.line.engine) as session:
        assert session.scalars(select(HomeMessage)).one().closed_at is not None


def test_stop_before_the_morning_leaves_nothing(at_noon, heard):
    at_noon.later += timedelta(hours=11)
    went_to(at_noon)
    heard("VOICEMAIL", PERSON)
    heard("yes", PERSON)
    with at_noon.talking() as (session, conversation):
        consent.opt_out(session, conversation.person, at_noon.now(), durably=at_noon.line.durably)
    assert at_noon.call(CallPurpose.VOICEMAIL).outcome == Outcome.CANCELED


def test_home_that_refuses_before_it_rings_is_not_rung(at_noon, heard):
    went_to(at_noon)
    heard("VOICEMAIL", PERSON)
    heard("yes", PERSON)
    heard("wrong number")
    at_noon.calling.place(at_noon.call(CallPurpose.VOICEMAIL).id)
    assert at_noon.caller.for_machines == []


def test_it_is_forgotten_with_the_person(at_noon, heard):
    went_to(at_noon)
    leaves(at_noon, heard)
    with at_noon.talking() as (session, conversation):
        forgetting.erase(session, conversation, ErasureBy.OPERATOR, at_noon.now(), at_noon.line.durably)
    with reading(at_noon.line.engine) as session:
        assert session.scalars(select(Call)).all() == []
        assert session.scalars(select(HomeMessage)).all() == []
