"""What asks to be forgotten is read in both languages, and despair is never taken for it."""

from pathlib import Path

import pytest
import yaml

from bot.consent import Wish, read_wish
from bot.forgetting import wishes

TEXTS = yaml.safe_load(Path(__file__).with_name("texts.yml").read_text("utf-8"))


@pytest.mark.parametrize("text", TEXTS["asks"])
def test_these_ask_to_be_forgotten_and_are_no_stop(text):
    assert wishes.asks(text)
    assert read_wish(text)[0] is Wish.NONE


@pytest.mark.parametrize("text", TEXTS["not"])
def test_these_do_not(text):
    assert not wishes.asks(text)


@pytest.mark.parametrize(("answer", "means"), [("said_yes", True), ("said_no", False), ("neither", None)])
def test_only_a_plain_yes_erases(answer, means):
    assert {text: wishes.confirms(str(text)) for text in TEXTS[answer]} == dict.fromkeys(TEXTS[answer], means)


def test_a_long_text_of_wishes_is_read_in_no_time():
    assert not wishes.asks("delete my info please and " * 40)
    assert not wishes.asks("please " * 23 + "x")
