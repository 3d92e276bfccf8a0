"""The scripts as a clinician reads them: every step said, sourced, and fit for somebody in danger."""

import re

import pytest
import smsutil

from bot.emergencies.going_on import IS_IT_OVER
from bot.emergencies.law import law_for, state_of
from bot.emergencies.scripts import USUALLY, first_words, script_for, scripts
from bot.replies import render
from bot.replies.book import load_replies
from bot.triage import Kind

LANGUAGES = ("en", "es")
STEPS = [
    (kind, danger_to, step)
    for (kind, danger_to), script in scripts().items()
    for step in [
        *script.steps,
        script.over,
        script.police,
        *([script.no_naloxone] if script.no_naloxone else []),
    ]
]
FIRST = [(kind, danger_to, script.steps[0]) for (kind, danger_to), script in scripts().items()]
NUMBER = re.compile(r"911|988")


def words(key, language):
    return load_replies(language).replies[key]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.NONE])
@pytest.mark.parametrize("danger_to", ["self", "other"])
def test_every_kind_of_emergency_has_a_script_for_either_person(kind, danger_to):
    assert len(script_for(kind, danger_to).steps) >= 3
    assert script_for(kind, None) == script_for(kind, USUALLY[kind])


def test_self_and_other_hear_different_first_words():
    for kind in Kind:
        if kind is not Kind.NONE:
            assert first_words(kind, "self") != first_words(kind, "other")


@pytest.mark.parametrize(("kind", "danger_to", "step"), STEPS, ids=lambda one: str(getattr(one, "say", one)))
def test_every_step_is_said_in_both_languages_names_its_source_and_who_reviewed_it(kind, danger_to, step):
    assert all(words(step.say, language) for language in LANGUAGES)
    assert step.source
    assert step.reviewed_by


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "danger_to", "step"), FIRST, ids=lambda one: str(getattr(one, "say", one)))
def test_the_first_words_are_one_text_with_the_number_first_and_no_menu_or_link(
    kind, danger_to, step, language
):
    said = words(step.say, language)
    assert len(smsutil.split(said).parts) == 1
    assert NUMBER.search(said[:20])
    assert "http" not in said
    assert not re.search(r"\b(?:FOOD|TREATMENT|CALL HOME|COMIDA|TRATAMIENTO|STOP|HELP)\b", said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_further_step_is_one_text_too(language):
    for kind, danger_to, step in STEPS:
        if not step.say.startswith("over_"):
            assert len(smsutil.split(words(step.say, language)).parts) == 1, (kind, danger_to, step.say)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_when_the_steps_are_through_names_a_number_or_asks_whether_it_is_over(language):
    for script in scripts().values():
        assert len(set(script.holds)) == len(script.holds) >= 2
        for hold in script.holds:
            assert NUMBER.search(words(hold, language))
    assert all(words(key, language) for key in IS_IT_OVER)


@pytest.mark.parametrize("language", LANGUAGES)
def test_overdose_somebody_else_tells_all_that_saves_a_life(language):
    said = " ".join(words(step.say, language) for step in script_for("overdose", "other").steps).lower()
    told = {
        "en": [
            "911",
            "'not breathing'",
            "where",
            "narcan",
            "1 breath every 5 seconds",
            "2 to 3 min",
            "on their side",
            "stay",
        ],
        "es": [
            "911",
            "'no respira'",
            "donde",
            "narcan",
            "1 soplo cada 5 segundos",
            "2 o 3 min",
            "de lado",
            "quedate",
        ],
    }
    assert [part for part in told[language] if part not in said] == []


def test_the_spanish_words_give_988_s_spanish_ways():
    said = words("emergency_suicide", "es")
    assert "oprime 2" in said
    assert "AYUDA al 988" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_an_alert_shows_on_a_lock_screen_tells_of_anybody(language):
    for key in ("on_call_alert", "on_call_alert_many"):
        said = render(key, {"code": "K7QF", "count": 12}, language, None)
        assert not re.search(
            r"overdose|suicid|911|988|breath|danger|drug|sobredosis|peligro", said, re.IGNORECASE
        )
        assert len(smsutil.split(said).parts) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_law_never_promises_that_nobody_is_arrested(language):
    said = words("law_wa", language)
    assert "RCW 69.50.315" in said
    assert not re.search(r"arrested|not be arrested|no te (?:van a )?arrest", said)
    assert re.search(r"[Nn]ot warrants|No cubre ordenes", said)


def test_law_is_told_for_the_kinds_it_covers_and_the_state_it_is_of():
    assert law_for("overdose", "WA") == "law_wa"
    assert law_for("suicide", "WA") is None
    assert law_for("overdose", "OR") is None
    assert law_for("overdose", None) is None


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        (["ok", "food 98104"], "WA"),
        (["im in tacoma wa"], "WA"),
        (["97201", "98104"], "OR"),
        (["portland"], None),
        (["im by the market", "what now"], None),
        ([], None),
    ],
)
def test_a_state_is_known_by_zip_or_name_and_the_newest_counts(texts, state):
    assert state_of(texts) == state
