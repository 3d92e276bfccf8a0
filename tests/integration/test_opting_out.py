"""STOP, in keywords and in words: obeyed, confirmed once, and looked at by a person."""

import pytest
from sqlalchemy import select

from bot import opting_out, roster
from bot.consent import CONFIRMATION
from bot.db import reading, writing
from bot.models import Direction, Incident, IncidentSource, Message, OptOutBy
from tests.integration.delivery_world import PHONE


@pytest.fixture
def world(delivery_world):
    return delivery_world


def said(world):
    with reading(world.engine) as session:
        out = select(Message).where(Message.direction == Direction.OUT)
        rows = session.scalars(out.order_by(Message.id))
        return [row.reply_key for row in rows]


def to_review(world):
    with reading(world.engine) as session:
        return [
            (one.opt_out.asked_by, one.opt_out.worrying, [text.body for text in one.before])
            for one in opting_out.to_review(session)
        ]


@pytest.mark.parametrize(
    "body", ["STOP", "end", "Quit.", "REVOKE", "optout", "STOPALL", "cancel", "unsubscribe", "stop!"]
)
def test_every_keyword_is_obeyed_and_a_person_looks(world, body):
    """Case 40."""
    world.text("i cant do this")
    world.text(body)
    assert world.person().opted_out_at is not None
    ((_, _, before),) = to_review(world)
    assert before == ["i cant do this", body]


def test_twilio_confirms_its_keywords_and_the_line_its_own_words_once(world):
    world.text("STOP")
    world.run()
    assert world.bodies() == []
    world.text("START")
    for _ in range(2):
        world.text("please stop texting me")
    world.run()
    assert said(world) == [CONFIRMATION]
    assert len(world.bodies(PHONE)) == 1
    assert [asked_by for asked_by, _, _ in to_review(world)] == [OptOutBy.KEYWORD, OptOutBy.WORDS]


def test_after_worrying_texts_it_is_an_emergency(world):
    world.text("i want to die tonight i have the pills")
    world.text("END")
    with reading(world.engine) as session:
        kinds = [one.kind for one in session.scalars(select(Incident))]
    assert "suicide" in kinds
    ((_, worrying, _),) = to_review(world)
    assert worrying


def test_a_worrying_text_that_was_no_emergency_makes_it_one(world):
    world.text("no estoy bien")
    with reading(world.engine) as session:
        assert session.scalars(select(Incident)).all() == []
    world.text("quit")
    with reading(world.engine) as session:
        (incident,) = session.scalars(select(Incident))
        assert incident.source == IncidentSource.OPT_OUT


def test_calm_texts_before_it_are_no_emergency(world):
    world.text("where can i eat")
    world.text("STOP")
    with reading(world.engine) as session:
        assert session.scalars(select(Incident)).all() == []


def test_nothing_goes_out_after_it_but_an_emergency_s_words(world):
    world.put("greet")
    world.text("STOP")
    world.put("thanks")
    world.run()
    assert world.bodies() == []
    world.text("he is not breathing")
    assert said(world)[-1].startswith("emergency_")


def test_start_undoes_it_and_whoever_looks_sees_that(world):
    """Case 41: only their own START."""
    world.text("STOP")
    world.text("START")
    assert world.person().opted_out_at is None
    with writing(world.engine) as session:
        (one,) = opting_out.to_review(session)
        assert one.opt_out.undone_at is not None
        worker = roster.add_worker(
            session, "Heron", "Name", "+12065551001", "UTC", "+12065550100", world.clock()
        )
        assert opting_out.reviewed(session, one.opt_out.id, worker, world.clock())
        assert not opting_out.reviewed(session, one.opt_out.id, worker, world.clock())
    assert to_review(world) == []
