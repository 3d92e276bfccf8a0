"""How answers are read while an emergency goes on, and to "are you safe right now?"."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.emergencies.reading import read, read_yes_or_no

READINGS = [
    (text, entry["other"], entry["self"])
    for entry in yaml.safe_load((Path(__file__).parent / "readings.yml").read_text("utf-8"))
    for text in entry["texts"]
]


@pytest.mark.parametrize(("text", "other", "self_"), READINGS)
def test_an_answer_is_read_as_it_is_meant(text, other, self_):
    assert (read(text, "other"), read(text, "self")) == (other, self_)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "YES",
        "yeah im ok",
        "no im good",
        "yes but im sad",
        "i am safe",
        "si",
        "creo que si",
        "estoy bien",
        "im fine",
    ],
)
def test_a_yes_is_a_yes(text):
    assert read_yes_or_no(text) is True


@pytest.mark.parametrize(
    "text",
    ["no", "nah", "not really", "idk", "i dont know", "maybe", "im not safe", "not sure", "no se",
     "la verdad no", "mas o menos", "no im not", "no estoy bien", "help", "kinda"],
)  # fmt: skip
def test_anything_less_is_a_no(text):
    assert read_yes_or_no(text) is False


@pytest.mark.parametrize("text", ["food", "98104", "i need a bed", "who is this", "tengo hambre"])
def test_another_text_is_neither(text):
    assert read_yes_or_no(text) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text):
    read(text, "self")
    read_yes_or_no(text)
