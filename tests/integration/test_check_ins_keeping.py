"""Check-ins kept: once, at their hour, by consent, not over a case worker. On SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.check_ins import keep, release_held
from bot.db import writing
from bot.incidents import open_incident
from bot.models import CaseWorker, CheckIn, Consent, IncidentSource, Takeover
from tests.integration.check_in_world import SEATTLE, Killed, killed_at_commit


def take_over(world):
    with writing(world.engine) as session:
        worker = session.scalars(select(CaseWorker)).first() or CaseWorker(
            pseudonym="Heron", name="n", timezone=SEATTLE, added_at=world.clock()
        )
        session.add(worker)
        session.flush()
        session.add(
            Takeover(
                conversation_id=world.conversation(session).id,
                case_worker_id=worker.id,
                began_at=world.clock(),
            )
        )


def give_back(world, *, tells=True):
    with writing(world.engine) as session:
        for takeover in session.scalars(select(Takeover).where(Takeover.ended_at.is_(None))):
            takeover.ended_at = world.clock()
        session.flush()
        if tells:
            release_held(session, world.conversation(session), world.clock(), world.work)


def test_it_is_kept_once_however_many_clocks_ring(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(hours=1)
    for _ in range(3):
        check_in_world.keep(asked)
        check_in_world.sweep()
    assert check_in_world.said() == ["check_in"]
    assert len(check_in_world.deliver_all()) == 1


def test_it_is_not_kept_early(check_in_world):
    assert check_in_world.keep(check_in_world.promise(hours=1)) == "scheduled"
    assert check_in_world.said() == []


def test_a_lost_timer_is_found_by_the_sweep(check_in_world):
    check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(hours=1, seconds=5)
    assert check_in_world.sweep() == 1
    assert check_in_world.said() == ["check_in"]


def test_a_worker_killed_before_its_transaction_ends_has_done_nothing(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(hours=1, seconds=5)

    with killed_at_commit(check_in_world.engine), pytest.raises(Killed):
        keep(check_in_world.engine, asked, check_in_world.clock(), check_in_world.work)
    assert (check_in_world.get(asked).state, check_in_world.said()) == ("scheduled", [])
    check_in_world.sweep()
    assert check_in_world.deliver_all() == check_in_world.words()
    assert check_in_world.said() == ["check_in"]


def test_one_that_fails_does_not_keep_the_others_waiting(check_in_world):
    broken, whole = check_in_world.promise(hours=1), check_in_world.promise(hours=2)
    with writing(check_in_world.engine) as session:
        session.get_one(CheckIn, broken).timezone = "Nowhere/AtAll"
        session.get_one(CheckIn, broken).chosen_time = False
    check_in_world.clock.pass_by(hours=2, seconds=5)
    check_in_world.sweep()
    assert check_in_world.get(whole).state == "sent"


def test_never_two_unprompted_texts_to_one_person_within_the_minute(check_in_world):
    first, second = check_in_world.promise(minutes=60), check_in_world.promise(minutes=62)
    check_in_world.clock.pass_by(minutes=62)
    assert check_in_world.keep(first) == "sent"
    assert check_in_world.keep(second) == "scheduled"
    assert check_in_world.said() == ["check_in"]
    assert check_in_world.get(second).due_at == check_in_world.clock() + timedelta(minutes=1)
    check_in_world.clock.pass_by(minutes=1)
    assert check_in_world.keep(second) == "sent"


def test_a_moved_promise_is_kept_at_its_new_time(check_in_world):
    first, second = check_in_world.promise(minutes=60), check_in_world.promise(minutes=62)
    check_in_world.clock.pass_by(minutes=62)
    for one in (first, second):
        check_in_world.keep(one)
    check_in_world.sweep()
    assert check_in_world.get(second).state == "scheduled"
    check_in_world.clock.pass_by(minutes=1)
    check_in_world.sweep()
    assert check_in_world.get(second).state == "sent"


def test_an_asked_for_text_is_still_sent_within_two_hours(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(hours=2, minutes=59)
    assert check_in_world.keep(asked) == "sent"
    assert check_in_world.said() == ["check_in"]


def test_beyond_its_limit_it_is_not_sent_but_gets_a_new_time_and_says_sorry(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(hours=4)
    assert check_in_world.keep(asked) == "scheduled"
    assert check_in_world.said() == []
    assert timedelta(0) < check_in_world.get(asked).due_at - check_in_world.clock() <= timedelta(minutes=31)
    check_in_world.clock.pass_by(minutes=31)
    assert check_in_world.keep(asked) == "sent"
    assert check_in_world.said() == ["check_in_late"]
    assert "sorry" in check_in_world.words()[0]


def test_a_new_time_never_falls_into_the_quiet_hours(check_in_world):
    asked = check_in_world.promise(hours=8)
    check_in_world.at(2026, 11, 24, 23)
    check_in_world.keep(asked)
    assert check_in_world.due(asked).startswith("2026-11-25 08:")


def test_an_hour_nobody_chose_is_not_kept_in_the_quiet_hours(check_in_world):
    check_in_world.at(2026, 11, 24, 20, 50)
    first, *_ = check_in_world.promise_ladder()
    check_in_world.at(2026, 11, 25, 21, 30)
    assert check_in_world.keep(first) == "scheduled"
    assert check_in_world.due(first).startswith("2026-11-26 08:")


def test_a_series_is_sent_late_until_its_day_is_over(check_in_world):
    first, *_ = check_in_world.promise_every("every morning for a week")
    check_in_world.at(2026, 11, 25, 20, 30)
    assert check_in_world.keep(first) == "sent"


def test_a_series_a_day_late_leaves_the_apology_to_its_next_text(check_in_world):
    first, second, *_ = check_in_world.promise_every("every morning for a week")
    check_in_world.at(2026, 11, 26, 7)
    assert check_in_world.keep(first) == "canceled"
    check_in_world.at(2026, 11, 26, 9)
    assert check_in_world.keep(second) == "sent"
    assert check_in_world.said() == ["check_in_late"]


def test_the_last_of_a_series_gets_a_new_time_of_its_own(check_in_world):
    *_, last = check_in_world.promise_every("every morning for 1 day")
    check_in_world.at(2026, 11, 26, 7)
    assert check_in_world.keep(last) == "scheduled"
    assert check_in_world.due(last).startswith("2026-11-26 08:")


def test_without_a_standing_consent_nothing_is_sent(check_in_world):
    asked = check_in_world.promise(hours=1)
    with writing(check_in_world.engine) as session:
        session.scalars(select(Consent)).one().revoked_at = check_in_world.clock()
    check_in_world.clock.pass_by(hours=1)
    assert check_in_world.keep(asked) == "canceled"
    assert check_in_world.said() == []


def test_one_promised_before_the_ledger_has_its_consent_from_the_text_that_asked(check_in_world):
    asked = check_in_world.promise("check on me at 1", hours=1)
    with writing(check_in_world.engine) as session:
        session.get_one(CheckIn, asked).consent_id = None
        session.flush()
        session.delete(session.scalars(select(Consent)).one())
    check_in_world.clock.pass_by(hours=1)
    assert check_in_world.keep(asked) == "sent"
    (consent,) = check_in_world.consents()
    assert (consent.words, consent.purpose) == ("check on me at 1", "check_in")
    assert len(check_in_world.deliver_all()) == 1


def test_one_without_consent_or_text_is_not_sent(check_in_world):
    asked = check_in_world.promise(hours=1)
    with writing(check_in_world.engine) as session:
        row = session.get_one(CheckIn, asked)
        row.consent_id = row.message_id = None
    check_in_world.clock.pass_by(hours=1)
    assert check_in_world.keep(asked) == "canceled"
    assert check_in_world.said() == []


def test_stop_takes_back_everything_and_start_brings_nothing_back(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.promise_every("every day")
    check_in_world.promise_ladder()
    check_in_world.text("STOP")
    assert set(check_in_world.states()) == {"canceled"}
    assert all(consent.revoked_by == "stop" for consent in check_in_world.consents())
    check_in_world.text("START")
    check_in_world.clock.pass_by(hours=1)
    assert check_in_world.keep(asked) == "canceled"
    check_in_world.sweep()
    assert check_in_world.said() == []


def test_a_stop_between_the_row_and_the_text_withholds_it(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(hours=1)
    check_in_world.keep(asked)
    check_in_world.text("STOP")
    assert check_in_world.deliver_all() == []


def test_stop_ends_the_waiting_for_an_answer_too(check_in_world):
    asked = check_in_world.promise(hours=1, if_silent="roster")
    check_in_world.clock.pass_by(hours=1)
    check_in_world.keep(asked)
    check_in_world.text("STOP")
    check_in_world.clock.pass_by(hours=6)
    assert check_in_world.sweep() == 0


def test_it_waits_while_a_case_worker_is_in_the_conversation(check_in_world):
    asked = check_in_world.promise(hours=1)
    take_over(check_in_world)
    check_in_world.clock.pass_by(hours=1)
    assert check_in_world.keep(asked) == "held"
    check_in_world.sweep()
    assert check_in_world.said() == []
    check_in_world.clock.pass_by(minutes=30)
    give_back(check_in_world)
    assert (check_in_world.get(asked).state, check_in_world.said()) == ("sent", ["check_in"])


def test_of_several_that_waited_only_the_newest_is_sent(check_in_world):
    first, second = check_in_world.promise(minutes=30), check_in_world.promise(minutes=60)
    take_over(check_in_world)
    for minutes in (30, 30):
        check_in_world.clock.pass_by(minutes=minutes)
        for one in (first, second):
            check_in_world.keep(one)
    give_back(check_in_world)
    assert check_in_world.states() == ["canceled", "sent"]


def test_one_given_back_too_late_gets_a_new_time_and_says_sorry(check_in_world):
    asked = check_in_world.promise(hours=1)
    take_over(check_in_world)
    check_in_world.clock.pass_by(hours=1)
    check_in_world.keep(asked)
    check_in_world.clock.pass_by(hours=5)
    give_back(check_in_world)
    assert check_in_world.said() == []
    assert (check_in_world.get(asked).state, check_in_world.get(asked).late) == ("scheduled", True)


def test_what_nobody_gave_back_in_words_is_found_by_the_sweep(check_in_world):
    asked = check_in_world.promise(hours=1)
    take_over(check_in_world)
    check_in_world.clock.pass_by(hours=1)
    check_in_world.keep(asked)
    give_back(check_in_world, tells=False)
    assert check_in_world.sweep() == 1
    assert check_in_world.get(asked).state == "sent"


def test_no_unprompted_text_names_a_place_or_a_need(check_in_world):
    first, *_ = check_in_world.promise_ladder("a-place")
    check_in_world.clock.pass_by(days=1)
    check_in_world.keep(first)
    (text,) = check_in_world.words()
    assert text == "Hi, it's Warmline, texting like you asked. Did you get in? Reply OK, NO or CLOSED."


def test_clocks_that_ring_at_the_very_same_time_text_once(check_in_world):
    asked = [check_in_world.promise(hours=1), check_in_world.promise(hours=2)]
    check_in_world.clock.pass_by(hours=2)
    rings = [one for _ in range(6) for one in asked]
    with ThreadPoolExecutor(max_workers=6) as clocks:
        # As DBOS does with what the database refused for now: try again.
        list(clocks.map(lambda one: [check_in_world.keep(one), check_in_world.keep(one)], rings))
    assert check_in_world.said() == ["check_in"]
    assert sorted(check_in_world.states()) == ["scheduled", "sent"]


def test_while_an_emergency_of_theirs_goes_on_nothing_covers_it(check_in_world):
    asked = check_in_world.promise(hours=1)
    with writing(check_in_world.engine) as session:
        open_incident(
            session,
            check_in_world.conversation(session),
            IncidentSource.DIALOGUE,
            "overdose",
            check_in_world.clock(),
            check_in_world.work,
            danger_to="other",
        )
    check_in_world.clock.pass_by(hours=1)
    assert check_in_world.keep(asked) == "scheduled"
    assert "check_in" not in check_in_world.said()
    assert check_in_world.get(asked).due_at == check_in_world.clock() + timedelta(minutes=30)


def test_a_text_on_its_way_when_a_case_worker_comes_in_waits_for_them(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(hours=1)
    check_in_world.sweep()
    take_over(check_in_world)
    assert check_in_world.deliver_all() == []
    held = check_in_world.get(asked)
    assert (held.state, held.sent_at, held.follow_up_at) == ("held", None, None)
    check_in_world.clock.pass_by(minutes=30)
    give_back(check_in_world)
    assert check_in_world.get(asked).state == "sent"
    assert len(check_in_world.deliver_all()) == 1


def test_a_case_worker_who_comes_in_twice_is_waited_for_twice(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(hours=1)
    check_in_world.sweep()
    for _ in range(2):
        take_over(check_in_world)
        assert check_in_world.deliver_all() == []
        check_in_world.clock.pass_by(minutes=10)
        give_back(check_in_world)
    assert check_in_world.get(asked).state == "sent"
    assert len(check_in_world.deliver_all()) == 1


def test_the_gentle_text_is_let_go_of_when_a_case_worker_comes_in(check_in_world):
    asked = check_in_world.promise(hours=1)
    check_in_world.clock.pass_by(hours=1)
    check_in_world.sweep()
    check_in_world.deliver_all()
    check_in_world.clock.pass_by(hours=3)
    check_in_world.sweep()
    take_over(check_in_world)
    assert len(check_in_world.deliver_all()) == 1
    assert check_in_world.get(asked).follow_up_at is None
