"""The consent ledger: what was agreed to stands word for word, and what was taken back is obeyed."""

import pytest
from sqlalchemy import select

from bot import consent, consent_ledger, outbox
from bot.db import reading, writing
from bot.delivery import Delivery, Sender
from bot.intake import InboundText, receive
from bot.models import Consent, Conversation, Message, Person, Purpose
from bot.people import conversation_with
from bot.ports import Reply

PHONE = "+12065550142"


@pytest.fixture
def conversation(engine, clock):
    with writing(engine) as session:
        return conversation_with(session, PHONE, clock()).id


def agree(engine, clock, conversation, purpose=Purpose.CHECK_IN, message_id=None):
    with writing(engine) as session:
        return consent_ledger.agree(
            session,
            session.get_one(Conversation, conversation),
            purpose,
            "yes tomorrow at 9",
            clock(),
            message_id=message_id,
            asked="offer_check_in",
        ).id


def test_an_agreement_keeps_the_words_the_question_and_the_time(engine, clock, conversation):
    row = agree(engine, clock, conversation)
    with reading(engine) as session:
        kept = session.get_one(Consent, row)
        assert (kept.words, kept.asked, kept.agreed_at) == ("yes tomorrow at 9", "offer_check_in", clock())
        assert kept.revoked_at is None


def test_the_words_are_sealed_in_the_database(engine, clock, conversation):
    agree(engine, clock, conversation)
    with engine.connect() as connection:
        (raw,) = connection.exec_driver_sql("SELECT words FROM consent").one()
    assert b"tomorrow" not in bytes(raw)


def test_the_same_text_agrees_once_to_one_thing_and_may_agree_to_two(engine, clock, conversation, work):
    with writing(engine) as session:
        message = receive(session, InboundText("MM" + "1" * 32, PHONE, "yes"), clock(), work).message_id
    first = agree(engine, clock, conversation, message_id=message)
    assert agree(engine, clock, conversation, message_id=message) == first
    assert agree(engine, clock, conversation, Purpose.USING_ALONE, message) != first


def test_stop_takes_everything_back_but_word_of_an_emergency(engine, clock, conversation):
    for purpose in (Purpose.CHECK_IN, Purpose.USING_ALONE, Purpose.EMERGENCY):
        agree(engine, clock, conversation, purpose)
    with writing(engine) as session:
        consent.opt_out(session, session.scalars(select(Person)).one(), clock())
    with reading(engine) as session:
        by = {one.purpose: one.revoked_by for one in session.scalars(select(Consent))}
    assert by == {"check_in": "stop", "using_alone": "stop", "emergency": None}


def test_the_first_revocation_stands(engine, clock, conversation):
    row = agree(engine, clock, conversation)
    for by in ("words", "stop"):
        with writing(engine) as session:
            consent_ledger.revoke(session, session.get_one(Consent, row), clock(), by)
        clock.pass_by(hours=1)
    with reading(engine) as session:
        kept = session.get_one(Consent, row)
        assert kept.revoked_by == "words"
        assert kept.revoked_at < clock()


def test_an_unprompted_text_goes_out_only_while_its_consent_stands(
    engine, clock, conversation, work, messenger
):
    row = agree(engine, clock, conversation)
    delivery = Delivery(engine, Sender(messenger, work), clock)

    def put(cause):
        with writing(engine) as session:
            (message,) = outbox.put_unprompted(
                session,
                session.get_one(Conversation, conversation),
                [Reply("check_in")],
                cause,
                clock(),
                work,
                session.get_one(Consent, row),
            )
            return message

    before, after = put("a"), put("b")
    delivery.deliver(before)
    with writing(engine) as session:
        consent_ledger.revoke(session, session.get_one(Consent, row), clock(), "words")
    delivery.deliver(after)
    with reading(engine) as session:
        states = {one.id: one.state for one in session.scalars(select(Message))}
    assert (states[before], states[after]) == ("sent", "withheld")
    assert len(messenger.sent) == 1


def test_an_answer_needs_no_consent(engine, clock, conversation, work, messenger):
    with writing(engine) as session:
        there = session.get_one(Conversation, conversation)
        (message,) = outbox.put(session, there, [Reply("menu")], "in-1", clock(), work)
    Delivery(engine, Sender(messenger, work), clock).deliver(message)
    assert len(messenger.sent) == 1
