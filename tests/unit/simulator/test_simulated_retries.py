"""Connection overrides in the fragment of a configured address: timeouts, retries and what is retried."""

from time import monotonic, sleep

import pytest
from simulated_world import until

from simulator.webhooks.overrides import Overrides, read_overrides


@pytest.fixture
def settings(request):
    return getattr(request, "param", {})


def attempts(twilio):
    return [(attempt["path"], attempt["status"]) for attempt in twilio.text("hello")["attempts"]]


def failing(line, times):
    left = [times]

    def answer(_form):
        left[0] -= 1
        return ("busy", 503) if left[0] >= 0 else "<Response/>"

    line.answers["/twilio/sms"] = answer


def test_without_overrides_an_answer_of_500_goes_straight_to_the_fallback(twilio, line):
    failing(line, 1)

    assert attempts(twilio) == [("/twilio/sms", 503), ("/twilio/sms/fallback", 200)]


@pytest.mark.parametrize("policy", ["all", "5xx", "ct,5xx"])
def test_a_retry_policy_tries_again_with_the_same_token(twilio, line, policy):
    twilio.settle(sms_path=f"/twilio/sms#rc=2&rp={policy}")
    failing(line, 2)

    assert attempts(twilio) == [("/twilio/sms", 503), ("/twilio/sms", 503), ("/twilio/sms", 200)]
    assert len({headers["I-Twilio-Idempotency-Token"] for _, _, headers in line.received}) == 1
    assert line.unsigned == 0


def test_after_the_last_retry_the_fallback_is_told_of_the_address(twilio, line):
    twilio.settle(sms_path="/twilio/sms#rc=1&rp=all")
    failing(line, 9)

    assert [path for path, _ in attempts(twilio)] == ["/twilio/sms", "/twilio/sms", "/twilio/sms/fallback"]
    assert line.forms("/twilio/sms/fallback")[0]["ErrorUrl"] == f"{line.url}/twilio/sms"


def test_an_answer_that_takes_too_long_is_given_up(twilio, line):
    twilio.settle(sms_path="/twilio/sms#rt=200&rc=1&rp=rt")
    line.answers["/twilio/sms"] = lambda _form: sleep(0.6) or "<Response/>"
    began = monotonic()

    assert attempts(twilio) == [("/twilio/sms", None)] * 2 + [("/twilio/sms/fallback", 200)]
    assert monotonic() - began < 2
    until(lambda: len(line.forms("/twilio/sms")) == 2)
    assert line.forms("/twilio/sms/fallback")[0]["ErrorCode"] == "11205"


def test_all_retries_fit_into_the_total_time(twilio, line):
    twilio.settle(sms_path="/twilio/sms#rt=200&tt=300&rc=5&rp=all")
    line.answers["/twilio/sms"] = lambda _form: sleep(0.5) or "<Response/>"

    assert [path for path, _ in attempts(twilio)] == ["/twilio/sms"] * 2 + ["/twilio/sms/fallback"]
    until(lambda: len(line.forms("/twilio/sms")) == 2)


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", Overrides()),
        ("#ct=3000&rt=1500&rc=5&rp=all", Overrides(3, 1.5, 15, 5, frozenset({"all"}))),
        ("#ct=5&rt=99999&rc=9&rp=maybe", Overrides()),
    ],
)
def test_overrides_outside_twilios_ranges_count_as_left_out(fragment, expected):
    assert read_overrides(f"https://line.example.org/twilio/sms{fragment}", 15.0) == expected


@pytest.mark.parametrize("settings", [{"webhook_base_url": "http://127.0.0.1:9"}], indirect=True)
def test_a_line_that_is_not_there_is_tried_twice_and_then_its_fallback_twice(twilio):
    assert attempts(twilio) == [("/twilio/sms", None)] * 2 + [("/twilio/sms/fallback", None)] * 2
    assert {alert["error_code"] for alert in twilio.get("/alerts")} == {11205}
