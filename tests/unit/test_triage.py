"""The emergency rules, by their own examples and by what must stay quiet."""

import time

import pytest

from bot.triage import Kind, assess
from bot.triage.rules import load_rules

EXAMPLES = [(rule, text) for rule in load_rules() for text in rule.examples]
COUNTER_EXAMPLES = [(rule, text) for rule in load_rules() for text in rule.counter_examples]
HARMLESS = [
    "hungry near 98104",
    "can i call my mom",
    "cancel my check-in",
    "check on me tomorrow at 9",
    "thanks ur a lifesaver",
    "i need treatment for heroin",
    "where can i get narcan",
    "im dead tired",
    "killing time till the shelter opens",
    "tengo hambre",
    "quiero llamar a mi mama",
    "",
    "😀😀",
    "2",
]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=lambda value: getattr(value, "name", value))
def test_a_rule_fires_on_its_own_examples(rule, text):
    assert assess(text).kind == rule.kind


@pytest.mark.parametrize(("rule", "text"), COUNTER_EXAMPLES, ids=lambda value: getattr(value, "name", value))
def test_a_rule_stays_quiet_on_its_counter_examples(rule, text):
    assert assess(text).kind is Kind.NONE


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_texts_raise_no_alarm(text):
    assert not assess(text).emergency


def test_an_assessment_says_which_rule_and_which_words_fired():
    found = assess("HELP my friend won't wake up!!")
    assert (found.kind, found.rule, found.language) == (Kind.OVERDOSE, "wont_wake", "en")
    assert "wake" in found.words


def test_a_very_long_text_is_assessed_quickly_enough_to_answer_in_the_webhook():
    started = time.perf_counter()
    assess("i want " * 400)
    assess("my friend " * 400)
    assert time.perf_counter() - started < 0.25
