"""What an assessment is worth: who is in danger, why it was found, and that nothing hides an emergency."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.triage import Kind, assess
from bot.triage.assess import normalise

HARMLESS = [
    "hungry near 98104", "can i call my mom", "cancel my check-in", "check on me tomorrow at 9",
    "thanks ur a lifesaver", "i need treatment for heroin", "where can i get narcan", "im dead tired",
    "killing time till the shelter opens", "this wait is killing me", "my phone is dying",
    "i od'd last year but im clean", "narcan where can i get some", "tengo hambre",
    "quiero llamar a mi mama", "", "😀😀", "2", "ok", "no", "y", "98104", "STOP", "done", "10 more",
]  # fmt: skip
EMERGENCIES = [
    ("my friend wont wake up", Kind.OVERDOSE), ("hes not breathing", Kind.OVERDOSE),
    ("le puse narcan y sigue sin respirar", Kind.OVERDOSE), ("shes unconcious", Kind.OVERDOSE),
    ("i want to kill myself", Kind.SUICIDE), ("tengo las pastillas en la mano", Kind.SUICIDE),
    ("my boyfriend is choking me", Kind.VIOLENCE), ("me duele el pecho y no siento el brazo", Kind.MEDICAL),
    ("stopped drinking 2 days ago shaking and seeing things", Kind.WITHDRAWAL),
]  # fmt: skip


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_texts_raise_no_alarm(text):
    assert not assess(text).emergency


@pytest.mark.parametrize(("text", "kind"), EMERGENCIES)
def test_plain_emergencies_are_of_their_kind(text, kind):
    assert assess(text).kind is kind


def test_an_assessment_says_which_rule_and_which_words_fired():
    found = assess("HELP my friend won't wake up!!")
    assert (found.kind, found.rule, found.language) == (Kind.OVERDOSE, "wont_wake", "en")
    assert "wake" in (found.words or "")


@pytest.mark.parametrize(
    ("text", "who"),
    [("my friend wont wake up", "other"), ("i took too many pills", "self"), ("hes hitting me", "self"),
     ("i want to die", "self"), ("my sister says she wants to die", "other"),
     ("mi amigo no respira", "other")],
)  # fmt: skip
def test_it_is_told_who_is_in_danger(text, who):
    assert assess(text).danger_to == who


@pytest.mark.parametrize("text", ["i cant do this anymore", "whats the point", "ya no aguanto"])
def test_despair_without_a_plan_is_asked_about(text):
    found = assess(text)
    assert found.unsure
    assert not found.emergency


@pytest.mark.parametrize("before", ["STOP ", "stop. ", "hi ", "i need food and ", "porfa "])
@pytest.mark.parametrize("text", ["hes not breathing", "i want to kill myself", "mi amigo no respira"])
def test_what_stands_before_it_does_not_hide_an_emergency(before, text):
    assert assess(before + text).emergency


@given(
    st.sampled_from([text for text, _ in EMERGENCIES]), st.sampled_from(["!!!", "...", " 😭", "\n", " pls"])
)
@settings(max_examples=40, deadline=None)
def test_case_and_marks_do_not_hide_an_emergency(text, after):
    assert assess(text.upper() + after).emergency
    assert assess(text.capitalize() + after).emergency


@given(st.text(max_size=300))
@example("\x00\ud83d\ude00")
@example("i " * 800)
@settings(max_examples=200, deadline=None)
def test_any_text_is_assessed_and_the_same_each_time(text):
    assert assess(text) == assess(text)


@given(st.text(alphabet="abc '\u2019áÑ!", max_size=60))
@settings(max_examples=100, deadline=None)
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)


def test_the_longest_texts_cost_no_more_than_their_length():
    def cost(text: str) -> float:
        assess(text)
        began = time.process_time()
        for _ in range(5):
            assess(text)
        return time.process_time() - began

    short, long = "my friend is here and we need food ", "my friend will not eat and i want some "
    # Forty times the words may cost a hundred times the work, and never run away.
    assert cost(long * 40) < 100 * max(cost(short), 0.0005)
