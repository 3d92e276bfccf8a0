"""Which texts ask the line to be silent, in both languages; and Twilio's own keywords."""

from pathlib import Path

import pytest
import yaml

from bot.consent import Wish, read_wish
from bot.models import OptOutBy
from bot.opting_out import asks_for_silence, how

TEXTS = yaml.safe_load((Path(__file__).parent / "texts.yml").read_text("utf-8"))
STOP = [(language, text) for language in TEXTS for text in TEXTS[language]["stop"]]
NOT = [(language, text) for language in TEXTS for text in TEXTS[language]["not"]]
KEYWORDS = ("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL")


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("kind", ["stop", "not"])
def test_there_are_enough_texts_to_judge_by(language, kind):
    assert len(set(TEXTS[language][kind])) >= 60


@pytest.mark.parametrize(("language", "text"), STOP)
def test_a_wish_for_silence_in_words_is_obeyed(language, text):
    assert read_wish(text) == (Wish.STOP, None)


@pytest.mark.parametrize(("language", "text"), NOT)
def test_what_only_sounds_like_one_is_none(language, text):
    assert read_wish(text)[0] is not Wish.STOP


@pytest.mark.parametrize("word", KEYWORDS)
@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n"])
def test_twilios_keywords_are_obeyed_and_twilio_has_answered_them(word, typed):
    """Case 40."""
    for text in (typed.format(word), typed.format(word.lower())):
        assert read_wish(text) == (Wish.STOP, None)
        assert how(text) is OptOutBy.KEYWORD


def test_a_keyword_that_twilio_does_not_take_for_one_is_ours_to_confirm():
    for text in ("Stop.", "STOP!!", "alto", "parar", "please stop"):
        assert read_wish(text) == (Wish.STOP, None)
        assert how(text) is OptOutBy.WORDS


def test_twilios_own_reading_counts_whatever_the_words_are():
    assert read_wish("no mas", "STOP") == (Wish.STOP, None)
    assert how("no mas", "STOP") is OptOutBy.KEYWORD
    assert read_wish("volver", "START", opted_out=True) == (Wish.START, None)


@pytest.mark.parametrize("word", ["START", "start", "UNSTOP", "Start."])
def test_start_returns(word):
    assert read_wish(word, opted_out=True) == (Wish.START, None)


def test_yes_only_undoes_a_stop():
    assert read_wish("YES", opted_out=True) == (Wish.START, None)
    assert read_wish("YES") == (Wish.NONE, None)


@pytest.mark.parametrize("word", ["HELP", "help"])
def test_help_is_no_wish_about_texts_and_is_answered_like_any_other(word):
    assert read_wish(word, "HELP") == (Wish.NONE, None)


def test_info_is_answered_with_what_the_line_is():
    assert read_wish("INFO") == (Wish.INFO, None)


def test_a_long_text_is_never_read_as_a_wish_and_costs_nothing():
    assert not asks_for_silence("stop " * 400 + "x")
    assert not asks_for_silence("please " * 25 + "y")
