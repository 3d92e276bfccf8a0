"""A call's states and facts, told in any order, twice or never."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.calls import advance, note_facts, note_over, outcome_of
from bot.calls.progress import ENDS, ORDER
from bot.models import Call, CallPurpose, CallState, Outcome

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
DIAL = ["completed", "answered", "busy", "no-answer", "failed", "canceled"]
LEG = ["completed", "busy", "no-answer", "failed", "canceled"]
STEPS = [state for state in CallState if state not in ENDS]

#: All that Twilio or a person may do to a call, as (what, with what).
HAPPENS = st.one_of(
    st.tuples(st.just("advance"), st.sampled_from(STEPS)),
    st.tuples(st.just("dial"), st.sampled_from(DIAL)),
    st.tuples(st.just("leg"), st.sampled_from(LEG)),
    st.tuples(st.just("key"), st.sampled_from(["3", "9"])),
    st.tuples(st.just("machine"), st.sampled_from(["human", "machine_start", "fax", "unknown"])),
    st.tuples(st.just("seconds"), st.integers(0, 4000)),
    st.tuples(st.just("take back"), st.none()),
)


PURPOSES = st.sampled_from([CallPurpose.HOME, CallPurpose.VOICEMAIL])


def a_call(state=CallState.REQUESTED, purpose=CallPurpose.HOME) -> Call:
    return Call(purpose=purpose, state=state, created_at=NOW)


def happen(call: Call, what: str, value, now: datetime) -> bool:
    """Do one thing to a call as bot/calling.py does; whether it ended by that."""
    if what == "advance":
        advance(call, value, now)
        return False
    if what == "take back":
        return note_over(call, Outcome.CANCELED, now)
    fact = {"dial": "dial_status", "leg": "leg_status", "key": "home_key", "machine": "answered_by"}.get(
        what, what
    )
    note_facts(call, now, **{fact: value})
    outcome = outcome_of(call)
    return outcome is not None and note_over(call, outcome, now)


@given(st.lists(HAPPENS, max_size=30), PURPOSES)
def test_states_only_go_forward_and_a_call_ends_at_most_once(happenings, purpose):
    call, reached, ends = a_call(purpose=purpose), 0, 0
    for at, (what, value) in enumerate(happenings):
        ended = happen(call, what, value, NOW + timedelta(seconds=at))
        ends += ended
        assert ORDER[CallState(call.state)] >= reached
        reached = ORDER[CallState(call.state)]
        assert (call.ended_at is not None) == (call.state in ENDS) == (call.outcome is not None)
    assert ends == (call.ended_at is not None)


@given(st.lists(HAPPENS, max_size=12), PURPOSES, st.data())
def test_whatever_is_told_twice_changes_nothing(happenings, purpose, data):
    once, twice = a_call(purpose=purpose), a_call(purpose=purpose)
    for at, (what, value) in enumerate(happenings):
        now = NOW + timedelta(seconds=at)
        happen(once, what, value, now)
        happen(twice, what, value, now)
        if data.draw(st.booleans()):
            assert not happen(twice, what, value, now)
    shown = (
        "state",
        "outcome",
        "ended_at",
        "dial_status",
        "leg_status",
        "home_key",
        "answered_by",
        "seconds",
    )
    assert [getattr(once, name) for name in shown] == [getattr(twice, name) for name in shown]


@given(st.permutations(["dial", "leg", "machine"]), st.sampled_from(DIAL[2:]))
def test_the_end_of_the_second_leg_decides_in_whatever_order_it_is_told(order, status):
    """Only if the first leg's end comes alone is it waited for."""
    call = a_call(CallState.DIALING)
    call.dialed_at = NOW
    told = {"dial": status, "leg": "completed", "machine": "human"}
    for what in order:
        happen(call, what, told[what], NOW)
    assert (
        call.outcome
        == {
            "busy": Outcome.BUSY,
            "no-answer": Outcome.NO_ANSWER,
            "failed": Outcome.UNREACHABLE,
            "canceled": Outcome.HUNG_UP,
        }[status]
    )


@given(st.permutations(["dial", "leg"]))
def test_two_who_were_joined_have_talked_whatever_comes_first(order):
    call = a_call(CallState.DIALING)
    call.dialed_at = NOW
    advance(call, CallState.JOINED, NOW)
    for what in order:
        happen(call, what, "completed", NOW)
    assert call.outcome == Outcome.JOINED


def test_a_first_leg_that_ends_while_home_rings_is_not_decided_yet_and_soon_asked_about():
    call = a_call(CallState.DIALING)
    call.dialed_at = NOW
    assert not happen(call, "leg", "completed", NOW)
    assert call.look_at is not None
    assert call.look_at - NOW < timedelta(seconds=15)


def test_a_key_that_refuses_for_ever_stands_against_what_detection_says():
    call = a_call(CallState.DIALING)
    for what, value in (("key", "9"), ("machine", "machine_start"), ("dial", "completed")):
        happen(call, what, value, NOW)
    assert call.outcome == Outcome.REFUSED


def test_a_voice_box_is_told_apart_from_somebody_who_declined():
    for answered_by, outcome in (("machine_start", Outcome.VOICEMAIL), ("human", Outcome.DECLINED)):
        call = a_call(CallState.DIALING)
        happen(call, "machine", answered_by, NOW)
        happen(call, "dial", "completed", NOW)
        assert call.outcome == outcome
