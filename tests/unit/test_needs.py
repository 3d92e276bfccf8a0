"""Needs, details and languages read from plain words, as people text them."""

import pytest

from bot.details import is_minor, read_details, who
from bot.language import detect, wished
from bot.needs import every_need, family, read_needs
from services_directory.taxonomy import categories_for


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("hungry and need a place 2 sleep 98104", ("food", "shelter")),
        ("tengo hambre y necesito bañarme", ("food", "hygiene")),
        ("not hungry just need a bed", ("shelter",)),
        ("No, I said treatment", ("treatment",)),
        ("no food, shelter", ("shelter",)),
        ("i have no food", ("food",)),
        ("no tengo comida", ("food",)),
        ("i need a ride to detox", ("transport",)),
        ("detox or methadone", ("treatment",)),
        ("i dont need food i need a shower", ("hygiene",)),
        ("no quiero comida quiero dormir", ("shelter",)),
        ("need clean clothes and a shower", ("clothing", "hygiene")),
        ("food shower and call my mom", ("food", "hygiene", "call_home")),
        ("i cant sleep im so dopesick", ("treatment",)),
        ("do they take kids", ()),
        ("do i need id", ()),
        ("lost my id", ("id_documents",)),
        ("food bed shower and a lawyer", ("food", "shelter", "hygiene")),
    ],
)
def test_every_need_is_noticed_in_its_order_and_none_that_is_denied(text, needs):
    assert read_needs(text).wanted == needs


def test_the_directory_knows_every_need():
    for need in every_need():
        assert need == "call_home" or categories_for(need), need
        assert family(need) in every_need()


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("im 17", {"age": 17}),
        ("tengo 16 años", {"age": 16}),
        ("me and my 2 kids", {"with_children": True, "party": 3}),
        ("con mis 3 hijos", {"with_children": True, "party": 4}),
        ("soy mujer", {"gender": "women"}),
        ("women only", {"gender": "women"}),
        ("34f need shelter", {"gender": "women", "age": 34}),
        ("i have a dog", {"with_pet": True}),
        ("im a vet w my dog", {"veteran": True, "with_pet": True}),
        ("spanish speaking staff", {"language": "es"}),
        ("i got no id", {"no_id": True}),
        ("no tengo dinero", {"free": True}),
        ("do they take dogs", {}),
        ("im at 15th and pine", {}),
        ("im 20 min away", {}),
        ("in 20 minutes", {}),
        ("98104", {}),
    ],
)
def test_what_is_said_of_who_asks_is_read_and_a_question_about_a_place_is_not(text, details):
    assert read_details(text) == details


def test_who_asks_is_told_to_the_search_as_it_knows_them():
    asks = who(read_details("im 17 with my dog, no id"))
    assert (asks.age, asks.with_pet) == (17, True)
    assert is_minor({"age": 17})
    assert not is_minor({"age": 18})


@pytest.mark.parametrize(
    "text", ["ok", "no", "98104", "2", "capitol hill", "Maria Lopez", "los angeles", "si"]
)
@pytest.mark.parametrize("current", ["en", "es", None])
def test_a_text_that_tells_no_language_changes_none(text, current):
    assert detect(text, current) in {None, current}


@pytest.mark.parametrize(
    ("text", "first", "from_english", "from_spanish"),
    [
        ("tengo hambre", "es", "es", "es"),
        ("ola nesesito comida", "es", "es", "es"),
        ("im hungry", "en", "en", "en"),
        ("hola", "es", None, "es"),
        ("gracias", "es", None, "es"),
        ("COMIDA", "es", "es", "es"),
        ("FOOD", "en", "en", None),
        ("CALL HOME", "en", "en", None),
        ("necesito un ride al detox", "es", "es", "es"),
        ("tengo frio im cold", None, None, None),
        ("3rd and pike", "en", "en", None),
    ],
)
def test_the_language_of_a_text_is_told_and_a_conversation_turned_only_by_enough(
    text, first, from_english, from_spanish
):
    assert (detect(text), detect(text, "en"), detect(text, "es")) == (first, from_english, from_spanish)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("english please", "en"),
        ("hablas español?", "es"),
        ("do you speak spanish", "es"),
        ("no hablo ingles", "es"),
        ("i dont speak english", "es"),
        ("no spanish please english", "en"),
        ("can we do this in spanish", "es"),
        ("do they speak spanish there", None),
        ("quiero alguien que hable español", None),
        ("food", None),
    ],
)
def test_a_wish_for_a_language_is_read_and_staff_who_speak_it_are_no_such_wish(text, language):
    assert wished(text) == language
