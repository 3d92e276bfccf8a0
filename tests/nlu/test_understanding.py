"""What people text most must be understood; none of these lines is copied from the training data's files."""

import pytest
import requests

UNDERSTOOD = [
    ("FOOD", "food"),
    ("im starving man", "food"),
    ("got anything 2 eat", "food"),
    ("hungry near 98104", "food"),
    ("hungry near 10001", "food"),
    ("TREATMENT", "treatment"),
    ("i wanna quit dope", "treatment"),
    ("no i said treatment", "treatment"),
    ("where can i get on methadone", "treatment"),
    ("CALL HOME", "call_home"),
    ("i want to call my mom", "call_home"),
    ("can u call my sister", "call_home"),
    ("MORE", "more_options"),
    ("any others?", "more_options"),
    ("2", "choose_number"),
    ("the 2nd one", "choose_number"),
    ("YES", "affirm"),
    ("yeah", "affirm"),
    ("NO", "deny"),
    ("nah", "deny"),
    ("THANKS", "thanks"),
    ("ty", "thanks"),
    ("BYE", "goodbye"),
    ("HELP", "help"),
    ("HI", "greet"),
    ("hello?", "greet"),
    ("PERSON", "talk_to_person"),
    ("can i talk to somebody real", "talk_to_person"),
    ("98104", "give_location"),
    ("60601", "give_location"),
    ("near pike and 3rd", "give_location"),
    ("capitol hill", "give_location"),
    ("check on me tomorrow at 9", "checkin_request"),
    ("tomorrow at 9", "checkin_request"),
    ("cancel that", "cancel_checkin"),
    ("are you a cop", "identity_question"),
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
    ("COMIDA", "food"),
    ("tengo mucha hambre", "food"),
    ("quiero dejar la heroina", "treatment"),
    ("quiero llamar a mi mamá", "call_home"),
    ("gracias", "thanks"),
]
NOT_UNDERSTOOD = ["asdf qwer", "blarg fnord", "xx yy zz"]


def intent(rasa_url: str, text: str) -> str:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{rasa_url}/model/parse", json={"text": text}, timeout=30)
    return str(answer.json()["intent"]["name"])


@pytest.mark.parametrize(("text", "expected"), UNDERSTOOD)
def test_a_common_text_is_understood(rasa_url, text, expected):
    assert intent(rasa_url, text) == expected


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_nonsense_is_not_taken_for_sense(rasa_url, text):
    assert intent(rasa_url, text) in {"nlu_fallback", "out_of_scope"}
