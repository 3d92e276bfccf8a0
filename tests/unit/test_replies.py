"""The linter of the replies finds what a reply may not be, and the replies have none of it."""

import dataclasses
import re

import pytest

from bot.actions.hearing import clearly_stop
from bot.replies.book import LANGUAGES, load_replies
from bot.replies.lint import counters, differences, grade, problems
from services_directory.crisis_lines import load_crisis_lines


def with_reply(key, text, language="en"):
    book = load_replies(language)
    return dataclasses.replace(book, replies={**book.replies, key: text})


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reply_of_ours_has_a_problem(language):
    assert problems(load_replies(language)) == []


def test_both_languages_have_the_same_keys_and_gaps():
    assert differences(*map(load_replies, LANGUAGES)) == []
    assert differences(with_reply("new", "hi"), load_replies("es")) == ["new: only in one language (replies)"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Call now!", "shouts"),
        ("Text CANCEL to go back.", "opt-out"),
        ("Aquí estoy", "GSM-7"),
        ("a word " * 60, "segments"),
        ("Food? A bed?", "2 questions"),
        ("Are you an addict?", "addict"),
        ("Do you want to get clean?", "get clean"),
        ("Some of the homeless eat here.", "the homeless"),
        ("Comprehensive rehabilitation facilities accommodate individuals experiencing addiction.", "grade"),
    ],
)
def test_what_a_reply_may_not_be_is_found(text, problem):
    assert any(problem in found for found in problems(with_reply("ok_yes", text)))


def test_the_grade_is_low_for_plain_words():
    count = counters()
    assert count is not None
    assert grade("Hungry is hard. What ZIP code or corner are you near?", *count) < 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_long_number_in_the_replies_is_a_crisis_line_we_know(language):
    lines = load_crisis_lines().values()
    # "START to 88788": the number is what it ends with.
    known = {line.number for line in lines} | {line.text.split()[-1] for line in lines if line.text}
    for text in load_replies(language).replies.values():
        for number in re.findall(r"\b(?:1-)?\d{3}-\d{3}-\d{4}\b|\b\d{5}\b", text):
            assert number in known | {"206-555-0143", "98104"}, text


@pytest.mark.parametrize(
    "text",
    ["please stop texting me", "dont text me anymore", "Leave me alone", "take me off this list",
     "ya no me manden mensajes", "dejen de escribirme por favor", "no me escriban mas", "unsubscribe me"],
)  # fmt: skip
def test_a_clear_stop_in_words_is_known(text):
    assert clearly_stop(text)


@pytest.mark.parametrize(
    "text",
    ["dont text me at night", "stop, hes not breathing", "i cant stop using", "dont text me until tomorrow",
     "stop the bleeding", "cancel my check in", "no me mandes a ese lugar"],
)  # fmt: skip
def test_what_may_mean_something_else_is_no_clear_stop(text):
    assert not clearly_stop(text)
