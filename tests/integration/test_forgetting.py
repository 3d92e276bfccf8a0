"""DELETE by text: asked once, done everywhere, nothing of it left but what is said to be kept."""

import json

import pytest
from sqlalchemy import select

from bot.calls.whom import problem
from bot.db import leave_no_trace, reading, writing
from bot.delivery import note_status
from bot.intake import InboundText, receive
from bot.models import Conversation, ErasedCopy, Message, PastIncident, Person, Suppression
from bot.people import conversation_with
from tests.integration.forgetting_world import HOME, OTHER, PERSON, SECRETS


def test_somebody_of_whom_everything_is_known_is_forgotten_everywhere(forgetting_world):
    world = forgetting_world
    world.with_everything()
    assert {secret for hit in world.found() for secret in SECRETS if hit.endswith(secret)} == set(SECRETS)
    pseudonym = pseudonym_of(world)

    world.text("delete my info")
    assert world.said()[-1] == "delete_ask"
    world.text("YES")
    world.goes_on()

    assert world.found((*SECRETS, pseudonym)) == []
    assert (world.copies.texts, world.copies.calls, world.copies.media) == ({}, {}, {})
    assert world.messenger.sent[-1][0] == PERSON
    assert world.messenger.sent[-1][1].startswith("Done.")


def test_the_receipt_says_what_was_erased_and_nothing_of_whose_it_was(forgetting_world):
    world = forgetting_world
    world.with_everything()
    world.text("DELETE")
    world.text("yes")
    world.goes_on()
    receipt = world.receipt()
    counts = json.loads(receipt.counts)
    assert counts["message"] > 10
    assert {"person", "consent", "check_in", "call", "incident", "inbound_media"} <= set(counts)
    assert (receipt.asked_by, receipt.media, receipt.calls) == ("text", 1, 1)
    assert receipt.texts == world.count(ErasedCopy) - 1
    assert receipt.number is receipt.conversation is receipt.work is receipt.next_try_at is None
    assert world.count(PastIncident) == counts["incident"]


def test_a_later_text_begins_anew(forgetting_world):
    world = forgetting_world
    world.text("food")
    before = pseudonym_of(world)
    world.text("DELETE")
    world.text("YES")
    world.text("food")
    assert pseudonym_of(world) != before
    assert world.said()[0] == "first_contact"
    assert world.goes_on() >= 1
    # What came after is the new person's, here and there.
    assert world.count(Message) > 0
    assert len(world.copies.texts) == 1


@pytest.mark.parametrize("asked", ["borra mis datos", "BORRAR", "Borren mi información por favor"])
def test_in_spanish(forgetting_world, asked):
    world = forgetting_world
    world.text("hola necesito comida")
    world.text(asked)
    assert world.said()[-1] == "delete_ask"
    world.text("sí")
    world.goes_on()
    assert world.count(Person) == 0
    assert world.messenger.sent[-1][1].startswith("Listo.")


def test_a_no_keeps_everything_and_other_words_let_the_question_lapse(forgetting_world):
    world = forgetting_world
    world.text("DELETE")
    world.text("no")
    assert world.said()[-1] == "delete_kept"
    world.text("DELETE")
    world.text("I need food")
    assert world.dialogue.asked[-1][1] == "I need food"
    world.text("YES")
    assert world.count(Person) == 1


def test_an_ok_is_too_little_and_is_asked_about_once(forgetting_world):
    world = forgetting_world
    world.text("DELETE")
    world.text("ok")
    assert world.said()[-1] == "delete_ask_again"
    world.text("YES")
    assert world.count(Person) == 0


def test_a_yes_after_half_an_hour_is_to_something_else(forgetting_world):
    world = forgetting_world
    world.text("DELETE")
    world.clock.pass_by(minutes=31)
    world.text("YES")
    assert world.count(Person) == 1


def test_it_works_while_the_dialogue_is_away(forgetting_world):
    world = forgetting_world
    world.dialogue.away = True
    world.text("DELETE")
    world.text("YES")
    assert world.count(Person) == 0


def test_an_emergency_inside_it_is_an_emergency_first(forgetting_world):
    world = forgetting_world
    world.text("delete my info i took 30 pills")
    assert world.said()[0].startswith("emergency_overdose")
    world.text("delete my info")
    assert world.said()[-1] == "delete_after_emergency"
    world.text("YES")
    assert world.count(Person) == 1
    world.text("OVER")
    world.text("DELETE")
    assert world.said()[-1] == "delete_ask"
    world.text("YES")
    assert world.count(Person) == 0


def test_an_emergency_nobody_writes_about_any_more_holds_nobody_back(forgetting_world):
    world = forgetting_world
    world.text("i took 30 pills")
    world.clock.pass_by(hours=13)
    world.text("DELETE")
    assert world.said()[-1] == "delete_ask"
    world.text("YES")
    assert world.count(Person) == 0


def test_a_silent_person_is_forgotten_without_a_question_and_stays_silent(forgetting_world):
    world = forgetting_world
    world.text("food")
    world.text("STOP")
    sent = len(world.messenger.sent)
    world.text("delete my data")
    assert world.count(Person) == 0
    world.goes_on()
    assert len(world.messenger.sent) == sent
    assert PERSON not in "".join(world.found((PERSON,)))
    assert world.count(Suppression) == 1

    world.text("food")
    world.deliver()
    assert world.said() == []
    world.text("START")
    assert world.said()[0] == "first_contact"
    assert world.count(Suppression) == 0


def test_home_that_refused_still_refuses_after_the_person_was_forgotten(forgetting_world):
    world = forgetting_world
    world.with_everything()
    world.text("DELETE")
    world.text("YES")
    world.goes_on()
    assert _problem(world, PERSON, HOME) == "home_refused"
    assert _problem(world, OTHER, HOME) is None


def test_what_comes_again_of_a_forgotten_text_brings_nobody_back(forgetting_world):
    world = forgetting_world
    sid = world.text("food")
    world.text("DELETE")
    yes = world.text("YES")
    for again, body in ((sid, "food"), (yes, "YES")):
        with writing(world.engine) as session:
            reception = receive(session, InboundText(again, PERSON, body), world.clock(), world.line.durably)
        assert reception.repeated
    assert world.count(Person) == 0
    assert note_status(world.engine, "x", sid, "delivered", "", world.clock(), world.line.durably)


def test_others_keep_what_is_theirs(forgetting_world):
    world = forgetting_world
    world.text("food", phone=OTHER)
    with_other = world.said(OTHER)
    world.with_everything()
    world.text("DELETE")
    world.text("YES")
    world.goes_on()
    assert world.said(OTHER) == with_other


def test_the_provider_away_delays_it_and_the_number_stays_sealed_until_then(forgetting_world):
    world = forgetting_world
    world.text("food")
    world.deliver()
    world.copies.away = True
    world.text("DELETE")
    world.text("YES")
    for _ in range(3):
        assert world.afterwards.go_on(1) == "waiting"
        world.clock.pass_by(minutes=10)
    assert world.receipt().number == PERSON
    world.copies.away = False
    world.copies.under_way = set(world.copies.texts)
    assert world.afterwards.go_on(1) == "waiting"
    world.copies.under_way = set()
    world.goes_on()
    assert world.receipt().number is None
    assert [sent[1][:5] for sent in world.messenger.sent].count("Done.") == 1


def test_ids_are_never_used_again(forgetting_world):
    world = forgetting_world
    world.text("food")
    with reading(world.engine) as session:
        last = max(session.scalars(select(Message.id)))
    world.text("DELETE")
    world.text("YES")
    world.text("hello")
    with reading(world.engine) as session:
        assert min(session.scalars(select(Message.id))) > last


def test_a_trace_left_on_sqlite_would_be_found(forgetting_world):
    """The search itself: what is deleted without care is still in the file."""
    world = forgetting_world
    if world.engine.dialect.name != "sqlite":
        return
    world.text("the blue tent behind the violet laundromat")
    leave_no_trace(world.engine)
    raw = world.engine.raw_connection()
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    raw.cursor().execute("PRAGMA secure_delete=OFF")
    raw.cursor().execute("DELETE FROM message")
    raw.close()
    leave_no_trace(world.engine)
    assert [hit for hit in world.found() if hit.startswith("line.db")]


def pseudonym_of(world):
    with reading(world.engine) as session:
        for conversation in session.scalars(select(Conversation)):
            if conversation.person.number == PERSON:
                return conversation.public_id
    raise AssertionError("unknown")


def _problem(world, person, home):
    with writing(world.engine) as session:
        conversation = conversation_with(session, person, world.clock())
        line = world.line
        return problem(
            session, conversation, home, line.settings.twilio_from, line.call_limits, world.clock()
        )
