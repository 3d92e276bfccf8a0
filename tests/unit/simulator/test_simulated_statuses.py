"""A text on its way: the order and time of its statuses, and how each kind of phone ends it."""

import pytest
from simulated_world import PHONE, until

CALLBACK = "/twilio/status/7"


@pytest.fixture
def statuses(twilio, line):
    def told(**persona):
        twilio.behave(**persona)
        twilio.freeze()
        twilio.send(status_callback=line.url + CALLBACK)
        twilio.advance(60)
        forms = line.forms(CALLBACK)
        return [(form["MessageStatus"], form.get("ErrorCode")) for form in forms]

    return told


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("delivered", ("delivered", None)),
        ("unreachable", ("undelivered", "30003")),
        ("unknown", ("undelivered", "30005")),
        ("landline", ("undelivered", "30006")),
        ("filtered", ("undelivered", "30007")),
        ("carrier_error", ("undelivered", "30008")),
        ("unregistered", ("undelivered", "30034")),
        ("sent_only", ("sent", None)),
    ],
)
def test_a_phone_decides_what_becomes_of_a_text(statuses, name, last):
    told = statuses(name=name)

    assert told[0] == ("sent", None)
    assert told[-1] == last
    assert len(told) == (1 if name == "sent_only" else 2)


@pytest.mark.parametrize(("name", "code"), [("stopped_at_carrier", "21610"), ("channel_rate", "63018")])
def test_case_11_and_19_a_text_that_fails_is_reported_with_its_code(statuses, name, code):
    assert statuses(name=name) == [("failed", code)]


def test_case_15_a_text_can_be_read(statuses):
    assert [status for status, _ in statuses(name="read")] == ["sent", "delivered", "read"]


def test_a_text_never_delivered_stays_queued_until_its_validity_is_over(twilio, line):
    twilio.behave(name="never")
    twilio.freeze()
    text = twilio.send(validity_period=600, status_callback=line.url + CALLBACK)
    twilio.advance(599)
    assert text.fetch().status == "queued"
    twilio.advance(2)
    assert (text.fetch().status, text.fetch().error_code) == ("failed", 30036)
    assert [form["MessageStatus"] for form in line.forms(CALLBACK)] == ["failed"]


def test_the_carriers_receipt_comes_with_the_last_status_alone(twilio, line):
    twilio.send(status_callback=line.url + CALLBACK)
    sent, delivered = until(lambda: len(line.forms(CALLBACK)) == 2 and line.forms(CALLBACK))

    assert "RawDlrDoneDate" not in sent
    assert len(delivered["RawDlrDoneDate"]) == 10
    assert delivered["RawDlrDoneDate"].isdecimal()


def test_each_status_takes_the_time_it_is_given(twilio):
    twilio.settle(status_seconds={"sending": 1, "sent": 2, "delivered": 30})
    twilio.freeze()
    text = twilio.send()
    seen = []
    for seconds in (0.5, 1, 2, 29, 1):
        twilio.advance(seconds)
        seen.append(text.fetch().status)

    assert seen == ["queued", "sending", "sent", "sent", "delivered"]


def test_an_unknown_persona_is_refused(twilio):
    url = f"{twilio.url}/simulator/phones/{PHONE}/persona"
    for wrong in ({"name": "nobody"}, {"text_status": "lost"}, {"mood": "good"}):
        assert twilio.http.post(url, json=wrong, timeout=5).status_code == 400
    assert twilio.get("/personas")["voicemail"]["answered_by"] == "machine_start"
