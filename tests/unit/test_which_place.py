"""Which of several places of one name: what a text fills, with a real tracker as Rasa sends it."""

import pytest
from rasa_sdk import Tracker

from bot.actions.action import place_slot
from bot.actions.which_place import AGAIN, ANSWERED, ASK, read_place
from bot.replies import render
from services_directory import places

SPRINGFIELD = places.look_up("im in springfield")
CHOICES = {
    "name": SPRINGFIELD.name,
    "choices": [place_slot(choice) for choice in SPRINGFIELD.choices],
}


def slots_of(text, intent="give_location", choices=None, asked=None):
    slots = {"place_choices": choices, "requested_slot": asked}
    loop = {"name": "place_form"} if asked else {}
    message = {"text": text, "intent": {"name": intent}}
    tracker = Tracker("someone", slots, message, [], False, None, loop, "action_listen")
    events = read_place(tracker, None, expected=asked == "place" or intent == "give_location")
    return {event["name"]: event["value"] for event in events}


def test_a_place_that_is_clear_is_taken_and_nothing_asked():
    filled = slots_of("98104")
    assert filled["place"]["label"] == "98104"
    assert filled["which_place"] is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [("kennewick", "nlu_fallback"), ("no, im in fremont", "deny"), ("3rd and pike", "choose_number")],
)
def test_a_place_is_heard_whatever_the_intent_seems_to_be(text, intent):
    filled = slots_of(text, intent)
    assert filled["place"]
    assert filled["which_place"] == ANSWERED


def test_a_service_told_by_its_part_of_town_is_a_choice():
    assert slots_of("the one in ballard", "choose_number")["which_place"] is None


def test_a_place_that_is_not_clear_is_asked_about_and_not_taken():
    filled = slots_of("im in springfield")
    assert "place" not in filled
    assert filled["which_place"] == ASK
    assert filled["place_choices"] == CHOICES


@pytest.mark.parametrize("asked", [None, "place"])
@pytest.mark.parametrize(
    ("text", "position"), [("2", 1), ("the second", 1), ("3)", 2), ("la primera", 0), ("number one", 0)]
)
def test_a_number_answers(text, position, asked):
    filled = slots_of(text, "choose_number", CHOICES, asked)
    assert filled["place"]["label"] == SPRINGFIELD.choices[position].label
    assert (filled["which_place"], filled["place_choices"]) == (ANSWERED, None)


@pytest.mark.parametrize(
    ("text", "label"), [("missouri", "Springfield, MO"), ("ohio", "Springfield, OH"), ("98104", "98104")]
)
def test_a_state_or_a_zip_answers(text, label):
    assert slots_of(text, "give_location", CHOICES)["place"]["label"] == label


def test_a_number_out_of_range_is_asked_again():
    filled = slots_of("7", "choose_number", CHOICES)
    assert (filled["which_place"], filled["place_choices"]) == (ASK, CHOICES)


def test_none_of_them_is_asked_for_a_zip():
    filled = slots_of("none of those", "deny", CHOICES)
    assert (filled["which_place"], filled["place_choices"]) == (AGAIN, None)


def test_another_wish_drops_the_question():
    filled = slots_of("can i talk to a person", "talk_to_person", CHOICES)
    assert (filled["which_place"], filled["place_choices"]) == (None, None)


def test_an_unclear_place_in_a_thank_you_is_let_be():
    assert slots_of("thanks from springfield", "thanks")["which_place"] is None


@pytest.mark.parametrize(("language", "first"), [("en", "Which Springfield?"), ("es", "¿Cual Springfield?")])
def test_the_question_lists_the_places_by_number(language, first):
    labels = [choice.label for choice in SPRINGFIELD.choices]
    words = render("which_place", {"name": "Springfield", "choices": labels}, language, None).split("\n")
    assert words[0] == first
    assert words[1:4] == [f"{number}) {label}" for number, label in enumerate(labels, 1)]
