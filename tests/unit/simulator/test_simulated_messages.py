"""The Messages resource of the simulated Twilio, through Twilio's own client."""

from datetime import UTC, datetime, timedelta

import pytest
from simulated_world import HOME, LINE, PHONE, SID, until
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client


def test_a_text_is_taken_as_queued_and_then_delivered(twilio):
    text = twilio.client.messages.create(to=PHONE, from_=LINE, body="Hello there")

    assert (text.status, text.direction, text.body, text.num_segments) == (
        "queued",
        "outbound-api",
        "Hello there",
        "1",
    )
    assert text.date_created.tzinfo
    delivered = until(lambda: (now := text.fetch()).status == "delivered" and now)
    assert delivered.date_sent
    assert [shown["body"] for shown in twilio.messages()] == ["Hello there"]


def test_status_callbacks_are_signed_and_come_for_sent_and_delivered_only(twilio, line):
    text = twilio.client.messages.create(
        to=PHONE, from_=LINE, body="Hi", status_callback=f"{line.url}/twilio/status/7?a=1"
    )
    forms = until(lambda: len(line.forms("/twilio/status/7")) == 2 and line.forms("/twilio/status/7"))

    assert [form["MessageStatus"] for form in forms] == ["sent", "delivered"]
    assert [form["SmsStatus"] for form in forms] == ["sent", "delivered"]
    assert {form["MessageSid"] for form in forms} == {text.sid}
    assert (forms[0]["To"], forms[0]["From"], forms[0]["AccountSid"]) == (PHONE, LINE, SID)
    assert "ErrorCode" not in forms[1]


def test_a_phone_out_of_reach_is_reported_undelivered_with_its_code(twilio, line):
    twilio.post(f"/phones/{PHONE}/persona", {"text_status": "undelivered"})
    twilio.client.messages.create(to=PHONE, from_=LINE, body="Hi", status_callback=f"{line.url}/status")
    forms = until(lambda: len(line.forms("/status")) == 2 and line.forms("/status"))

    assert forms[1]["MessageStatus"] == "undelivered"
    assert forms[1]["ErrorCode"] == "30003"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": "2065550142"}, 21211),
        ({"to": "+15005550009"}, 21614),
        ({"body": ""}, 21602),
        ({"body": "a" * 1601}, 21617),
        ({"from_": "+12065550199"}, 21659),
        ({"status_callback": "nowhere"}, 21609),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(twilio, change, code):
    with pytest.raises(TwilioRestException) as refused:
        twilio.client.messages.create(**({"to": PHONE, "from_": LINE, "body": "Hi"} | change))

    assert (refused.value.status, refused.value.code) == (400, code)
    assert twilio.messages() == []


def test_a_wrong_token_is_refused_with_20003(twilio):
    stranger = Client(SID, "another token", http_client=twilio.client.http_client)
    with pytest.raises(TwilioRestException) as refused:
        stranger.messages.create(to=PHONE, from_=LINE, body="Hi")

    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_an_unknown_text_is_not_found(twilio):
    with pytest.raises(TwilioRestException) as refused:
        twilio.client.messages("SM" + "f" * 32).fetch()

    assert (refused.value.status, refused.value.code) == (404, 20404)


@pytest.mark.parametrize("path", ["Messages", "Faxes.json", "Messages/SM1/Feedback.json"])
def test_an_address_twilio_does_not_have_is_refused_in_its_own_words(twilio, path):
    url = f"{twilio.url}/2010-04-01/Accounts/{SID}/{path}"

    assert twilio.http.get(url, auth=twilio.client.auth, timeout=5).json()["code"] == 20404


def test_lists_are_newest_first_and_filtered_by_recipient_and_time(twilio):
    for body in ("one", "two", "three"):
        twilio.client.messages.create(to=PHONE, from_=LINE, body=body)
    twilio.client.messages.create(to=HOME, from_=LINE, body="elsewhere")
    now = datetime.now(UTC)

    listed = twilio.client.messages.list(to=PHONE, from_=LINE, date_sent_after=now - timedelta(minutes=1))
    assert [text.body for text in listed] == ["three", "two", "one"]
    assert twilio.client.messages.list(to=PHONE, date_sent_after=now + timedelta(minutes=1)) == []
    assert len(twilio.client.messages.list(date_sent_before=now + timedelta(minutes=1))) == 4


def test_a_long_list_comes_in_pages(twilio):
    for number in range(7):
        twilio.client.messages.create(to=PHONE, from_=LINE, body=f"text {number}")

    listed = twilio.client.messages.list(to=PHONE, page_size=3)
    assert [text.body for text in listed] == [f"text {number}" for number in reversed(range(7))]
    assert len(twilio.client.messages.list(limit=4, page_size=3)) == 4


def test_segments_are_counted_as_on_the_air(twilio):
    bodies = {
        "a" * 160: "1",
        "a" * 161: "2",
        "¿Dónde?" * 10: "1",
        "á" * 71: "2",
        "😀" * 35: "1",
        "😀" * 36: "2",
    }
    for body, segments in bodies.items():
        assert twilio.client.messages.create(to=PHONE, from_=LINE, body=body).num_segments == segments


def test_a_text_can_be_redacted_and_deleted(twilio):
    text = twilio.client.messages.create(to=PHONE, from_=LINE, body="secret")
    until(lambda: text.fetch().status == "delivered")

    assert text.update(body="").body == ""
    assert text.delete()
    assert twilio.client.messages.list() == []


@pytest.mark.parametrize(("status", "code"), [(500, 20500), (429, 20429)])
def test_a_fault_strikes_as_often_as_ordered_and_takes_nothing(twilio, status, code):
    twilio.post("/faults", {"messages": {"status": status, "times": 1}})
    with pytest.raises(TwilioRestException) as refused:
        twilio.client.messages.create(to=PHONE, from_=LINE, body="Hi")

    assert (refused.value.status, refused.value.code) == (status, code)
    assert twilio.client.messages.create(to=PHONE, from_=LINE, body="Again").sid
    assert [text.body for text in twilio.client.messages.list()] == ["Again"]


def test_a_lost_answer_leaves_the_text_taken(twilio):
    twilio.post("/faults", {"messages": {"status": "lose_answer", "times": 1}})
    with pytest.raises(TwilioRestException):
        twilio.client.messages.create(to=PHONE, from_=LINE, body="Hi")

    assert [text.body for text in twilio.client.messages.list(to=PHONE)] == ["Hi"]


def test_faults_can_be_taken_back(twilio):
    twilio.post("/faults", {"messages": {"status": 500, "times": 9}})
    twilio.http.delete(f"{twilio.url}/simulator/faults", timeout=5)

    assert twilio.client.messages.create(to=PHONE, from_=LINE, body="Hi").sid
