"""A call and a text home while the dialogue model is away: a question at a time, and a yes to each."""

import pytest
from sqlalchemy import func, select

from bot.db import reading
from bot.models import Call, HomeMessage, Message, MessageState
from tests.integration.call_world import HOME, PERSON
from tests.integration.test_home_messages import rung


@pytest.fixture
def said(heard):
    """What the person is told, with nobody to understand them but plain words."""
    heard.dialogue.away = True
    heard("hi", PERSON)

    def say(body):
        return heard(body, PERSON)

    say.dialogue = heard.dialogue
    return say


@pytest.mark.parametrize(
    ("asks", "number", "words", "yes"),
    [
        ("MESSAGE", "206 555 0177", "i am ok mom", "yes"),
        ("text my mom", "call her at two 0 six 555 0177", "1", "yes please"),
        ("mensaje", "2065550177", "estoy bien", "si"),
    ],
)
def test_a_text_home_is_asked_for_said_back_and_sent_on_a_yes(call_world, said, asks, number, words, yes):
    assert said(asks) == ["plain_text_number"]
    assert said(number) == ["plain_text_words"]
    assert said(words) == ["plain_text_confirm"]
    assert call_world.texts(HOME) == []
    assert said(yes) == ["message_sent"]
    assert call_world.texts(HOME) == ["home_text"]
    shown = call_world.bodies()[-2]
    assert call_world.bodies(HOME)[0] in shown


def test_after_a_call_the_number_and_the_name_are_known(call_world, said):
    rung(call_world)
    assert said("MESSAGE") == ["plain_text_words"]
    said("i am ok mom")
    said("yes")
    assert "Danny asked me to tell you: i am ok mom" in call_world.bodies(HOME)[0]


def test_a_call_home_is_said_back_and_placed_on_a_yes(call_world, said):
    assert said("call my mom") == ["plain_call_number"]
    assert said("2065550177") == ["plain_call_confirm"]
    assert "Someone who knows you would like to talk with you." in call_world.bodies()[-1]
    assert said("yes") == ["calling"]
    assert call_world.call().home_number == HOME


def test_again_calls_the_last_number_in_the_name_given_then(call_world, said):
    rung(call_world)
    assert said("AGAIN") == ["plain_call_confirm"]
    assert said("yes") == ["calling"]
    assert call_world.call().name == "Danny"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("988", ["home_number_help", "plain_text_number"]),
        ("911", ["are_you_safe"]),
        ("555-0177", ["home_number_area", "plain_text_number"]),
        ("206 555 0142", ["home_number_own"]),
        ("no", ["message_none"]),
    ],
)
def test_a_number_that_will_not_do_is_said_why(said, number, told):
    said("MESSAGE")
    assert said(number) == told


def test_words_that_are_not_passed_on_are_said_why(call_world, said):
    said("text my mom 2065550177")
    assert said("i will kill you") != ["plain_text_confirm"]
    assert call_world.texts(HOME) == []


@pytest.mark.parametrize("instead", ["no", "nah", "food", "maybe later"])
def test_nothing_but_a_yes_sends(call_world, said, instead):
    said("text my mom 2065550177")
    said("i am ok")
    said(instead)
    said("yes")
    assert call_world.texts(HOME) == []


def test_despair_is_no_word_for_home(call_world, said):
    said("text my mom 2065550177")
    assert said("i cant do this anymore") == ["are_you_safe"]
    assert call_world.texts(HOME) == []


def test_food_is_still_food_in_between(said):
    said("MESSAGE")
    assert said("im hungry") == ["ask_place_food"]


def test_a_dialogue_that_is_back_in_between_is_not_told_and_sends_nothing_again(call_world, said):
    said("text my mom 2065550177")
    said.dialogue.away = False
    assert said("i am ok") == ["plain_text_confirm"]
    assert said("yes") == ["message_sent"]
    assert said.dialogue.asked == []
    with reading(call_world.line.engine) as session:
        waits = select(func.count(Message.id)).where(Message.state == MessageState.MENU)
        # Only the "hi" before is told to the dialogue later.
        assert session.scalars(waits).one() == 1
        assert session.scalars(select(func.count(HomeMessage.id))).one() == 1
        assert session.scalars(select(Call)).all() == []
