"""The REST API goes wrong: before it took a text, or after."""

from time import monotonic

import pytest
import requests
from simulated_world import LINE, PHONE, until
from twilio.base.exceptions import TwilioException, TwilioRestException


def taken(twilio):
    return [text["body"] for text in twilio.messages()]


def test_case_23_a_burst_of_too_many_requests(twilio):
    twilio.order(messages={"status": 429, "times": 3})
    for _ in range(3):
        with pytest.raises(TwilioRestException) as refused:
            twilio.send()
        assert (refused.value.status, refused.value.code) == (429, 20429)

    assert twilio.send("at last").sid
    assert taken(twilio) == ["at last"]


def test_case_29_the_connection_is_cut_after_the_text_was_taken(twilio):
    twilio.order(messages={"kind": "cut"})
    with pytest.raises(requests.ConnectionError):
        twilio.send("taken")

    assert taken(twilio) == ["taken"]
    entry = until(lambda: twilio.journal(target="messages", method="POST"))[0]
    assert (entry["status"], entry["fault"], len(entry["sids"])) == (None, "cut", 1)


def test_the_connection_is_cut_before_anything_was_taken(twilio):
    twilio.order(messages={"kind": "cut_before"})
    with pytest.raises(requests.ConnectionError):
        twilio.send("not taken")

    assert taken(twilio) == []


def test_the_answer_comes_late(twilio):
    twilio.order(messages={"kind": "slow", "seconds": 0.3})
    began = monotonic()

    assert twilio.send("slow").sid
    assert monotonic() - began >= 0.3


def test_case_16_statuses_come_before_the_answer_that_names_the_sid(twilio, line):
    twilio.order(messages={"kind": "slow", "seconds": 0.3})
    text = twilio.send(status_callback=f"{line.url}/twilio/status/7")

    told = [(form["MessageSid"], form["MessageStatus"]) for form in line.forms("/twilio/status/7")]
    assert told == [(text.sid, "sent"), (text.sid, "delivered")]


def test_case_26_an_answer_without_a_sid(twilio):
    twilio.order(messages={"kind": "no_sid"})

    assert twilio.send("taken").sid is None
    assert taken(twilio) == ["taken"]


def test_case_22_an_answer_that_is_not_twilios(twilio):
    twilio.order(messages={"status": 401, "body": "Go away"})
    with pytest.raises((TwilioException, ValueError)):
        twilio.send()


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        ({"status": 400, "code": 1001}, 400, 1001),
        ({"status": 400, "code": 21610}, 400, 21610),
        ({"status": 401}, 401, 20003),
        ({"status": 503}, 503, 20503),
    ],
    ids=["case 24", "case 25", "credentials", "service"],
)
def test_any_status_and_code_can_be_ordered(twilio, order, status, code):
    twilio.order(messages=order)
    with pytest.raises(TwilioRestException) as refused:
        twilio.send()

    assert (refused.value.status, refused.value.code) == (status, code)
    assert taken(twilio) == []


def test_orders_for_one_target_strike_one_after_the_other(twilio):
    twilio.order(messages=[{"status": 500}, {"status": 429, "times": 2}])
    codes = []
    for _ in range(3):
        with pytest.raises(TwilioRestException) as refused:
            twilio.send()
        codes.append(refused.value.status)

    assert codes == [500, 429, 429]
    assert twilio.send().sid


def test_a_call_can_be_taken_and_its_answer_lost(twilio):
    twilio.order(calls={"kind": "lose_answer"})
    with pytest.raises(TwilioRestException):
        twilio.client.calls.create(to=PHONE, from_=LINE, twiml="<Response/>")

    assert len(twilio.client.calls.list(to=PHONE)) == 1


def test_twilio_is_down_for_one_phone_and_not_for_another(twilio):
    twilio.order(messages={"status": 500, "times": None, "phone": PHONE})
    for _ in range(2):
        with pytest.raises(TwilioRestException):
            twilio.send()

    assert twilio.send(to="+12065550155").sid
