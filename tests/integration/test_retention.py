"""What is older than it is kept goes by itself, once a day, and nothing that is promised goes with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import check_ins, consent_ledger, search
from bot.db import reading, writing
from bot.forgetting.retention import Retention
from bot.models import (
    Call,
    CheckIn,
    Consent,
    ErasedCopy,
    Erasure,
    Incident,
    Message,
    PastIncident,
    Person,
    Purpose,
    RetentionRun,
    SearchWord,
)
from bot.people import conversation_with
from bot.search.indexing import digest_of
from tests.integration.forgetting_world import OTHER, PERSON, SECRETS

DAYS = 90


@pytest.fixture
def retention(forgetting_world):
    world = forgetting_world
    return Retention(world.engine, world.line.durably, world.clock, DAYS)


def test_who_has_been_quiet_for_so_long_is_forgotten_everywhere(forgetting_world, retention):
    world = forgetting_world
    world.with_everything()
    with writing(world.engine) as session:
        for check_in in session.scalars(select(CheckIn)):
            check_in.state = "canceled"
    world.clock.pass_by(days=DAYS + 1)
    world.text("food", phone=OTHER)
    sent = len(world.messenger.sent)
    assert retention.purge().people >= 1
    for row in range(1, world.count(Erasure) + 1):
        world.goes_on(row)
    assert world.found(SECRETS) == []
    assert len(world.messenger.sent) == sent
    assert world.count(Person) == 1
    assert world.receipt().asked_by == "retention"


def test_whoever_is_promised_a_text_is_kept(forgetting_world, retention):
    world = forgetting_world
    asked = world.text("check on me")
    with writing(world.engine) as session:
        message = session.scalars(select(Message.id).where(Message.message_sid == asked)).one()
        conversation = conversation_with(session, PERSON, world.clock())
        due = world.clock() + timedelta(days=DAYS + 30)
        check_ins.promise(session, conversation, due, "America/Los_Angeles", message, world.clock())
    world.clock.pass_by(days=DAYS + 1)
    retention.purge()
    assert world.count(Person) == 1


def test_whoever_is_in_danger_is_kept(forgetting_world, retention):
    world = forgetting_world
    world.text("i took 30 pills")
    with writing(world.engine) as session:
        session.scalars(select(Incident)).one().over_at = None
    # The incident is of today, the person's last text long ago: nobody may vanish from under a case worker.
    world.clock.pass_by(days=DAYS + 1)
    with writing(world.engine) as session:
        session.scalars(select(Incident)).one().opened_at = world.clock()
    retention.purge()
    assert world.count(Person) == 1


def test_of_whoever_still_texts_only_what_is_old_goes(forgetting_world, retention):
    world = forgetting_world
    world.with_everything()
    with writing(world.engine) as session:
        for incident in session.scalars(select(Incident)):
            incident.closed_at = incident.closed_at or world.clock()
        person = conversation_with(session, PERSON, world.clock())
        old = consent_ledger.agree(session, person, Purpose.CALL_HOME, "yes", world.clock())
        consent_ledger.revoke(session, old, world.clock(), "words")
    world.clock.pass_by(days=DAYS + 1)
    world.text("food")
    said = world.count(Message)
    purged = retention.purge()
    assert purged.rows > 0
    assert 0 < world.count(Message) < said
    assert world.count(Call) == world.count(Incident) == 0
    assert world.count(PastIncident) > 0
    with reading(world.engine) as session:
        assert not session.scalars(select(Consent).where(Consent.id == old.id)).all()
        assert all(
            text.created_at > world.clock() - timedelta(days=1) for text in session.scalars(select(Message))
        )
    for row in range(1, world.count(Erasure) + 1):
        world.goes_on(row)
    assert len(world.copies.texts) <= 2
    again = retention.purge()
    assert (again.people, again.rows) == (0, 0)


def test_it_is_done_once_a_day_by_whoever_comes_first(forgetting_world, retention):
    world = forgetting_world
    other = Retention(world.engine, world.line.durably, world.clock, DAYS)
    assert retention.run_daily() is not None
    assert other.run_daily() is None
    world.clock.pass_by(days=1)
    assert other.run_daily() is not None


def test_one_that_was_cut_off_is_done_again_the_same_day(forgetting_world, retention):
    world = forgetting_world
    with writing(world.engine) as session:
        session.add(RetentionRun(day=world.clock().date(), began_at=world.clock(), people=0, texts=0))
    assert retention.run_daily() is None
    world.clock.pass_by(hours=3)
    assert retention.run_daily() is not None


def test_never_is_never(forgetting_world):
    world = forgetting_world
    world.text("food")
    world.clock.pass_by(days=4000)
    keeps = Retention(world.engine, world.line.durably, world.clock, None)
    assert keeps.run_daily() is None
    assert keeps.purge().people == 0
    assert world.count(Person) == 1


def test_ids_of_what_twilio_erased_are_forgotten_after_a_month(forgetting_world, retention):
    world = forgetting_world
    world.text("food")
    world.text("DELETE")
    world.text("YES")
    world.goes_on()
    assert world.count(ErasedCopy) > 0
    world.clock.pass_by(days=31)
    retention.purge()
    assert world.count(ErasedCopy) == 0


def test_the_words_of_what_is_gone_are_found_no_more(forgetting_world, retention):
    world = forgetting_world
    world.text("pancakes")
    search.index_new(world.engine)
    world.clock.pass_by(days=DAYS + 1)
    world.text("soup")
    retention.purge()
    search.index_new(world.engine)
    with reading(world.engine) as session:
        known = set(session.scalars(select(SearchWord.digest)))
        assert digest_of(session, "soup") in known
        assert digest_of(session, "pancakes") not in known
