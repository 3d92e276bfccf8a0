"""What people text most must be understood, without its having been taught word by word."""

import re

import pytest
import yaml

from tests.e2e.running_line import ROOT

UNDERSTOOD = [
    ("im starving man", "food"),
    ("got anything 2 eat", "food"),
    ("real hungry near 98104 rn", "food"),
    ("hungry near 10001", "food"),
    ("i wanna quit dope", "treatment"),
    ("nooo treatment is what i said", "treatment"),
    ("where do they do methadone around here man", "treatment"),
    ("i want to call my mom", "call_home"),
    ("can u call my sister", "call_home"),
    ("got any others besides those?", "more_options"),
    ("ill go w number 2", "choose_number"),
    ("the 2nd one u sent", "choose_number"),
    ("yeahh do that", "affirm"),
    ("nah man not that", "deny"),
    ("thank u so so much fr", "thanks"),
    ("hello?? u there", "greet"),
    ("can i talk to somebody real", "talk_to_person"),
    ("98104 i think", "give_location"),
    ("60601", "give_location"),
    ("somewhere near pike and 3rd", "give_location"),
    ("up on capitol hill by the park", "give_location"),
    ("can u check on me tomorrow at 9ish", "checkin_request"),
    ("lets say tomorrow at 9 sharp", "checkin_request"),
    ("dont check on me anymore, cancel that", "cancel_checkin"),
    ("u better not be a cop are u", "identity_question"),
    ("will the police see this", "privacy_question"),
    ("need a place to sleep tonight", "shelter"),
    ("where do i get narcan", "harm_reduction"),
    ("206 555 0187", "inform_phone"),
    ("+1 (415) 555-0122", "inform_phone"),
    ("went all the way there n it was closed", "report_closed"),
    ("the 2nd one is shut", "report_closed"),
    ("r they still open", "hours_question"),
    ("do they close at 5", "hours_question"),
    ("llegue y ya no habia nadie", "report_closed"),
    ("a que horas abren mañana", "hours_question"),
    ("tengo mucha hambre", "food"),
    ("ya kiero dejar la eroina de una vez", "treatment"),
    ("quiero llamar a mi mamá", "call_home"),
    ("gracias de todo corazon compa", "thanks"),
]
#: Words of the line's own cards and replies, which are taught, and must be understood all the same.
ON_THE_CARD = [
    ("FOOD", "food"),
    ("TREATMENT", "treatment"),
    ("CALL HOME", "call_home"),
    ("MORE", "more_options"),
    ("2", "choose_number"),
    ("YES", "affirm"),
    ("NO", "deny"),
    ("THANKS", "thanks"),
    ("BYE", "goodbye"),
    ("HELP", "help"),
    ("HI", "greet"),
    ("PERSON", "talk_to_person"),
    ("COMIDA", "food"),
    ("TRATAMIENTO", "treatment"),
    ("GRACIAS", "thanks"),
    ("98104", "give_location"),
]
NOT_UNDERSTOOD = ["asdf qwer", "blarg fnord", "xx yy zz"]


def words(text: str) -> str:
    """A text without its marks and capitals."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def taught() -> set[str]:
    """Every training example."""
    found: set[str] = set()
    for file in (ROOT / "nlu" / "data" / "nlu").glob("e[ns]/*.yml"):
        for entry in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            found.update(words(line.removeprefix("- ")) for line in entry["examples"].splitlines())
    return found


def test_none_of_these_texts_is_in_the_training_data():
    known = taught()
    assert [text for text, _ in UNDERSTOOD if words(text) in known] == []


@pytest.mark.parametrize(("text", "expected"), [*UNDERSTOOD, *ON_THE_CARD])
def test_a_common_text_is_understood(rasa, text, expected):
    assert rasa.parse(text)["intent"]["name"] == expected


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_nonsense_is_not_taken_for_sense(rasa, text):
    assert rasa.parse(text)["intent"]["name"] in {"nlu_fallback", "out_of_scope"}
