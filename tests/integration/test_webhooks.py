"""Texts at the door: what is stored, what is answered, what is refused. On SQLite and on PostgreSQL."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text

from bot.bootstrap import Line
from bot.config import Settings
from bot.db import reading
from bot.models import Conversation, Message
from tests.integration.conftest import PHONE, SETTINGS, Twilio
from webhooks.app import create_app
from webhooks.storing import Storing

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response />'


def stored(line):
    with reading(line.engine) as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def turns(line):
    schema = "dbos." if line.engine.dialect.name == "postgresql" else ""
    with line.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT workflow_uuid FROM {schema}workflow_status ORDER BY 1"))  # noqa: S608
        return [row[0] for row in rows]


def test_a_text_is_stored_and_its_turn_started_and_the_answer_is_empty(line, twilio):
    """Cases 1 and 33."""
    answer = twilio.text("im hungry")
    assert (answer.status_code, answer.text) == (200, EMPTY)
    assert [(message.body, message.direction) for message in stored(line)] == [("im hungry", "in")]
    assert turns(line) == ["in-000000000001"]


def test_every_twilio_route_refuses_an_unsigned_request(line, app):
    client = app.test_client()
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/twilio")]
    assert len(rules) >= 9
    for rule in rules:
        path = rule.rule.replace("<callback_id>", "abc")
        assert client.post(path, data={"a": "b"}).status_code == 403, path


@pytest.mark.parametrize(
    "body",
    ["", "x" * 1600, "😀😀", "a\x00b", "🏠" * 400, "line\nbreak", "ñandú", "&<>\"'", "¡Ayuda!"],
    ids=["empty", "1600", "emoji", "nul", "emoji1600", "newline", "accents", "markup", "inverted"],
)
def test_any_body_is_stored_whole_and_answered(line, twilio, body):
    """Cases 43 and 44."""
    answer = twilio.text(body)
    assert answer.status_code == 200
    assert stored(line)[0].body == body
    assert len(turns(line)) == 1


def test_a_short_code_a_service_of_others_and_unknown_fields_make_no_difference(line, twilio):
    """Cases 8, 9, 18 and 39."""
    more = {
        "To": "384387",
        "MessagingServiceSid": "MG" + "7" * 32,
        "ButtonText": "STOP",
        "SomethingNew": "1",
        "Latitude": "47.6",
        "ToCity": "",
    }
    assert twilio.text("food", **more).status_code == 200
    assert [message.body for message in stored(line)] == ["food"]
    assert len(turns(line)) == 1


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_a_text_without_its_id_or_sender_is_a_clear_error(line, twilio, missing):
    """Cases 4 and 30: blank is missing too."""
    for blank in ({}, {missing: "  "}):
        form = {"MessageSid": "SM1", "From": PHONE, "Body": "hi"}
        del form[missing]
        answer = twilio.post("/twilio/sms", {**form, **blank})
        assert (answer.status_code, answer.text) == (400, f"{missing} is missing\n")


def test_an_empty_form_is_told_what_is_missing(line, twilio):
    """Case 4."""
    answer = twilio.post("/twilio/sms", {})
    assert (answer.status_code, answer.text) == (400, "MessageSid is missing\n")


def test_the_same_text_twice_is_one_text_and_one_turn(line, twilio):
    for _ in range(2):
        assert twilio.text("food").status_code == 200
    assert len(stored(line)) == 1
    assert turns(line) == ["in-000000000001"]


def test_the_same_text_eight_times_at_once_is_one_text(line, app):
    """Case 38."""

    def once(_):
        return Twilio(app.test_client()).text("food").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(once, range(8))) == {200}
    assert len(stored(line)) == 1
    assert len(turns(line)) == 1


def test_first_texts_of_one_phone_at_once_make_one_conversation(line, app):

    def once(number):
        return Twilio(app.test_client()).text(f"text {number}", sid=f"SM{number:032x}").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(once, range(8))) == {200}
    with reading(line.engine) as session:
        assert len(session.scalars(select(Conversation)).all()) == 1
    assert len(stored(line)) == 8


def test_the_fallback_address_is_the_same_door(line, twilio):
    twilio.text("food")
    form = {"MessageSid": "SM" + "1" * 32, "From": PHONE, "Body": "food"}
    told = {"ErrorCode": "11205", "ErrorUrl": "https://line.example.org/twilio/sms"}
    assert twilio.post("/twilio/sms/fallback", {**form, **told}).status_code == 200
    assert len(stored(line)) == 1
    assert len(turns(line)) == 1


def test_the_first_address_after_the_fallback_is_the_same_door_too(line, twilio):
    form = {"MessageSid": "SM" + "1" * 32, "From": PHONE, "Body": "i want to kill myself"}
    first = twilio.post("/twilio/sms/fallback", form)
    again = twilio.post("/twilio/sms", form)
    assert first.text == again.text
    assert len(stored(line)) == 2


def test_an_overdose_is_answered_in_the_same_breath_and_flagged(line, twilio):
    answer = twilio.text("my friend wont wake up hes blue")
    assert "<Message>Call 911 now" in answer.text
    assert [message.reply_key for message in stored(line)] == [None, "emergency_overdose"]
    with reading(line.engine) as session:
        assert session.scalars(select(Conversation)).one().emergency_kind == "overdose"


def test_a_repeated_emergency_gets_the_same_words_again_and_is_stored_once(line, twilio):
    first = twilio.text("i want to kill myself")
    again = twilio.text("i want to kill myself")
    assert first.text == again.text
    assert "988" in first.text
    assert len(stored(line)) == 2


@contextmanager
def nobody_can_write(line):
    """Another process holds the database as a worker does that was stopped in the middle of a write."""
    lock = "SELECT 1" if line.engine.dialect.name == "sqlite" else "LOCK TABLE person, conversation, message"
    with line.engine.connect() as connection:
        connection.execute(text(lock))
        yield
        connection.rollback()


def test_an_emergency_is_answered_while_nobody_can_write_and_is_stored_afterwards(line, twilio):
    began = time.monotonic()
    with nobody_can_write(line):
        answer = twilio.text("i want to kill myself")
        assert time.monotonic() - began < 10
    assert "988" in answer.text
    patience = time.monotonic() + 20
    while len(stored(line)) < 2 and time.monotonic() < patience:
        time.sleep(0.05)
    assert [message.reply_key for message in stored(line)] == [None, "emergency_suicide"]


def test_while_nobody_can_write_any_other_text_is_brought_again(line, twilio):
    """503: Twilio's retry or fallback brings it; nothing is half stored."""
    twilio.client.application.extensions["storing"] = Storing(line, within=0.3)
    with nobody_can_write(line):
        began = time.monotonic()
        assert twilio.text("food").status_code == 503
        assert time.monotonic() - began < 5
    assert stored(line) == []
    assert turns(line) == []
    assert twilio.text("food").status_code == 200
    assert len(stored(line)) == 1


def test_so_many_wait_for_the_database_and_an_emergency_still_finds_a_thread(line, app):
    """Twenty texts at once at a locked database: most are refused soon, and 988 is said at once."""
    app.extensions["storing"] = Storing(line, within=3.0)

    def once(number):
        began = time.monotonic()
        status = Twilio(app.test_client()).text("food", sid=f"SM{number:032x}").status_code
        return status, time.monotonic() - began

    with nobody_can_write(line), ThreadPoolExecutor(20) as pool:
        texts = [pool.submit(once, number) for number in range(20)]
        began = time.monotonic()
        answer = Twilio(app.test_client()).text("i want to kill myself", sid="SM" + "f" * 32)
        assert time.monotonic() - began < 4
        assert "988" in answer.text
        took = sorted(text.result()[1] for text in texts)
        assert {text.result()[0] for text in texts} == {503}
        assert took[14] < 2.5


def test_an_emergency_is_answered_even_when_there_is_no_database_at_all(tmp_path):
    settings = Settings.from_env({**SETTINGS, "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"})
    app = create_app(Line(settings))
    assert "911" in Twilio(app.test_client()).text("no esta respirando ayuda sobredosis").text
    app.extensions["storing"].close()


def test_after_stop_a_text_is_kept_and_starts_nothing(line, twilio):
    twilio.text("STOP")
    twilio.text("food", sid="SM" + "2" * 32)
    assert [message.body for message in stored(line)] == ["STOP", "food"]
    assert turns(line) == []


def test_an_emergency_after_stop_is_still_answered(line, twilio):
    twilio.text("STOP")
    assert "911" in twilio.text("he overdosed not breathing", sid="SM" + "2" * 32).text


def test_nothing_readable_lies_in_the_database(line, twilio, tmp_path):
    twilio.text("my name is Marigold and im at harborview")
    if line.engine.dialect.name == "sqlite":
        found = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    else:
        with line.engine.connect() as connection:
            rows = [connection.execute(text(f"TABLE {name}")).all() for name in ("person", "message")]
        found = repr(rows).encode()
    for word in (b"Marigold", b"harborview", PHONE.encode(), b"2065550142"):
        assert word not in found


def test_nothing_readable_lies_in_the_log(line, twilio, caplog):
    caplog.set_level("DEBUG")
    twilio.text("my name is Marigold")
    twilio.post("/twilio/sms", {"MessageSid": "SM1", "From": PHONE, "Body": "Marigold"}, "wrong")
    for word in ("Marigold", "5550142", SETTINGS["TWILIO_AUTH_TOKEN"]):
        assert word not in caplog.text


def test_health_says_what_is_missing_by_name(line, twilio):
    assert twilio.client.get("/healthz").status_code == 200
    ready = twilio.client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json["database"]["ok"]
    assert not ready.json["rasa"]["ok"]
    assert not ready.json["actions"]["ok"]
    assert not ready.json["worker"]["ok"]
    assert b"warmline_oldest_unanswered_seconds" in twilio.client.get("/metrics").data
