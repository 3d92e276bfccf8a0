"""Texts from a simulated phone: the webhook, its fallback, the answer, and Twilio's own keywords."""

import pytest
import requests
from simulated_world import HOME, LINE, PHONE, SID, until
from twilio.base.exceptions import TwilioRestException

FIELDS = [
    "ToCountry",
    "ToState",
    "SmsMessageSid",
    "NumMedia",
    "ToCity",
    "FromZip",
    "SmsSid",
    "FromState",
    "SmsStatus",
    "FromCity",
    "Body",
    "FromCountry",
    "To",
    "ToZip",
    "NumSegments",
    "MessageSid",
    "AccountSid",
    "From",
    "ApiVersion",
]


def test_a_text_reaches_the_line_signed_with_all_of_twilios_fields(twilio, line):
    sent = twilio.text("hungry near 98104")
    path, form, headers = line.received[0]

    assert (path, sent["webhook_status"], sent["twiml"]) == ("/twilio/sms", 200, "<Response/>")
    assert sorted(form) == sorted(FIELDS)
    assert (form["From"], form["To"], form["AccountSid"]) == (PHONE, LINE, SID)
    assert (form["Body"], form["NumMedia"], form["SmsStatus"]) == ("hungry near 98104", "0", "received")
    assert form["MessageSid"] == sent["message_sid"]
    assert headers["I-Twilio-Idempotency-Token"]
    assert line.unsigned == 0


def test_media_and_extra_fields_are_passed_on_and_fields_can_be_left_out(twilio, line):
    extra = {"Body": None, "Something": "new", "To": "384387"}
    twilio.text("", media=["https://example.org/1.jpg", "https://example.org/2.jpg"], extra=extra)
    form = line.forms("/twilio/sms")[0]

    assert (form["NumMedia"], form["MediaUrl1"]) == ("2", "https://example.org/2.jpg")
    assert (form["Something"], form["To"]) == ("new", "384387")
    assert "Body" not in form


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        ({"body": "QXl1ZGEgcG9yIGZhdm9y"}, "Body", "QXl1ZGEgcG9yIGZhdm9y"),
        ({"body": "Yes", "extra": {"ButtonText": "Yes"}}, "ButtonText", "Yes"),
        ({"body": "hi", "to": "384387"}, "To", "384387"),
        ({"body": "hi", "extra": {"MessagingServiceSid": "MG9"}}, "MessagingServiceSid", "MG9"),
        ({"body": "hi", "extra": {"From": ""}}, "From", ""),
        ({"body": "¡Ayuda!"}, "Body", "¡Ayuda!"),
    ],
    ids=["case 7", "case 8", "case 9", "case 39", "case 30", "case 44"],
)
def test_a_text_can_come_in_any_of_the_forms_that_twilio_sends(twilio, line, options, field, value):
    twilio.text(**options)

    assert line.forms("/twilio/sms")[0][field] == value
    assert line.unsigned == 0


@pytest.mark.parametrize("word", ["REVOKE", "optout", "Cancel", "END", "quit", "STOPALL", "UNSUBSCRIBE"])
def test_case_40_and_41_every_keyword_stops_the_line_until_start(twilio, word):
    twilio.text(word)
    with pytest.raises(TwilioRestException) as refused:
        twilio.send()
    assert refused.value.code == 21610
    twilio.text("START")
    assert twilio.send().sid


def test_with_advanced_opt_out_the_webhook_says_what_kind_of_word_it_was(twilio, line):
    twilio.settle(advanced_opt_out=True, help_answer="Call 988.")
    for word in ("STOP", "HELP", "START", "hello"):
        twilio.text(word)

    assert [form.get("OptOutType") for form in line.forms("/twilio/sms")] == ["STOP", "HELP", "START", None]
    assert [text["body"] for text in twilio.messages() if text["via"] == "twilio"][1] == "Call 988."


def test_the_same_webhook_can_be_sent_again(twilio, line):
    first = twilio.text("hello")
    twilio.text("hello", message_sid=first["message_sid"])
    one, two = line.received

    assert one[1] == two[1]
    assert one[2]["I-Twilio-Idempotency-Token"] == two[2]["I-Twilio-Idempotency-Token"]
    assert len(twilio.messages()) == 1


def test_nul_bytes_and_emoji_are_carried_unchanged(twilio, line):
    twilio.text("a\0b 😀 ¡Ayuda!")

    assert line.forms("/twilio/sms")[0]["Body"] == "a\0b 😀 ¡Ayuda!"


@pytest.mark.parametrize("signature", ["wrong", "none"])
def test_a_bad_signature_can_be_sent_on_purpose(twilio, line, signature):
    sent = twilio.text("hello", signature=signature)

    assert (sent["webhook_status"], line.unsigned, line.received) == (403, 2, [])


def test_a_failing_webhook_is_tried_once_more_at_the_fallback(twilio, line):
    line.answers["/twilio/sms"] = ("broken", 500)
    sent = twilio.text("hello")
    fallback = line.forms("/twilio/sms/fallback")[0]

    assert sent["webhook_status"] == 200
    assert [attempt["status"] for attempt in sent["attempts"]] == [500, 200]
    assert fallback["ErrorCode"] == "11200"
    assert fallback["ErrorUrl"] == f"{line.url}/twilio/sms"
    assert fallback["MessageSid"] == sent["message_sid"]


def test_a_text_can_be_sent_without_waiting_for_the_webhook(twilio, line):
    sent = twilio.text("hello", wait=False)

    assert sent["webhook_status"] is None
    assert until(lambda: line.forms("/twilio/sms"))[0]["MessageSid"] == sent["message_sid"]


def test_every_message_of_the_answer_comes_to_the_phone(twilio, line):
    line.answers["/twilio/sms"] = (
        "<Response><Message>One</Message><Message><Body>Two</Body></Message></Response>"
    )
    twilio.text("hello")
    shown = twilio.messages()

    assert [(text["direction"], text["body"], text["via"]) for text in shown] == [
        ("in", "hello", "phone"),
        ("out", "One", "twiml"),
        ("out", "Two", "twiml"),
    ]
    assert [text["body"] for text in twilio.messages(after=shown[1]["id"])] == ["Two"]
    assert twilio.messages(HOME) == []


@pytest.mark.parametrize(("document", "code"), [("<Response>", 12100), ("<Answer/>", 12200)])
def test_an_answer_that_is_not_twiml_is_noted(twilio, line, document, code):
    line.answers["/twilio/sms"] = document
    sent = twilio.text("hello")

    assert twilio.get("/alerts")[0]["error_code"] == code
    assert twilio.get("/alerts")[0]["sid"] == sent["message_sid"]


def test_stop_is_forwarded_answered_by_twilio_and_blocks_the_number(twilio, line):
    twilio.text(" Stop ")
    assert line.forms("/twilio/sms")[0]["Body"] == " Stop "
    assert twilio.messages()[1]["via"] == "twilio"
    with pytest.raises(TwilioRestException) as refused:
        twilio.client.messages.create(to=PHONE, from_=LINE, body="Hi")
    assert (refused.value.status, refused.value.code) == (400, 21610)
    assert twilio.client.messages.create(to=HOME, from_=LINE, body="Hi").sid

    twilio.text("START")
    assert "re-subscribed" in twilio.messages()[3]["body"]
    assert twilio.client.messages.create(to=PHONE, from_=LINE, body="Hi").sid


def test_an_answer_to_a_stopped_phone_goes_nowhere(twilio, line):
    line.answers["/twilio/sms"] = "<Response><Message>Sorry to see you go</Message></Response>"
    twilio.text("STOP")

    assert [text["via"] for text in twilio.messages()] == ["phone", "twilio"]
    assert twilio.get("/alerts")[0]["error_code"] == 21610


@pytest.mark.parametrize("body", ["stop it", "YES", "HELP", "please end this"])
def test_twilio_stays_silent_on_anything_else(twilio, body):
    twilio.text(body)

    assert [text["via"] for text in twilio.messages()] == ["phone"]


def test_reset_forgets_everything(twilio):
    twilio.text("STOP")
    twilio.post("/reset", {})

    assert twilio.messages() == []
    assert twilio.client.messages.create(to=PHONE, from_=LINE, body="Hi").sid


def test_a_stranger_host_name_reaches_nothing(twilio):
    answer = requests.get(f"{twilio.url}/phone", headers={"Host": "rebound.example"}, timeout=5)

    assert answer.status_code == 400


def test_the_phone_page_runs_nothing_inline_and_loads_nothing_from_elsewhere(twilio):
    page = twilio.http.get(f"{twilio.url}/phone", timeout=5)

    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "<style" not in page.text
    assert "onclick" not in page.text
    for name in ("phone.css", "phone.js", "trouble.css", "trouble.js"):
        assert f"/static/{name}" in page.text
        assert twilio.http.get(f"{twilio.url}/static/{name}", timeout=5).status_code == 200
