"""Check-ins promised: one, a series, the ladder after a referral. On SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import pytest

from bot import check_ins
from bot.db import reading, writing
from bot.errors import TooManyCheckIns
from bot.models import Purpose


def test_an_asked_for_hour_is_kept_at_night_too(check_in_world):
    asked = check_in_world.promise(hours=14)
    assert check_in_world.due(asked) == "2026-11-25 02:00"
    check_in_world.clock.pass_by(hours=14)
    assert check_in_world.keep(asked) == "sent"
    assert check_in_world.said() == ["check_in"]


def test_the_words_that_asked_for_it_are_in_the_ledger(check_in_world):
    check_in_world.promise("check on me in an hour", hours=1, asked="ask_check_in_at")
    (consent,) = check_in_world.consents()
    assert (consent.purpose, consent.words) == (Purpose.CHECK_IN, "check on me in an hour")
    assert (consent.asked, consent.revoked_at) == ("ask_check_in_at", None)
    assert consent.message_id is not None


def test_the_same_text_taken_up_twice_promises_once(check_in_world):
    message_id = check_in_world.text("check on me in an hour")
    first = check_in_world.promise(message_id=message_id, hours=1)
    check_in_world.clock.pass_by(seconds=70)
    assert check_in_world.promise(message_id=message_id, hours=1) == first
    assert check_in_world.states() == ["scheduled"]
    assert len(check_in_world.consents()) == 1


def test_two_texts_asking_for_the_same_minute_are_one_promise(check_in_world):
    first = check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(seconds=20)
    assert check_in_world.promise(hours=1) == first


def test_an_earlier_promise_stands_beside_a_newer_one(check_in_world):
    check_in_world.promise(hours=1)
    check_in_world.promise(hours=2)
    assert check_in_world.states() == ["scheduled", "scheduled"]


def test_every_morning_for_a_week_is_seven_texts_at_nine(check_in_world):
    check_in_world.promise_every("every morning for a week")
    assert check_in_world.dues() == [f"11-{day} 09:00" for day in (25, 26, 27, 28, 29, 30)] + ["12-01 09:00"]
    (consent,) = check_in_world.consents()
    assert (consent.purpose, consent.asked) == (Purpose.CHECK_IN_SERIES, "check_in_series_ask")


def test_a_series_agreed_to_twice_by_one_text_is_one_series(check_in_world):
    words = "every day at 8"
    message_id = check_in_world.text(words)
    for _ in range(2):
        with writing(check_in_world.engine) as session:
            rule = check_ins.read_recurrence(words, check_in_world.clock(), "UTC")
            check_ins.promise_series(
                session,
                check_in_world.conversation(session),
                rule,
                "UTC",
                check_ins.Agreed(words, None, message_id),
                check_in_world.clock(),
            )
    assert check_in_world.states() == ["scheduled"] * 7


def test_a_series_keeps_its_hour_across_the_end_of_daylight_saving(check_in_world):
    check_in_world.at(2026, 10, 30, 12)
    ids = check_in_world.promise_every("every day at 9 for 3 days")
    assert [check_in_world.get(one).due_at for one in ids] == [
        datetime(2026, 10, 31, 16, 0, tzinfo=UTC),
        datetime(2026, 11, 1, 17, 0, tzinfo=UTC),
        datetime(2026, 11, 2, 17, 0, tzinfo=UTC),
    ]


def test_half_past_two_on_the_night_clocks_spring_forward_is_three(check_in_world):
    check_in_world.at(2026, 3, 6, 12)
    check_in_world.promise_every("every day at 2:30am for 3 days")
    assert check_in_world.dues() == ["03-07 02:30", "03-08 03:00", "03-09 02:30"]


def test_half_past_one_on_the_night_clocks_fall_back_is_the_first_of_the_two(check_in_world):
    check_in_world.at(2026, 10, 31, 12)
    (first, *_) = check_in_world.promise_every("every day at 1:30am for 2 days")
    assert check_in_world.get(first).due_at == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def test_the_ladder_is_next_day_three_days_a_week_and_a_month_at_this_hour(check_in_world):
    check_in_world.promise_ladder()
    assert check_in_world.dues() == ["11-25 12:00", "11-27 12:00", "12-01 12:00", "12-24 12:00"]
    (consent,) = check_in_world.consents()
    assert (consent.purpose, consent.asked, consent.words) == (Purpose.REFERRAL, "offer_check_in", "yes")


@pytest.mark.parametrize(("hour", "day", "earliest", "latest"), [(3, "11-26", 8, 9), (23, "11-26", 20, 21)])
def test_a_ladder_agreed_to_at_night_keeps_to_the_day_and_out_of_the_quiet_hours(
    check_in_world, hour, day, earliest, latest
):
    check_in_world.at(2026, 11, 25, hour)
    check_in_world.promise_ladder()
    first = check_in_world.dues()[0]
    assert first.startswith(day)
    assert earliest <= int(first[6:8]) < latest


def test_five_hundred_check_ins_are_refused_kindly_after_forty(check_in_world):
    refused = 0
    for minutes in range(500):
        try:
            check_in_world.promise(minutes=10 + 2 * minutes)
        except TooManyCheckIns:
            refused += 1
    assert (refused, check_in_world.states()) == (460, ["scheduled"] * 40)
    with pytest.raises(TooManyCheckIns):
        check_in_world.promise_every("every day")


def test_a_refused_promise_leaves_no_consent_behind(check_in_world):
    for minutes in range(40):
        check_in_world.promise(minutes=10 + 2 * minutes)
    with pytest.raises(TooManyCheckIns):
        check_in_world.promise(hours=20)
    assert len(check_in_world.consents()) == 40


def test_what_has_been_sent_makes_room_again(check_in_world):
    first = check_in_world.promise(minutes=10)
    for minutes in range(1, 40):
        check_in_world.promise(minutes=10 + 2 * minutes)
    check_in_world.clock.pass_by(minutes=10)
    check_in_world.keep(first)
    check_in_world.promise(hours=20)


def test_it_is_offered_once_after_an_address_and_not_while_one_stands(check_in_world):
    check_in_world.text("hi")
    with reading(check_in_world.engine) as session:
        conversation = check_in_world.conversation(session)
        assert check_ins.may_offer(session, conversation, check_in_world.clock())
    check_in_world.promise_ladder()
    with reading(check_in_world.engine) as session:
        conversation = check_in_world.conversation(session)
        assert not check_ins.may_offer(session, conversation, check_in_world.clock())


def test_the_last_address_given_is_the_one_it_asks_about(check_in_world):
    ids = check_in_world.promise_ladder("first-place")
    with writing(check_in_world.engine) as session:
        check_ins.ask_about(session, check_in_world.conversation(session), "second-place")
    assert {check_in_world.get(one).listing_id for one in ids} == {"second-place"}
