"""Lists of texts: filters, pages that stay put, lag, and speed with many texts."""

from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from simulated_world import HOME, LINE, PHONE
from twilio.base.exceptions import TwilioException

from simulator.clock import Clock
from simulator.state import State


def bodies(texts):
    return [text.body for text in texts]


def test_both_directions_are_listed_and_told_apart_by_number(twilio):
    twilio.text("in")
    twilio.send("out")
    twilio.send("elsewhere", to=HOME)
    listing = twilio.client.messages.list

    assert bodies(listing()) == ["elsewhere", "out", "in"]
    assert bodies(listing(to=LINE)) == ["in"]
    assert bodies(listing(from_=PHONE)) == ["in"]
    assert bodies(listing(from_=LINE, to=PHONE)) == ["out"]
    assert listing(to="+12065550111") == []


def test_a_day_lists_the_texts_of_that_day(twilio):
    twilio.send("today")
    today = datetime.fromisoformat(twilio.get("/clock")["now"])
    twilio.advance(86_400)
    twilio.send("tomorrow")

    assert bodies(twilio.client.messages.list(date_sent=today.date())) == ["today"]
    assert bodies(twilio.client.messages.list(date_sent=today.date() + timedelta(days=1))) == ["tomorrow"]


def test_a_text_that_waited_long_is_found_by_the_time_it_was_sent(twilio):
    twilio.freeze()
    twilio.settle(mps=1)
    twilio.send("a" * 1530)
    twilio.send("late")
    for _ in range(20):
        twilio.advance(1)
    sent = twilio.client.messages.list(limit=1)[0].date_sent

    assert bodies(twilio.client.messages.list(date_sent_after=sent)) == ["late"]


def test_what_comes_meanwhile_moves_no_page(twilio):
    for number in range(6):
        twilio.send(str(number))
    page = twilio.client.messages.page(to=PHONE, page_size=3)
    twilio.send("new")
    following = page.next_page()

    assert bodies(page) == ["5", "4", "3"]
    assert bodies(following) == ["2", "1", "0"]
    assert following.next_page() is None


def test_a_new_text_is_missing_from_lists_for_as_long_as_ordered(twilio):
    twilio.settle(list_lag_seconds=10)
    twilio.freeze()
    text = twilio.send()
    assert twilio.client.messages.list(to=PHONE) == []
    assert text.fetch().sid == text.sid
    twilio.advance(10)
    assert len(twilio.client.messages.list(to=PHONE)) == 1


def test_lists_can_fail_as_often_as_ordered(twilio):
    twilio.send()
    twilio.order(lists={"kind": 503, "times": 1})
    with pytest.raises(TwilioException):
        twilio.client.messages.list()
    assert len(twilio.client.messages.list()) == 1


def test_20000_texts_make_nothing_slow():
    state = State(Clock())
    for number in range(20_000):
        phone = f"+1206{number % 5000:07}"
        state.add_text(from_=LINE, to=phone, body="x", direction="outbound-api", status="queued", via="rest")
    recent = datetime.now(UTC) + timedelta(seconds=2)
    began = monotonic()
    for number in range(1000):
        assert len(list(state.index.newest_first(f"+1206{number:07}"))) == 4
        assert state.index.after(19_990)[0].id == 19_991
        assert list(state.index.newest_first(since=recent)) == []

    # Looking at every text each time takes some 4 s.
    assert monotonic() - began < 0.5
