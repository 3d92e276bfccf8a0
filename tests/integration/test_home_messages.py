"""A text to home: sent once in approved words, answers passed on, refusals for ever, home told nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import calls, consent, forgetting, home_messages
from bot.db import reading, writing
from bot.intake import InboundText, receive
from bot.models import ErasureBy, HomeMessage, Incident, Message, Person
from bot.people import conversation_with
from tests.integration.call_world import HOME, OTHER, PERSON

WORDS = "I am ok mom."


def send(world, number=HOME, words=WORDS, person=PERSON, message_id=None, name="Danny"):
    with writing(world.line.engine) as session:
        return home_messages.send(
            session,
            conversation_with(session, person, world.now()),
            number,
            words,
            "yes",
            message_id,
            world.now(),
            world.line.durably,
            world.line.call_limits,
            name=name,
        )


def test_home_gets_the_approved_words_and_how_to_answer_and_refuse(call_world):
    assert send(call_world) == "message_sent"
    text = call_world.bodies(HOME)[0]
    for words in ("automated", "Danny", WORDS, "Reply here", "Reply STOP"):
        assert words in text
    assert "2065550142" not in text
    assert call_world.texts(HOME) == ["home_text"]


def test_the_same_yes_sends_once(call_world):
    with writing(call_world.line.engine) as session:
        yes = InboundText("SM" + "9" * 32, PERSON, "yes")
        message_id = receive(session, yes, call_world.now(), call_world.line.durably).message_id
    assert send(call_world, message_id=message_id) == "message_sent"
    assert send(call_world, message_id=message_id) == "message_sent"
    assert call_world.texts(HOME) == ["home_text"]


def test_the_answer_is_passed_on_and_never_heard_as_the_lines_own_dialogue(call_world, heard):
    send(call_world)
    assert heard("thank god. we love you, come home") == ["home_passed_on"]
    assert heard("your sister misses you too") == []
    assert call_world.texts() == ["home_answered", "home_answered"]
    assert "thank god. we love you, come home" in call_world.bodies()[0]
    assert heard.dialogue.asked == []


def test_worrying_words_of_home_are_passed_on_and_ask_home_nothing(call_world, heard):
    send(call_world)
    assert heard("i cant do this anymore, i give up on you") == ["home_passed_on"]
    assert call_world.texts() == ["home_answered"]


def test_an_emergency_at_home_gets_the_emergencys_words_and_is_not_passed_on(call_world, heard):
    send(call_world)
    heard("i took all my pills i want to die")
    assert call_world.texts() == []
    assert [key for key in call_world.texts(HOME) if key.startswith("emergency_")]
    with reading(call_world.line.engine) as session:
        incident = session.scalars(select(Incident)).one()
        assert incident.conversation.person.number == HOME


@pytest.mark.parametrize("asks", ["FOOD", "i need help too", "necesito ayuda tambien"])
def test_home_that_asks_for_itself_is_answered_as_anybody_is(call_world, heard, asks):
    send(call_world)
    heard(asks)
    assert heard.dialogue.asked == [asks]
    assert call_world.texts() == []


def test_what_home_says_after_asking_for_itself_is_passed_on_to_nobody(call_world, heard):
    send(call_world)
    heard("i need help too")
    call_world.told(HOME, "ask_place_other")
    heard("98104, i dont want him to know")
    assert heard.dialogue.asked == ["i need help too", "98104, i dont want him to know"]
    assert call_world.texts() == []


def test_a_person_on_the_line_cannot_be_made_somebodys_home_and_overheard(call_world, heard):
    """Whoever texts a number "hi" through the line must not be told what it asks a crisis line for."""
    heard("im hungry")
    call_world.told(HOME, "menu")
    assert send(call_world) == "home_text_not_possible"
    rung(call_world)
    heard("i want to get away from him")
    assert call_world.texts() == ["call_no_answer"]
    assert heard.dialogue.asked == ["im hungry", "i want to get away from him"]


def rung(world, person=PERSON, name="Danny"):
    """Home has been called for somebody, and did not take it."""
    with writing(world.line.engine) as session:
        conversation = conversation_with(session, person, world.now())
        asked = calls.request(session, conversation, HOME, None, world.now(), world.line.durably, name=name)
        public_id = asked.call.public_id
    world.calling.place(asked.call.id)
    world.posts(f"?call={public_id}")
    world.posts(f"/connect?call={public_id}", Digits="1")
    world.posts(f"/done?call={public_id}", DialCallStatus="no-answer")


def test_home_that_texts_back_after_a_call_is_passed_on_and_hears_of_no_treatment(call_world, heard):
    rung(call_world)
    assert heard("danny is that you? call me after 6") == ["home_passed_on"]
    assert call_world.texts() == ["call_no_answer", "home_answered"]
    assert heard.dialogue.asked == []
    for body in call_world.bodies(HOME):
        for secret in ("FOOD", "TREATMENT", "Danny", "police"):
            assert secret not in body
    # A call is no text: it takes nothing of the day's texts.
    assert [send(call_world), send(call_world)] == ["message_sent"] * 2


@pytest.mark.parametrize("says", ["im hungry", "is there a shelter for women", "i cant do this anymore"])
def test_home_that_was_only_rung_and_asks_for_help_is_heard_by_the_line_alone(call_world, heard, says):
    rung(call_world)
    heard(says)
    call_world.told(HOME, "ask_place_food")
    heard("98104")
    assert call_world.texts() == ["call_no_answer"]


def test_home_that_refuses_after_a_call_is_never_reached_again(call_world, heard):
    rung(call_world)
    assert heard("wrong number") == ["home_no_more"]
    assert send(call_world) == "home_refused"


def test_home_that_two_have_called_is_passed_on_to_neither(call_world, heard):
    send(call_world)
    rung(call_world, person="+12065550143", name="Ana")
    assert heard("come home") == ["home_only_passes"]
    assert call_world.texts() == []
    assert "home_answered" not in call_world.texts("+12065550143")


def test_home_that_looks_for_somebody_long_after_a_call_is_told_nothing(call_world, heard):
    rung(call_world)
    call_world.later += timedelta(days=30)
    assert heard("who is this") == ["home_cant_say"]
    assert call_world.texts() == ["call_no_answer"]


def test_home_that_says_long_after_a_call_that_it_was_the_wrong_number_is_left_alone(call_world, heard):
    rung(call_world)
    call_world.later += timedelta(days=30)
    assert heard("wrong number") == ["home_no_more"]
    assert send(call_world) == "home_refused"


@pytest.mark.parametrize(
    ("says", "home_hears", "person_hears"),
    [
        ("STOP", [], "home_refused"),
        ("please dont text me again", ["stopped"], "home_refused"),
        ("i dont want to talk to him", ["home_no_more"], "home_refused"),
        ("wrong number", ["home_no_more"], "message_wrong_number"),
        ("my son died last year", ["home_loss"], "message_wrong_number"),
        ("danny passed away in 2019", ["home_loss"], "message_wrong_number"),
        ("he is dangerous, he beat me", ["emergency_violence"], "home_refused"),
        ("i have a restraining order against him", ["home_danger"], "home_refused"),
        ("no me escriban mas", ["stopped"], "home_refused"),
        ("numero equivocado", ["home_no_more"], "message_wrong_number"),
        ("mi hijo murio", ["home_loss"], "message_wrong_number"),
        ("es muy peligroso, me pega", ["emergency_violence"], "home_refused"),
    ],
)
def test_a_refusal_is_for_ever_for_that_pair_and_told_gently_without_homes_words(
    call_world, heard, says, home_hears, person_hears
):
    send(call_world)
    told = heard(says)
    assert told == home_hears
    assert call_world.texts() == [person_hears]
    assert says not in call_world.bodies()[0]
    call_world.later += timedelta(days=1000)
    assert send(call_world) == "home_refused"
    if told == ["emergency_violence"]:
        # The line is theirs since then, and what they text it is nobody else's.
        assert send(call_world, person="+12065550143") == "home_text_not_possible"
    elif told != ["stopped"] and says != "STOP":
        assert send(call_world, person="+12065550143") == "message_sent"


def test_start_after_stop_does_not_open_the_pair_again(call_world, heard):
    send(call_world)
    heard("STOP")
    heard("START")
    assert send(call_world) == "home_refused"


@pytest.mark.parametrize(
    "says",
    [
        "she is 15 and missing, im her mother, where is she",
        "is my daughter with you? she is only 16",
        "mi hija de 15 esta desaparecida, soy su mama",
        "es menor de edad",
        "he has been missing since monday",
        "where is he",
        "is she ok? what shelter",
        "this is detective lee, what is his location",
        "who is this",
        "esta desaparecida desde el lunes",
        "donde esta mi hijo",
        "quien es",
    ],
)
def test_whoever_looks_for_the_person_is_told_nothing_of_them(call_world, heard, says):
    with call_world.talking() as (_, conversation):
        conversation.person.timezone = "America/Los_Angeles"
    send(call_world)
    said = len(call_world.bodies(HOME))
    heard(says)
    for body in call_world.bodies(HOME)[said:]:
        for secret in ("555-0142", "0142", "Danny", "Seattle", "treatment", "food", WORDS, "alive", "OK"):
            assert secret not in body
        assert "911" in body or "988" in body
    assert len(call_world.bodies(HOME)) > said


def test_a_child_that_is_missing_is_a_matter_for_911_and_the_line_for_missing_children(call_world, heard):
    send(call_world)
    assert heard("my daughter is 15, shes a runaway, where is she") == ["home_cant_say_child"]
    assert "1-800-843-5678" in call_world.bodies(HOME)[-1]


def test_texts_of_one_person_and_to_one_number_are_limited_by_the_day(call_world):
    assert send(call_world) == "message_sent"
    assert send(call_world) == "message_sent"
    assert send(call_world) == "message_limit_number"
    assert send(call_world, OTHER) == "message_sent"
    assert send(call_world, "+12065550179") == "message_limit_person"
    call_world.later += timedelta(hours=25)
    assert send(call_world) == "message_sent"


def test_two_people_never_share_one_homes_answers(call_world, heard):
    send(call_world)
    assert send(call_world, person="+12065550143") == "message_limit_number"
    call_world.later += timedelta(days=4)
    # What home writes now is no answer any more; nor is it told what the line is to those who text it.
    assert heard("hello?") == ["home_only_passes"]
    assert heard("hello??") == []
    assert heard.dialogue.asked == []
    assert send(call_world, person="+12065550143") == "message_sent"
    heard("we miss you")
    assert call_world.texts() == []
    assert call_world.texts("+12065550143") == ["home_answered"]


def test_a_flood_of_home_reaches_the_person_ten_times_a_day(call_world, heard):
    send(call_world)
    for at in range(12):
        heard(f"line {at}")
    assert call_world.texts().count("home_answered") == 10
    # Once: an answering machine of texts would go on for ever.
    assert call_world.texts(HOME).count("home_limit") == 1


def test_a_text_that_did_not_arrive_is_told_once(call_world):
    send(call_world)
    engine, durably = call_world.line.engine, call_world.line.durably
    assert home_messages.note_lost(engine, call_world.now(), durably) == 0
    with writing(engine) as session:
        session.get_one(Message, call_world.home_message().message_id).twilio_status = "undelivered"
    assert home_messages.note_lost(engine, call_world.now(), durably) == 1
    assert home_messages.note_lost(engine, call_world.now(), durably) == 0
    assert call_world.texts() == ["message_lost"]


def test_a_person_who_said_stop_gets_no_more_of_home_and_home_is_told_nothing(call_world, heard):
    send(call_world)
    with call_world.talking() as (session, conversation):
        consent.opt_out(session, conversation.person, call_world.now(), durably=call_world.line.durably)
    assert heard("are you there") != ["home_passed_on"]
    assert call_world.texts() == []


def test_a_spanish_speakers_home_is_texted_in_spanish(call_world):
    with call_world.talking() as (_, conversation):
        conversation.person.language = "es"
    send(call_world, words="Estoy bien.")
    assert "linea automatica" in call_world.bodies(HOME)[0]


def test_home_goes_with_the_person_unless_it_is_somebody_on_the_line_itself(call_world, heard):
    send(call_world)
    heard("we love you")
    erase(call_world)
    with reading(call_world.line.engine) as session:
        assert session.scalars(select(HomeMessage)).all() == []
        assert session.scalars(select(Person)).all() == []


def test_home_that_others_reach_too_stays_for_them_without_the_words(call_world, heard):
    send(call_world)
    call_world.later += timedelta(days=30)
    send(call_world, person=OTHER, words="Hi.")
    erase(call_world)
    with reading(call_world.line.engine) as session:
        assert sorted(person.number for person in session.scalars(select(Person))) == [HOME, OTHER]
        assert not any(WORDS in message.body for message in session.scalars(select(Message)))


def test_home_that_is_silent_stays_silent_whoever_is_forgotten(call_world, heard):
    send(call_world)
    heard("STOP")
    erase(call_world)
    assert send(call_world, person="+12065550143") == "home_number_refused"


def erase(world):
    with world.talking() as (session, conversation):
        forgetting.erase(session, conversation, ErasureBy.OPERATOR, world.now(), world.line.durably)
