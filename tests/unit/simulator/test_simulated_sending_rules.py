"""What Twilio checks before it takes a text: senders, recipients, validity, schedules, throughput."""

from datetime import UTC, datetime, timedelta

import pytest
from simulated_world import HOME, LINE, PHONE, until
from twilio.base.exceptions import TwilioRestException

SERVICE = "MG" + "1" * 32


@pytest.fixture
def settings():
    return {"messaging_service_sid": SERVICE}


def refusal(twilio, **options) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as refused:
        twilio.send(**options)
    return refused.value.status, refused.value.code


def in_time(**ahead):
    return datetime.now(UTC) + timedelta(**ahead)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
    ],
)
def test_the_magic_numbers_of_twilios_test_credentials_always_fail(twilio, options, code):
    assert refusal(twilio, **options) == (400, code)


def test_the_magic_sender_always_works(twilio):
    assert twilio.send(from_="+15005550006").sid


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"from_": "our line"}, 21212),
        ({"from_": "+12065550199"}, 21659),
        ({"to": LINE}, 21211),
        ({"messaging_service_sid": "MG" + "2" * 32}, 21701),
        ({"validity_period": 0}, 21624),
        ({"validity_period": 36_001}, 21624),
        ({"media_url": ["nowhere"], "body": "look"}, 21620),
        ({"media_url": [f"https://example.org/{number}.jpg" for number in range(11)]}, 21623),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(twilio, options, code):
    assert refusal(twilio, **options) == (400, code)


def test_a_refusal_has_twilios_four_fields(twilio):
    account = f"/2010-04-01/Accounts/{twilio.client.account_sid}/Messages.json"
    answer = twilio.http.post(twilio.url + account, data={}, auth=twilio.client.auth, timeout=5)

    assert answer.json() == {
        "code": 21604,
        "message": "A 'To' phone number is required.",
        "more_info": "https://www.twilio.com/docs/errors/21604",
        "status": 400,
    }


def test_a_landline_is_refused_with_21614(twilio):
    twilio.behave(name="no_mobile")

    assert refusal(twilio) == (400, 21614)
    assert twilio.send(to=HOME).sid


def test_a_parameter_twilio_does_not_have_is_noted(twilio):
    account = f"/2010-04-01/Accounts/{twilio.client.account_sid}/Messages.json"
    form = {"To": PHONE, "From": LINE, "Body": "Hi", "StatusCallbak": "https://example.org"}
    answer = twilio.http.post(twilio.url + account, data=form, auth=twilio.client.auth, timeout=5)

    assert answer.status_code == 201
    alert = twilio.get("/alerts")[0]
    assert (alert["operation"], alert["parameter"]) == ("Messages.create", "StatusCallbak")


def test_a_text_of_a_service_is_accepted_then_queued_then_sent(twilio, line):
    text = twilio.send(from_=None, messaging_service_sid=SERVICE, status_callback=f"{line.url}/status")

    assert (text.status, text.messaging_service_sid) == ("accepted", SERVICE)
    forms = until(lambda: len(line.forms("/status")) == 3 and line.forms("/status"))
    assert [form["MessageStatus"] for form in forms] == ["queued", "sent", "delivered"]
    assert {form["MessagingServiceSid"] for form in forms} == {SERVICE}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"schedule_type": "fixed", "send_at": in_time(hours=1)}, 35118),
        ({"schedule_type": "fixed", "messaging_service_sid": SERVICE}, 35111),
        ({"schedule_type": "loose", "send_at": in_time(hours=1), "messaging_service_sid": SERVICE}, 35126),
        ({"schedule_type": "fixed", "send_at": in_time(minutes=4), "messaging_service_sid": SERVICE}, 35115),
        ({"schedule_type": "fixed", "send_at": in_time(days=36), "messaging_service_sid": SERVICE}, 35115),
    ],
)
def test_a_schedule_outside_twilios_rules_is_refused(twilio, options, code):
    assert refusal(twilio, **options) == (400, code)


def scheduled(twilio, line=None):
    return twilio.send(
        messaging_service_sid=SERVICE,
        schedule_type="fixed",
        send_at=in_time(hours=1),
        **({"status_callback": f"{line.url}/status"} if line else {}),
    )


def test_a_scheduled_text_goes_at_its_time_and_not_before(twilio):
    twilio.freeze()
    text = scheduled(twilio)
    twilio.advance(3500)
    assert text.fetch().status == "scheduled"
    twilio.advance(200)
    assert text.fetch().status == "delivered"


def test_a_scheduled_text_can_be_canceled_and_others_can_not(twilio):
    assert scheduled(twilio).update(status="canceled").status == "canceled"
    twilio.freeze()
    with pytest.raises(TwilioRestException) as refused:
        twilio.send().update(status="canceled")
    assert refused.value.code == 30409


def test_somebody_who_stopped_meanwhile_does_not_get_the_scheduled_text(twilio, line):
    twilio.freeze()
    text = scheduled(twilio, line)
    twilio.text("STOP")
    twilio.advance(4000)

    assert (text.fetch().status, text.fetch().error_code) == ("failed", 21610)
    assert [form["ErrorCode"] for form in line.forms("/status")] == ["21610"]


@pytest.mark.parametrize(("body", "status"), [("something else", None), ("", "canceled"), (None, "sent")])
def test_an_update_is_a_redaction_or_a_cancelling_and_nothing_else(twilio, body, status):
    text = twilio.send()
    given = {name: value for name, value in {"body": body, "status": status}.items() if value is not None}
    with pytest.raises(TwilioRestException) as refused:
        text.update(**given)
    assert refused.value.code == 30400


def test_a_text_on_its_way_can_be_neither_redacted_nor_deleted(twilio):
    twilio.freeze()
    text = twilio.send()
    for change in (lambda: text.update(body=""), text.delete):
        with pytest.raises(TwilioRestException) as refused:
            change()
        assert refused.value.code == 20009


def test_a_sender_sends_no_faster_than_its_segments_a_second(twilio):
    twilio.settle(mps=1)
    twilio.freeze()
    texts = [twilio.send("a" * 161), twilio.send("b"), twilio.send("c")]
    twilio.advance(2.5)

    assert [text.fetch().status for text in texts] == ["delivered", "delivered", "queued"]


def test_a_text_that_waits_longer_than_its_validity_fails_with_30036(twilio, line):
    twilio.settle(mps=1)
    twilio.freeze()
    twilio.send("a" * 1530)
    text = twilio.send("too late", validity_period=5, status_callback=f"{line.url}/status")
    twilio.advance(60)

    assert (text.fetch().status, text.fetch().error_code) == ("failed", 30036)
    assert [form["ErrorCode"] for form in line.forms("/status")] == ["30036"]


def test_a_full_queue_is_refused_with_21611_and_fails_with_30001_in_a_service(twilio):
    twilio.settle(mps=1, queue_seconds=5)
    twilio.freeze()
    twilio.send("a" * 1530)
    assert refusal(twilio) == (400, 21611)
    text = twilio.send(messaging_service_sid=SERVICE)
    twilio.advance(1)
    assert (text.status, text.fetch().error_code) == ("accepted", 30001)


def test_too_many_creates_in_a_second_are_refused_with_20429_and_not_taken(twilio):
    twilio.settle(creates_per_second=2)
    twilio.freeze()
    twilio.send("one")
    twilio.send("two")
    assert refusal(twilio) == (429, 20429)
    twilio.advance(0.5)
    twilio.send("three")

    assert [text["body"] for text in twilio.messages()] == ["one", "two", "three"]
