"""Answers to a check-in are used, with the dialogue or without it. On SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import func, select

from bot import check_ins
from bot.check_ins import Answer
from bot.db import reading, writing
from bot.models import MessageState
from services_directory.importing import import_directory
from services_directory.models import ClosedReport, ServiceSearch, VerificationTask
from tests.integration.conftest import ROOT


@pytest.fixture
def world(check_in_world):
    with writing(check_in_world.engine) as session:
        import_directory(
            session, ROOT / "services_directory" / "data" / "sample", "sample", check_in_world.clock().date()
        )
    return check_in_world


def a_shelter(world):
    with reading(world.engine) as session:
        found = select(ServiceSearch.service_at_location_id).where(ServiceSearch.category == "shelter")
        return session.scalars(found.order_by(ServiceSearch.id)).first()


def asked_about(world, listing_id, hours=1):
    asked = world.promise(hours=hours, listing_id=listing_id)
    world.clock.pass_by(hours=hours)
    world.keep(asked)
    return asked


def take_in(world, check_in_id, answer):
    with writing(world.engine) as session:
        conversation = world.conversation(session)
        check_in = check_ins.awaiting(session, conversation, world.clock())
        assert check_in.id == check_in_id
        return check_ins.take_in(session, conversation, check_in, answer, world.clock(), world.work)


def keys(taken):
    return [reply.key for reply in taken.replies]


def test_after_a_referral_it_asks_whether_they_got_in(world):
    asked_about(world, a_shelter(world))
    assert world.said() == ["check_in_got_in"]


def test_otherwise_it_asks_how_things_are(world):
    asked_about(world, None)
    assert world.said() == ["check_in"]


def test_ok_is_noted_and_the_later_texts_of_a_ladder_ask_how_things_are(world):
    first, second, *_ = world.promise_ladder(a_shelter(world))
    world.clock.pass_by(days=1)
    world.keep(first)
    assert keys(take_in(world, first, Answer.OK)) == ["checkin_ok"]
    assert (world.get(first).state, world.get(first).answer) == ("answered", "ok")
    world.clock.pass_by(days=2)
    world.keep(second)
    assert world.said() == ["check_in_got_in", "check_in"]


def test_closed_demotes_the_listing_has_it_looked_into_and_offers_the_next(world):
    shelter = a_shelter(world)
    taken = take_in(world, asked_about(world, shelter), Answer.CLOSED)
    assert keys(taken) == ["closed_noted", "service_list"]
    assert shelter not in [match["id"] for match in taken.next.fill["matches"]]
    assert taken.next.need == "shelter"
    with reading(world.engine) as session:
        (report,) = session.scalars(select(ClosedReport)).all()
        assert report.service_at_location_id == shelter
        assert world.conversation(session).public_id not in report.reported_by
        assert session.scalars(select(VerificationTask)).one().service_at_location_id == shelter


def test_closed_told_twice_by_one_person_counts_once(world):
    shelter = a_shelter(world)
    take_in(world, asked_about(world, shelter), Answer.CLOSED)
    with writing(world.engine) as session:
        conversation = world.conversation(session)
        assert not check_ins.report(session, conversation, shelter, "America/Los_Angeles", world.clock())
        assert session.scalar(select(func.count()).select_from(ClosedReport)) == 1


def test_no_is_met_kindly_with_the_next_place(world):
    taken = take_in(world, asked_about(world, a_shelter(world)), Answer.NO)
    assert keys(taken) == ["check_in_no", "service_list"]
    with reading(world.engine) as session:
        assert session.scalars(select(ClosedReport)).all() == []


def test_no_without_a_place_offers_a_person(world):
    assert keys(take_in(world, asked_about(world, None), Answer.NO)) == ["checkin_not_ok"]


def test_a_place_that_left_the_directory_leads_to_a_question_and_no_list(world):
    assert keys(take_in(world, asked_about(world, "gone"), Answer.CLOSED)) == [
        "closed_noted",
        "check_in_no_other",
    ]


def test_help_gets_a_person_988_and_what_do_you_need(world):
    asked = asked_about(world, None)
    assert keys(take_in(world, asked, Answer.HELP)) == ["check_in_help"]
    assert world.get(asked).answer == "help"


def test_an_answer_days_late_still_belongs_to_its_check_in(world):
    asked = asked_about(world, None)
    for hours in (3, 2):
        world.clock.pass_by(hours=hours)
        world.sweep()
    assert world.get(asked).state == "missed"
    world.clock.pass_by(hours=40)
    take_in(world, asked, Answer.OK)
    assert world.get(asked).state == "answered"


def test_a_bare_ok_answers_only_what_was_asked_last(world):
    asked_about(world, None)
    with reading(world.engine) as session:
        conversation = world.conversation(session)
        assert check_ins.answered_by(session, conversation, "ok", "", world.clock()) is not None
    world.turn.answer(world.text("where can i shower"))
    with reading(world.engine) as session:
        conversation = world.conversation(session)
        assert check_ins.answered_by(session, conversation, "ok", "", world.clock()) is None


def test_with_the_dialogue_away_closed_is_used_all_the_same(world):
    shelter = a_shelter(world)
    asked = asked_about(world, shelter)
    world.clock.pass_by(hours=13)
    world.dialogue.away = True
    message_id = world.text("it was closed")
    # Nothing is left for the dialogue to answer when it is back.
    assert world.turn.answer(message_id) == MessageState.ANSWERED
    assert world.said()[-2:] == ["closed_noted", "service_list"]
    assert world.get(asked).answer == "closed"
    with reading(world.engine) as session:
        assert session.scalars(select(ClosedReport)).one().service_at_location_id == shelter


@pytest.mark.parametrize(
    ("body", "reply"),
    [("OK", "checkin_ok"), ("todo bien gracias", "checkin_ok"), ("AYUDA", "check_in_help")],
)
def test_with_the_dialogue_away_every_answer_is_known(world, body, reply):
    asked_about(world, None)
    world.dialogue.away = True
    world.turn.answer(world.text(body))
    assert world.said()[-1] == reply


def test_with_the_dialogue_away_another_need_goes_to_the_menu(world):
    asked_about(world, None)
    world.dialogue.away = True
    world.turn.answer(world.text("im hungry"))
    assert world.said()[-1] == "ask_place_food"


def test_with_the_dialogue_away_a_check_in_can_be_taken_back(world):
    asked = world.promise(hours=1)
    world.dialogue.away = True
    world.turn.answer(world.text("cancel my check-in"))
    assert world.said()[-1] == "check_in_canceled"
    assert world.get(asked).state == "canceled"
