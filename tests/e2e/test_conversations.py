"""Conversations with the real line, in English, over the simulated Twilio."""

import re
import sqlite3
import time

import pytest

from tests.e2e.running_line import Phone, wait_for

pytestmark = pytest.mark.e2e


def calls_of(line, phone):
    return [call for call in line.calls() if call["legs"][0]["phone"] == phone.number]


def test_first_contact_says_what_the_line_is_and_offers_three_things(phone):
    welcome = phone.says("hi", "Warmline")
    for words in ("automated", "not police", "FOOD, CALL HOME or TREATMENT", "911", "STOP", "Espanol"):
        assert words in welcome
    assert welcome.index("FOOD") < welcome.index("CALL HOME") < welcome.index("TREATMENT")


def test_somebody_hungry_finds_food_its_address_and_a_check_in_offer(phone):
    phone.says("im hungry", "ZIP code or corner")
    places = phone.says("98104", "Near 98104")
    assert len(re.findall(r"^\d\) .*, [\d.]+ mi, ", places, re.MULTILINE)) == 3
    assert "Sample" in places
    phone.send("2")
    details = phone.hears("(206) 555-01")
    assert re.search(r"\d+ .*, Seattle 98\d{3}", details)
    phone.hears("check on you later")


def test_a_place_in_the_first_text_is_not_asked_for_again(phone):
    phone.send("hungry near 98104")
    phone.hears("Warmline")
    assert "1) Sample" in phone.hears("Near 98104")
    phone.hears_nothing()


def test_a_need_said_again_is_asked_about_once(phone):
    phone.says("a place to sleep tonight", "What ZIP code")
    phone.says("a place to sleep tonight", "I just need to know where to look")
    phone.hears_nothing()


def test_treatment_by_a_street_corner_misspelt(phone):
    phone.says("i wanna get clean", "ZIP code or corner")
    assert "Sample" in phone.says("pike n 3rd", "Near Pike and 3rd")


def test_a_correction_changes_the_need_and_keeps_the_place(phone):
    phone.says("food near capitol hill", "Near Capitol Hill")
    places = phone.says("no i said treatment", "Near Capitol Hill")
    assert not re.search(r"Food|Meal|Lunch|Supper", places)


def test_more_goes_on_where_the_list_ended_and_a_name_can_be_chosen(phone):
    first = phone.says("food 98104", "1) ")
    second = phone.says("MORE", "4) ")
    assert not set(re.findall(r"Sample [\w ]+ \d+", first)) & set(re.findall(r"Sample [\w ]+ \d+", second))
    name = re.search(r"5\) (Sample [\w ]+ \d+)", second)[1]
    assert phone.says(name.lower(), "Seattle").startswith(name)


def test_a_changed_place_looks_again_for_the_same_need(phone):
    phone.says("food 98104", "Near 98104")
    assert "1) Sample" in phone.says("im in ballard now", "Near Ballard")


def test_a_corner_there_are_two_of_is_asked_about_and_its_number_brings_the_list(phone):
    phone.says("im hungry", "ZIP code or corner")
    which = phone.says("15th and 85th", "Which 15th and 85th?")
    assert re.findall(r"^(\d)\) 15th Ave", which, re.MULTILINE) == ["1", "2"]
    assert "1) Sample" in phone.says("the second one", "Near 15th Ave NE and 85th St")


def test_a_town_there_are_many_of_is_asked_about_outside_a_question_too(phone):
    which = phone.says("I'm in springfield", "Which Springfield?")
    assert len(re.findall(r"^\d\) Springfield, [A-Z]{2}$", which, re.MULTILINE)) == 3
    phone.says("missouri", "near Springfield, MO")
    phone.says("im hungry", "near Springfield, MO")


def test_an_answer_to_which_place_that_is_none_is_asked_for_a_zip_and_another_place_is_taken(phone):
    phone.says("food in springfield", "Which Springfield?")
    phone.says("neither", "ZIP code")
    assert "1) Sample" in phone.says("98104", "Near 98104")


def test_which_place_is_asked_in_spanish(phone):
    phone.says("ESPANOL", "COMIDA")
    phone.says("estoy en springfield", "¿Cual Springfield?")
    phone.says("2", "cerca de Springfield")


def test_a_change_of_mind_and_a_place_far_away_are_understood(phone):
    phone.says("food 98104", "Near 98104")
    assert "1) Sample" in phone.says("no im in ballard now", "Near Ballard")
    phone.says("im in chicago il", "near Chicago, IL")


def test_help_thanks_and_goodbye_are_answered_in_kind(phone):
    phone.says("hi", "Warmline")
    phone.says("HELP", "automated line, not police")
    phone.says("thank you so much", "welcome")
    phone.says("bye", "Take care")


def test_what_is_not_understood_gets_one_more_try_then_a_person_or_211(phone):
    phone.says("hi", "Warmline")
    phone.says("qwzx plok", "didn't get that")
    second = phone.says("blarg fnord", "PERSON")
    assert "211" in second
    phone.says("PERSON", "marked that you want a person")


def test_a_check_in_is_said_back_in_local_words_and_comes_when_promised(phone):
    phone.says("hi", "Warmline")
    phone.says("check on me tomorrow at 9", "tomorrow (")
    began = time.monotonic()
    phone.says("check on me in 1 minute", "I'll text you today at")
    phone.hears("texting like you asked", patience=90)
    late = time.monotonic() - began - 60
    assert -2 < late < 6
    phone.hears_nothing()
    phone.says("OK", "Glad to hear it")


def test_a_check_in_taken_back_does_not_come(phone):
    phone.says("hi", "Warmline")
    phone.says("text me in 1 minute", "I'll text you today at")
    phone.says("cancel that", "I won't text you")
    phone.hears_nothing(66)


def test_a_call_home_rings_the_person_first_then_home_and_shows_our_number_only(line, phone):
    home = Phone(line)
    home.behave(answers=True, digits="1", talk_seconds=0.2)
    phone.behave(answers=True, digits="1")
    phone.says("call home", "phone number")
    phone.says("my moms number is " + home.number[2:], "What name")
    asked = phone.says("danny", "Call now?")
    assert home.number[-4:] in asked
    phone.says("yes", "Calling you now")
    call = wait_for("the call", lambda: next((c for c in calls_of(line, phone) if c["bridged"]), None))
    first, second = call["legs"]
    assert (first["phone"], second["phone"]) == (phone.number, home.number)
    assert {first["caller_id"], second["caller_id"]} == {"+12065550100"}
    assert not any(leg["recorded"] for leg in call["legs"])
    phone.hears("However it went, I'm here")
    phone.hears_nothing()


def test_a_call_home_nobody_takes_is_told_kindly(line, phone):
    home = Phone(line)
    home.behave(answers=False)
    phone.says("i wanna call my mom " + home.number[2:], "What name")
    phone.says("no name", "Call now?")
    phone.says("yes", "Calling you now")
    phone.hears("didn't pick up", patience=60)


def test_a_wrong_number_is_corrected_before_anything_rings(line, phone):
    home = Phone(line)
    phone.says("call home", "phone number")
    # It may be a cry for help: that is asked first, and the question put again after a yes.
    phone.says("911", "Are you safe right now?")
    phone.says("yes", "what number is home")
    phone.says(home.number[2:], "What name")
    phone.says("danny", "Call now?")
    phone.says("no", "right number")
    phone.says("nevermind dont call", "no call")
    assert calls_of(line, phone) == []


def test_an_emergency_in_the_middle_is_answered_in_the_same_breath_and_nothing_covers_it(phone):
    phone.says("hungry", "ZIP code")
    answer = phone.send("my friend is not waking up hes blue")
    assert "Call 911 now" in answer["twiml"]
    phone.hears("Nobody on our team is on right now")
    phone.hears_nothing(2)
    phone.says("ok the medics came. im still hungry, 98104", "Near 98104")


def test_stop_is_obeyed_and_only_start_brings_the_line_back(phone):
    phone.says("hi", "Warmline")
    phone.says("check on me in 1 minute", "I'll text you")
    phone.says("STOP", "unsubscribed")
    phone.send("food")
    phone.hears_nothing(3)
    phone.says("START", "Good to have you back")
    phone.says("food 98104", "Near 98104")


def test_the_same_webhook_twice_is_answered_once(phone):
    sent = phone.send("food 98104")
    phone.hears("Near 98104")
    phone.send("food 98104", message_sid=sent["message_sid"])
    phone.hears_nothing()


def test_texts_sent_together_are_answered_in_order(phone):
    phone.says("hi", "Warmline")
    for body in ("food", "98104", "1"):
        phone.send(body, wait=False)
        time.sleep(0.05)
    phone.hears("check on you later")


@pytest.mark.parametrize(
    ("body", "more", "words"),
    [
        ("", {}, "words"),
        ("😀😀", {}, "words"),
        ("", {"media": ["https://example.org/cat.jpg"]}, "words"),
        ("food " * 320, {}, "ZIP code"),
        ("food\x00 98104", {}, "Near 98104"),
        ("/restart", {}, "FOOD, a CALL HOME"),
        ("food 98104", {"to": "55501"}, "Near 98104"),
        ("food 98104", {"extra": {"NobodyKnows": "x"}}, "Near 98104"),
    ],
    ids=["empty", "emoji", "picture", "1600", "nul", "slash", "short-code", "unknown-field"],
)
def test_odd_texts_get_a_sensible_answer(phone, body, more, words):
    assert phone.send(body, **more)["webhook_status"] == 200
    phone.hears(words)


@pytest.mark.parametrize("signature", ["wrong", "none"])
def test_a_forged_webhook_is_refused(line, phone, signature):
    assert phone.send("food", signature=signature)["webhook_status"] == 403
    phone.hears_nothing()


def test_no_word_or_number_lies_readable_in_the_files_or_the_log(line, phone):
    phone.says("my name is Marigold and im hungry", "ZIP code")
    sqlite3.connect(line.var / "warmline.db").execute("PRAGMA wal_checkpoint").close()
    for file in [*line.var.glob("warmline.db*"), line.log]:
        held = file.read_bytes()
        for word in (b"Marigold", b"marigold", phone.number.encode(), phone.number[2:].encode()):
            assert word not in held, file.name
