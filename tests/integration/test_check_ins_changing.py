"""Check-ins listed, moved, paused, resumed and taken back in words. On SQLite and on PostgreSQL."""

import pytest

from bot import check_ins
from bot.check_ins import Wish
from bot.db import writing
from bot.models import CheckInSeries, SeriesState
from bot.replies import render


def keys(said):
    return [reply.key for reply in said.replies]


def words(world, said):
    return [render(reply.key, reply.fill, "en", world.clock()) for reply in said.replies]


def test_the_only_one_is_taken_back_with_its_consent(check_in_world):
    asked = check_in_world.promise(hours=1)
    assert keys(check_in_world.obey("cancel my check-in")) == ["check_in_canceled"]
    assert check_in_world.get(asked).state == "canceled"
    (consent,) = check_in_world.consents()
    assert (consent.revoked_by, consent.revoking_message_id is None) == ("words", False)


def test_with_several_it_asks_which_and_takes_the_number(check_in_world):
    check_in_world.promise(hours=1)
    check_in_world.promise_every("every day at 8 for 3 days")
    asked = check_in_world.obey("cancel my check in")
    assert words(check_in_world, asked) == [
        "Which one do you mean?\n1) today at 1pm\n2) every day at 8am, till Friday, Nov 27\n"
        "Reply with a number, or ALL."
    ]
    assert check_ins.choose(asked.pending, "the 5th") is None
    chosen = check_ins.choose(asked.pending, "2")
    assert keys(check_in_world.obey("cancel my check in", chosen=chosen)) == ["check_in_canceled_one"]
    assert check_in_world.dues() == ["11-24 13:00"]


@pytest.mark.parametrize("body", ["stop the morning ones", "cancel the 9am", "cancel the daily texts"])
def test_the_morning_ones_are_stopped_and_nothing_else(check_in_world, body):
    check_in_world.promise(hours=3)
    check_in_world.promise_every("every morning for 3 days")
    check_in_world.obey(body)
    assert check_in_world.dues() == ["11-24 15:00"]
    with writing(check_in_world.engine) as session:
        assert check_in_world.conversation(session).person.opted_out_at is None


def test_one_day_of_a_series_is_taken_out_and_the_rest_stays(check_in_world):
    check_in_world.promise_every("every morning for 3 days")
    assert keys(check_in_world.obey("dont text me tomorrow")) == ["check_in_canceled_one"]
    assert check_in_world.dues() == ["11-26 09:00", "11-27 09:00"]
    (consent,) = check_in_world.consents()
    assert consent.revoked_at is None


def test_cancel_that_takes_back_what_was_promised_last(check_in_world):
    check_in_world.promise(hours=5)
    check_in_world.clock.pass_by(seconds=10)
    check_in_world.promise(hours=1)
    check_in_world.obey("cancel that")
    assert check_in_world.dues() == ["11-24 17:00"]


def test_never_mind_takes_back_what_was_promised_last(check_in_world):
    check_in_world.promise(hours=5)
    check_in_world.clock.pass_by(seconds=10)
    check_in_world.promise(hours=1)
    assert keys(check_in_world.obey("nvm", wish=Wish.CANCEL)) == ["check_in_canceled_one"]
    assert check_in_world.dues() == ["11-24 17:00"]


def test_all_are_taken_back(check_in_world):
    check_in_world.promise(hours=1)
    check_in_world.promise_ladder()
    assert keys(check_in_world.obey("cancel all my check ins")) == ["check_in_canceled_all"]
    assert check_in_world.dues() == []
    assert all(consent.revoked_at for consent in check_in_world.consents())


def test_with_none_it_says_so(check_in_world):
    assert keys(check_in_world.obey("cancel my check in")) == ["check_in_none"]


def test_they_are_listed_in_words(check_in_world):
    check_in_world.promise(hours=1)
    check_in_world.promise_every("mon wed fri at 10 for 2 weeks")
    check_in_world.promise_ladder()
    assert words(check_in_world, check_in_world.obey("when will you text me")) == [
        "I'll text you:\n1) today at 1pm\n"
        "2) every Monday, Wednesday and Friday at 10am, till Monday, Dec 7\n"
        "3) tomorrow (Wednesday) at 12pm and 3 more times\nYou can move one, pause or drop it. Just tell me."
    ]


def test_a_long_list_fits_two_segments_and_says_how_many_more(check_in_world):
    for hours in range(1, 21):
        check_in_world.promise(hours=hours)
    (listed,) = words(check_in_world, check_in_world.obey("when will you text me"))
    assert len(listed) <= 306
    assert "more" in listed


def test_make_it_ten_moves_the_hour_of_the_day_it_is_on(check_in_world):
    asked = check_in_world.promise(hours=21)
    said = check_in_world.obey("make it 10 instead")
    assert words(check_in_world, said) == ["Done. I'll text you tomorrow (Wednesday) at 10am."]
    assert check_in_world.due(asked) == "2026-11-25 10:00"


def test_an_evening_stays_an_evening(check_in_world):
    asked = check_in_world.promise(hours=9)
    check_in_world.obey("make it 10 instead")
    assert check_in_world.due(asked) == "2026-11-24 22:00"


def test_moved_to_friday_it_keeps_its_hour(check_in_world):
    asked = check_in_world.promise(hours=21)
    check_in_world.obey("move my check in to friday")
    assert check_in_world.due(asked) == "2026-11-27 09:00"


def test_the_words_that_moved_it_take_the_place_of_the_older_consent(check_in_world):
    asked = check_in_world.promise(hours=21)
    check_in_world.obey("make it 10 instead")
    older, newer = check_in_world.consents()
    assert older.revoked_by == "replaced"
    assert (newer.words, newer.revoked_at) == ("make it 10 instead", None)
    check_in_world.clock.pass_by(hours=22)
    assert check_in_world.keep(asked) == "sent"
    assert len(check_in_world.deliver_all()) == 1


def test_the_clock_of_the_old_hour_finds_nothing_due(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.obey("make it 10pm")
    check_in_world.clock.pass_by(hours=1)
    assert check_in_world.keep(asked) == "scheduled"
    check_in_world.sweep()
    assert check_in_world.said() == []


def test_a_series_moves_to_another_hour_whole(check_in_world):
    check_in_world.promise_every("every morning for 3 days")
    said = check_in_world.obey("make it 10 instead")
    assert words(check_in_world, said) == ["Done. I'll text you every day at 10am, till Friday, Nov 27."]
    assert check_in_world.dues() == ["11-25 10:00", "11-26 10:00", "11-27 10:00"]


def test_with_several_the_next_is_moved_and_that_is_said(check_in_world):
    check_in_world.promise(hours=21)
    check_in_world.promise(hours=5)
    said = check_in_world.obey("make it 6 instead")
    assert words(check_in_world, said) == ["Done. I moved the next one. I'll text you today at 6pm."]


@pytest.mark.parametrize("body", ["move my check in to dec 31", "move my check in to 9 weeks"])
def test_it_is_not_moved_where_nothing_can_be_promised(check_in_world, body):
    asked = check_in_world.promise(hours=1)
    assert keys(check_in_world.obey(body)) == ["check_in_not_moved"]
    assert check_in_world.due(asked) == "2026-11-24 13:00"


def test_paused_they_wait_and_resumed_they_go_on_from_there(check_in_world):
    first, *_ = check_in_world.promise_every("every morning for 3 days")
    assert keys(check_in_world.obey("pause my check-ins")) == ["check_in_paused"]
    assert check_in_world.dues() == []
    check_in_world.at(2026, 11, 25, 9, 5)
    assert check_in_world.keep(first) == "paused"
    check_in_world.at(2026, 12, 1, 12)
    assert keys(check_in_world.obey("resume my check-ins")) == ["check_in_resumed"]
    assert check_in_world.dues() == ["12-02 09:00", "12-03 09:00", "12-04 09:00"]


def test_a_single_one_whose_hour_passed_in_a_pause_is_let_go(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.obey("pause")
    check_in_world.clock.pass_by(hours=2)
    assert keys(check_in_world.obey("resume")) == ["check_in_none"]
    assert check_in_world.get(asked).state == "canceled"


def test_paused_for_a_week_a_series_begins_again_after_it(check_in_world):
    check_in_world.promise_every("every morning for 3 days")
    said = check_in_world.obey("pause for a week")
    assert words(check_in_world, said) == [
        "Done. Your check-ins are on hold. I'll text you Tuesday, Dec 1 at 9am."
    ]
    assert check_in_world.dues() == ["12-01 09:00", "12-02 09:00", "12-03 09:00"]
    check_in_world.obey("pause for a week")
    assert check_in_world.dues() == ["12-01 09:00", "12-02 09:00", "12-03 09:00"]


def test_a_pause_longer_than_a_month_waits_for_the_word(check_in_world):
    check_in_world.promise_every("every morning for 3 days")
    assert keys(check_in_world.obey("pause for 9 weeks")) == ["check_in_paused"]


def test_stop_takes_back_what_is_paused_too(check_in_world):
    check_in_world.promise_every("every morning for 3 days")
    check_in_world.obey("pause")
    check_in_world.text("STOP")
    assert set(check_in_world.states()) == {"canceled"}
    check_in_world.text("START")
    assert keys(check_in_world.obey("resume")) == ["check_in_none"]


def test_taken_back_a_series_is_over(check_in_world):
    check_in_world.promise_every("every morning for 3 days")
    check_in_world.obey("cancel my check-ins")
    with writing(check_in_world.engine) as session:
        assert session.get_one(CheckInSeries, 1).state == SeriesState.CANCELED
