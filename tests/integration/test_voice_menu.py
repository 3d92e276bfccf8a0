"""Somebody calls the line: keys and words, both languages, places read out and texted, home, and a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import calls, consent, roster
from bot.db import make_engine, reading, writing
from bot.models import Call, CallPurpose, CallState, Conversation, Incident, Outcome, Person
from bot.people import conversation_with
from bot.sealing import FieldCipher
from services_directory.importing import import_directory
from tests.integration.call_world import HOME, PERSON
from tests.integration.conftest import ROOT

CALLER = {"From": PERSON, "To": "+12065550100"}
INBOUND = "CA" + "5" * 32
WORKER = "+12065550181"


def test_the_emergency_number_comes_first_then_the_menu_in_two_languages(call_world):
    heard = call_world.posts("", **CALLER)
    assert heard.index("hang up and call 911") < heard.index("For food, press 1")
    assert "Para espa\u00f1ol, oprime 9." in heard
    assert 'input="dtmf speech"' in heard


def test_somebody_known_to_speak_spanish_is_greeted_in_it(call_world):
    with call_world.talking() as (_, conversation):
        conversation.person.language = "es"
    heard = call_world.posts("", **CALLER)
    assert "cuelga y llama al 911" in heard
    assert "For English, press 9." in heard


def test_a_caller_is_told_of_911_and_the_menu_also_when_the_database_is_away(call_world):
    settings = call_world.line.settings
    cipher = FieldCipher(settings.field_keys, settings.secret_key)
    # Nobody listens there.
    call_world.line.__dict__["engine"] = make_engine("postgresql+psycopg://nobody@127.0.0.1:9/none", cipher)
    heard = call_world.posts("", **CALLER)
    assert heard.index("hang up and call 911") < heard.index("For food, press 1")


def test_a_stranger_who_calls_leaves_nothing_behind_by_listening(call_world):
    call_world.posts("", **CALLER)
    with reading(call_world.line.engine) as session:
        assert session.scalars(select(Person)).all() == []


@pytest.mark.parametrize(
    ("said", "leads_to"),
    [
        ({"Digits": "1"}, "need=food"),
        ({"SpeechResult": "I'm hungry"}, "need=food"),
        ({"SpeechResult": "tengo hambre"}, "need=food"),
        ({"Digits": "2"}, "need=treatment"),
        ({"SpeechResult": "I need detox"}, "need=detox"),
        ({"SpeechResult": "somewhere to sleep"}, "need=shelter"),
        ({"Digits": "3"}, "/menu-home-number"),
        ({"SpeechResult": "call my mom"}, "/menu-home-number"),
        ({"SpeechResult": "quiero llamar a mi mama"}, "/menu-home-number"),
        ({"Digits": "9"}, "menu-choice?lang=es"),
        ({"Digits": "0"}, "Nobody on our team"),
        ({"SpeechResult": "spanish please"}, "menu-choice?lang=es"),
        ({"Digits": "8"}, "try=1"),
        ({"SpeechResult": "blarg"}, "try=1"),
        ({}, "try=1"),
    ],
)
def test_a_key_and_words_lead_to_the_same(call_world, said, leads_to):
    assert leads_to in call_world.posts("/menu-choice?lang=en&try=0", **CALLER, **said)


def test_what_is_not_understood_three_times_ends_with_numbers_that_answer(call_world):
    heard = call_world.posts("/menu-choice?lang=en&try=2", **CALLER, Digits="7")
    assert "211" in heard
    assert "988" in heard
    assert "<Hangup" in heard
    # Nobody asked for a person, so nothing is said to be noted.
    assert "noted" not in heard


@pytest.mark.parametrize("said", ["necesito desintoxicación", "quiero llamar a mi mamá", "tengo hambre"])
def test_who_answers_in_spanish_is_answered_in_spanish(call_world, said):
    heard = call_world.posts("/menu-choice?lang=en&try=0", **CALLER, SpeechResult=said)
    assert 'language="es-US"' in heard
    assert 'language="en-US"' not in heard


def test_an_emergency_ends_with_911_and_988_when_nobody_picks_up(on_call):
    dial = on_call.posts("/menu-choice?lang=en&try=0", **CALLER, SpeechResult="he is not breathing")
    assert "position=1&amp;danger=1" in dial
    last = on_call.posts("/menu-person?lang=en&position=2&danger=1", **CALLER, DialCallStatus="no-answer")
    assert "Do not wait for us" in last
    assert "hang up and call 911" in last
    assert "211" not in last


def test_911_for_the_number_of_home_is_answered_by_what_to_do(call_world):
    heard = call_world.posts("/menu-home-number?lang=en", **CALLER, Digits="911")
    assert "hang up and call 911 now" in heard


@pytest.mark.parametrize(("lang", "words"), [("en", "hang up and call 911"), ("es", "cuelga y llama al 911")])
def test_an_emergency_said_aloud_is_answered_with_911_and_told_to_people(call_world, lang, words):
    said = {"en": "he is not breathing", "es": "no respira"}[lang]
    heard = call_world.posts(f"/menu-choice?lang={lang}&try=0", **CALLER, SpeechResult=said)
    assert words in heard
    with reading(call_world.line.engine) as session:
        assert session.scalars(select(Incident)).one().kind == "overdose"


def test_an_emergency_said_instead_of_a_zip_code_is_an_emergency(call_world):
    heard = call_world.posts(
        "/menu-zip?lang=en&need=food&try=0", **CALLER, SpeechResult="he is not breathing"
    )
    assert "hang up and call 911" in heard
    with reading(call_world.line.engine) as session:
        assert session.scalars(select(Incident)).one().kind == "overdose"


def test_a_person_asked_for_instead_of_a_zip_code_is_rung(call_world):
    heard = call_world.posts("/menu-zip?lang=en&need=food&try=0", **CALLER, SpeechResult="a person please")
    assert "Nobody on our team can pick up right now" in heard


def test_somebody_who_can_not_speak_is_told_to_text_and_who_answers(call_world):
    for heard in (
        call_world.posts("", **CALLER),
        call_world.posts("/menu-choice?lang=en&try=0", **CALLER, Digits="1"),
    ):
        last = heard.rsplit("</Gather>", 1)[1]
        for words in ("If you can not talk", "text us", "911", "988"):
            assert words in last


def rung(world, number=HOME, **more):
    """Home has been rung for the person, and did not pick up."""
    call = world.rings(number=number, **more)
    world.posts(f"?call={call}")
    world.posts(f"/connect?call={call}", Digits="1")
    world.posts(f"/done?call={call}", DialCallStatus="no-answer")


FROM_HOME = {"From": HOME, "To": "+12065550100"}


def test_home_that_calls_back_hears_nothing_of_what_the_line_does_and_the_person_is_told(call_world):
    rung(call_world)
    for _ in range(2):
        heard = call_world.posts("", **FROM_HOME)
    assert heard.index("hang up and call 911") < heard.index("Someone who knows you")
    for secret in ("food", "treatment", "Danny", "Warmline", "0142"):
        assert secret not in heard
    assert "I am telling them that you called" in heard
    assert call_world.texts() == ["call_no_answer", "home_called_back"]


def test_home_that_needs_help_itself_hears_the_menu_on_1(call_world):
    rung(call_world)
    call_world.posts("", **FROM_HOME)
    assert "For food, press 1" in call_world.posts("/menu-home-back?lang=en", **FROM_HOME, Digits="1")
    assert "Goodbye" in call_world.posts("/menu-home-back?lang=en", **FROM_HOME, Digits="5")


def test_home_that_calls_back_to_refuse_is_never_reached_again(call_world):
    rung(call_world)
    heard = call_world.posts("/menu-home-back?lang=en", **FROM_HOME, Digits="9")
    assert "I will not call you for them again" in heard
    with call_world.talking() as (session, conversation):
        limits = call_world.line.call_limits
        asked = calls.problem(session, conversation, HOME, "+12065550100", limits, call_world.now())
    assert asked == "home_refused"
    call_world.posts("", **FROM_HOME, CallSid="CA" + "6" * 32)
    assert "home_called_back" not in call_world.texts()


def test_a_month_later_nobody_is_told_that_home_calls(call_world):
    rung(call_world)
    with writing(call_world.line.engine) as session:
        session.scalars(select(Call)).one().dialed_at = call_world.now() - timedelta(days=30)
    heard = call_world.posts("", **FROM_HOME)
    assert "Someone who knows you" in heard
    assert "I am telling them" not in heard
    assert "home_called_back" not in call_world.texts()


def test_somebody_on_the_line_whom_another_has_called_hears_the_menu(call_world):
    call_world.told(HOME, "menu")
    rung(call_world)
    assert "For food, press 1" in call_world.posts("", **FROM_HOME)
    assert "home_called_back" not in call_world.texts()


@pytest.fixture
def directory(call_world):
    folder = ROOT / "services_directory" / "data" / "sample"
    with writing(call_world.line.engine) as session:
        import_directory(session, folder, "sample", call_world.now().date())
    return call_world


@pytest.mark.parametrize(
    "said", [{"Digits": "98104"}, {"SpeechResult": "9 8 1 0 4"}, {"SpeechResult": "Capitol Hill"}]
)
def test_places_near_are_read_out_and_texted(directory, said):
    for _ in range(2):
        heard = directory.posts("/menu-zip?lang=en&need=food&try=0", **CALLER, **said)
    assert "Near " in heard
    assert heard.count("Sample") >= 3
    assert "I am texting you this list" in heard
    assert directory.texts() == ["first_contact", *["service_details"] * 3]


def test_who_said_stop_hears_the_places_and_is_not_texted(directory):
    with directory.talking() as (session, conversation):
        consent.opt_out(session, conversation.person, directory.now(), durably=directory.line.durably)
    heard = directory.posts("/menu-zip?lang=es&need=treatment&try=0", **CALLER, Digits="98104")
    assert "escribe a este n\u00famero" in heard
    assert directory.texts() == []


def test_a_zip_nobody_knows_is_asked_for_again_and_then_211_is_named(call_world):
    again = call_world.posts("/menu-zip?lang=en&need=food&try=0", **CALLER, Digits="00000")
    assert "try=1" in again
    assert "211" in call_world.posts("/menu-zip?lang=en&need=food&try=2", **CALLER, Digits="00000")
    assert "211" in call_world.posts("/menu-zip?lang=en&need=food&try=0", **CALLER, Digits="98104")


def test_a_call_home_by_keys_says_the_number_back_and_is_screened_like_any_other(call_world):
    back = call_world.posts("/menu-home-number?lang=en", **CALLER, Digits="2065550177")
    assert "2 0 6 5 5 5 0 1 7 7" in back
    call = call_world.call().public_id
    dial = call_world.posts(f"/menu-home-confirm?lang=en&call={call}", **CALLER, Digits="1")
    assert HOME in dial
    assert 'callerId="+12065550100"' in dial
    assert "Someone who knows you" in call_world.posts(f"/screen?call={call}")
    call_world.posts(f"/accept?call={call}&lang=en", Digits="1")
    call_world.posts(f"/done?call={call}", DialCallStatus="completed", DialCallDuration="60")
    assert call_world.texts() == ["call_done"]
    assert call_world.call().seconds == 60


def test_a_call_by_keys_in_spanish_goes_on_in_spanish(call_world):
    call_world.posts("/menu-home-number?lang=es", **CALLER, Digits="2065550177")
    call = call_world.call().public_id
    heard = call_world.posts(f"/menu-home-confirm?lang=es&call={call}", **CALLER, Digits="1")
    assert "en-US" not in heard
    assert "quiere hablar contigo" in call_world.posts(f"/screen?call={call}")


def test_a_number_typed_wrong_can_be_changed(call_world):
    call_world.posts("/menu-home-number?lang=en", **CALLER, Digits="2065550178")
    call = call_world.call().public_id
    assert "/menu-home-number" in call_world.posts(f"/menu-home-confirm?call={call}", **CALLER, Digits="2")
    call_world.posts("/menu-home-number?lang=en", **CALLER, Digits="2065550177")
    assert call_world.call().home_number == HOME
    assert "Goodbye" in call_world.posts(f"/menu-home-confirm?lang=en&call={call}", **CALLER, Digits="5")


@pytest.mark.parametrize("number", ["555", "19005551234", ""])
def test_a_number_that_is_no_home_is_asked_for_again(call_world, number):
    assert "I can not call that number" in call_world.posts(
        "/menu-home-number?lang=en", **CALLER, Digits=number
    )


def test_a_call_that_waits_for_its_time_gives_way_to_one_by_keys(call_world):
    call_world.asks(due_at=call_world.now() + timedelta(hours=20))
    assert "2 0 6 5 5 5" in call_world.posts("/menu-home-number?lang=en", **CALLER, Digits="2065550177")


def test_a_home_that_refused_is_not_rung_by_phone_either(call_world):
    call = call_world.rings()
    call_world.posts(f"/connect?call={call}", Digits="1")
    call_world.posts(f"/accept?call={call}&lang=en", Digits="9")
    call_world.posts(f"/done?call={call}", DialCallStatus="completed")
    heard = call_world.posts("/menu-home-number?lang=en", **CALLER, Digits="2065550177")
    assert "can not call that number for you" in heard


def test_a_hidden_number_can_place_no_call(call_world):
    for hidden in ("anonymous", "+266696687"):
        heard = call_world.posts("/menu-home-number?lang=en", From=hidden, Digits="2065550177")
        assert "hidden" in heard


def test_an_inbound_call_home_whose_end_nobody_told_is_settled(call_world):
    call_world.posts("/menu-home-number?lang=en", **CALLER, Digits="2065550177")
    call_world.later += timedelta(minutes=5)
    # The provider of this test knows no such call.
    assert call_world.calling.settle() == 1
    assert call_world.call().state == CallState.FAILED


def test_after_hours_the_line_is_honest_about_a_person(call_world):
    heard = call_world.posts("/menu-choice?lang=en&try=0", **CALLER, Digits="4")
    assert "Nobody on our team can pick up right now" in heard
    assert "988" in heard
    assert "noted" in heard
    with reading(call_world.line.engine) as session:
        assert session.scalars(select(Conversation)).one().person_asked_for_at is not None


@pytest.fixture
def on_call(call_world):
    line = call_world.line
    with writing(line.engine) as session:
        for number, name in ((WORKER, "Heron"), ("+12065550182", "Wren")):
            worker = roster.add_worker(
                session,
                name,
                name,
                number,
                "America/Los_Angeles",
                line.settings.twilio_from,
                call_world.now(),
            )
            for weekday in range(7):
                taken = roster.TakenShift(weekday, 0, 24 * 60, "America/Los_Angeles")
                roster.take_shift(session, worker, taken, call_world.now())
    return call_world


def test_a_worker_on_call_is_screened_and_joined_and_then_nobody_else_is_rung(on_call):
    dial = on_call.posts("/menu-choice?lang=en&try=0", **CALLER, Digits="4")
    assert WORKER in dial
    assert PERSON not in dial
    call = on_call.call(CallPurpose.PERSON).public_id
    assert "would like to talk to a person" in on_call.posts(f"/menu-person-screen?lang=en&call={call}")
    assert "<Hangup" not in on_call.posts(f"/menu-person-accept?lang=en&call={call}", Digits="1")
    over = on_call.posts("/menu-person?lang=en&position=1", **CALLER, DialCallStatus="completed")
    assert "<Dial" not in over
    assert on_call.call(CallPurpose.PERSON).outcome == Outcome.JOINED


def test_a_worker_who_does_not_press_1_leaves_the_caller_to_the_next_and_the_last_word_is_honest(on_call):
    on_call.posts("/menu-choice?lang=es&try=0", **CALLER, Digits="4")
    call = on_call.call(CallPurpose.PERSON).public_id
    assert "<Hangup" in on_call.posts(f"/menu-person-accept?lang=es&call={call}", Digits="")
    assert "+12065550182" in on_call.posts("/menu-person?lang=es&position=1", **CALLER)
    assert "Nadie de nuestro equipo puede contestar" in on_call.posts(
        "/menu-person?lang=es&position=2", **CALLER
    )


def test_whoever_hangs_up_while_the_team_is_rung_still_wanted_a_person_until_they_talk(on_call):
    on_call.posts("/menu-choice?lang=en&try=0", **CALLER, Digits="4")
    with on_call.talking() as (_, conversation):
        assert conversation.person_asked_for_at is not None
    call = on_call.call(CallPurpose.PERSON).public_id
    on_call.posts(f"/menu-person-accept?lang=en&call={call}", Digits="1")
    with on_call.talking() as (_, conversation):
        assert conversation.person_asked_for_at is None


def test_a_case_worker_who_calls_the_line_is_not_rung_by_it(on_call):
    dial = on_call.posts("/menu-choice?lang=en&try=0", From=WORKER, To="+12065550100", Digits="4")
    assert WORKER not in dial
    assert "+12065550182" in dial


def test_a_hidden_caller_reaches_a_worker_too_and_nobody_is_made_up_for_them(on_call):
    hidden = {"From": "anonymous", "To": "+12065550100"}
    assert WORKER in on_call.posts("/menu-choice?lang=en&try=0", **hidden, Digits="4")
    over = on_call.posts("/menu-person?lang=en&position=1", **hidden, DialCallStatus="completed")
    assert "<Dial" not in over
    assert "+12065550182" in on_call.posts("/menu-person?lang=en&position=1", **hidden, DialCallStatus="busy")
    nobody = on_call.posts("/menu-person?lang=en&position=2", **hidden, DialCallStatus="busy")
    assert "Nobody" in nobody
    # Nobody can be called back.
    assert "noted" not in nobody
    with reading(on_call.line.engine) as session:
        assert "anonymous" not in [person.number for person in session.scalars(select(Person))]
        assert session.scalars(select(Call)).all() == []


def test_a_caller_on_our_team_is_still_a_person(call_world):
    with writing(call_world.line.engine) as session:
        conversation_with(session, PERSON, call_world.now())
    assert "menu-choice" in call_world.posts("", **CALLER)
