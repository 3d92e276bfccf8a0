"""The table of error codes, and how long is waited."""

from datetime import timedelta

import pytest

from bot.delivery.error_codes import Action, look_up, table
from bot.delivery.reactions import _REACTIONS
from bot.delivery.waiting import backoff
from bot.models import Purpose
from bot.replies import load_replies
from bot.urgency import Urgency, urgency_of

ACTIONS = {
    "21610": Action.OPT_OUT, "21211": Action.BAD_NUMBER, "21614": Action.BAD_NUMBER,
    "21602": Action.OUR_FAULT, "21617": Action.OUR_FAULT,
    "21606": Action.SENDER, "21212": Action.SENDER, "21210": Action.SENDER, "21659": Action.SENDER,
    "20003": Action.CREDENTIALS, "20429": Action.THROTTLED, "30022": Action.THROTTLED,
    "21611": Action.THROTTLED, "30001": Action.THROTTLED, "63018": Action.THROTTLED,
    "30007": Action.FILTERED, "30003": Action.UNREACHABLE, "30005": Action.UNREACHABLE,
    "30006": Action.UNREACHABLE, "30008": Action.UNREACHABLE,
    "30034": Action.UNREGISTERED, "30032": Action.UNREGISTERED, "63038": Action.DAILY_LIMIT,
}  # fmt: skip


@pytest.mark.parametrize(("code", "action"), ACTIONS.items())
def test_each_code_has_its_action(code, action):
    assert look_up(code).action is action


def test_a_code_that_is_not_in_the_table_is_unknown_and_not_success():
    assert look_up("99999").action is Action.UNKNOWN


def test_every_code_has_a_meaning_and_a_source():
    for error in table().values():
        assert error.means
        assert error.source.startswith("https://")


def test_every_action_is_carried_out():
    assert set(_REACTIONS) == set(Action)


def test_only_phones_out_of_reach_are_tried_again_on_a_plan():
    assert {error.action for error in table().values() if error.retries} == {Action.UNREACHABLE}


def test_the_wait_grows_with_each_failure_up_to_a_cap_and_is_never_nothing():
    longest = [backoff(Urgency.ANSWER, failures, lambda: 1.0).total_seconds() for failures in range(12)]
    assert longest == sorted(longest)
    assert (longest[1], longest[-1]) == (2.0, 60.0)
    assert backoff(Urgency.ANSWER, 3, lambda: 0.0) == timedelta(seconds=0.2)
    assert backoff(Urgency.EMERGENCY, 12, lambda: 1.0) == timedelta(seconds=5)


def test_every_purpose_has_its_urgency():
    assert {purpose: urgency_of("any", purpose) for purpose in Purpose} == {
        Purpose.CHECK_IN: Urgency.CHECK_IN,
        Purpose.CHECK_IN_SERIES: Urgency.CHECK_IN,
        Purpose.REFERRAL: Urgency.CHECK_IN,
        Purpose.USING_ALONE: Urgency.EMERGENCY,
        Purpose.USING_ALONE_CONTACT: Urgency.EMERGENCY,
        Purpose.CALL_HOME: Urgency.ANSWER,
        Purpose.MESSAGE_HOME: Urgency.ANSWER,
        Purpose.VOICEMAIL: Urgency.ANSWER,
        Purpose.EMERGENCY: Urgency.EMERGENCY,
        Purpose.ON_CALL: Urgency.EMERGENCY,
    }


def test_every_emergency_s_first_words_are_urgent_and_a_list_of_meals_is_not():
    keys = [key for key in load_replies("en").replies if key.startswith("emergency_")]
    assert keys
    assert {urgency_of(key) for key in keys} == {Urgency.EMERGENCY}
    assert urgency_of("list_head") is urgency_of("help") is urgency_of("greet") is Urgency.ANSWER
