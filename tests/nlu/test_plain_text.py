"""The model's entities are found in the same plain texts that the line's actions read."""

import re
import sys

import pytest

from bot.triage.assess import normalise
from tests.e2e.running_line import ROOT

TEXTS = [
    "I’m hungry!!! need food, & a bed",
    "ando en la calle...   ¿dónde hay  comida?",
    "  ¡Ñam! mañana a las 9:30pm  ",
    "don't, won`t; it´s",
    "",
    "?!",
    "a\n\nb - c | d",
    "№ 2 ﬁne 😀 ok",
]


@pytest.fixture(scope="module")
def plain_text():
    sys.path.insert(0, str(ROOT / "nlu"))
    try:
        from components.entities import plain_text as module

        yield module
    finally:
        sys.path.remove(str(ROOT / "nlu"))


@pytest.mark.parametrize("text", TEXTS)
def test_its_words_are_those_of_the_line(plain_text, text):
    assert plain_text.words(text).text == normalise(text)


@pytest.mark.parametrize("text", TEXTS)
def test_its_bars_stand_where_the_line_puts_them(plain_text, text):
    parts = (normalise(part) for part in re.split(r"[,.;:!?\n]+", text))
    assert plain_text.words(text, bars=True).text == " | ".join(filter(None, parts))


@pytest.mark.parametrize("text", TEXTS)
def test_every_letter_knows_where_it_stood(plain_text, text):
    plain = plain_text.words(text)
    for place, letter in zip(plain.places, plain.text, strict=True):
        assert letter == " " or letter in normalise(text[place])
