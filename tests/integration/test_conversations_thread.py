"""One conversation in one ordered list, page by page. On SQLite and on PostgreSQL."""

import json

import pytest

from bot import conversations, incidents, marks
from bot.conversations.happenings import Kind
from bot.db import reading, writing
from bot.errors import NoteUnusable, UnknownConversation
from bot.models import Understanding
from tests.integration.incident_world import OVERDOSE, PHONE
from tests.integration.joining_world import JoiningWorld


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    return JoiningWorld(engine, clock, work, dialogue, messenger)


def thread(world, **more):
    with reading(world.engine) as session:
        return conversations.thread_page(session, world.conversation_id, **more)


def test_everything_stands_in_its_order(world):
    world.clock.pass_by(minutes=1)
    world.take_over()
    world.clock.pass_by(minutes=1)
    world.write("Hello, Heron here.", canned="hello")
    world.clock.pass_by(minutes=1)
    with writing(world.engine) as session:
        marks.add_note(session, world.conversation_id, world.heron, "Knows the shelter.", "d1", world.clock())
        marks.add_note(session, world.conversation_id, world.heron, "Knows the shelter.", "d1", world.clock())
    world.clock.pass_by(minutes=1)
    world.text(OVERDOSE)
    page = thread(world)
    kinds = [entry.kind for entry in page.entries]
    assert kinds[:2] == [Kind.TEXT, Kind.TEXT]
    assert kinds.index(Kind.NOTE) > kinds.index(Kind.DONE) > 1
    assert kinds.count(Kind.NOTE) == 1
    assert Kind.INCIDENT in kinds
    assert Kind.CONSENT in kinds
    assert sorted(entry.at for entry in page.entries) == [entry.at for entry in page.entries]
    assert page.newest == world.newest()
    assert page.older is None


def test_a_text_tells_who_wrote_it_what_it_answers_and_what_triage_saw(world):
    world.take_over()
    world.write("Hello, Heron here.", canned="hello")
    world.text(OVERDOSE)
    texts = [entry.what for entry in thread(world).entries if entry.kind is Kind.TEXT]
    asked, welcome, _, written, danger, said = texts[:6]
    assert welcome.answers == asked.id
    assert (written.written_by, written.canned, written.twilio_status) == ("Heron", "hello", "delivered")
    assert danger.triage_kind == "overdose"
    assert "not breathing" in danger.triage_words
    assert (said.state, said.answers) == ("inline", danger.id)


def test_what_the_dialogue_made_of_a_text_stands_beside_it(world):
    message_id = world.says("im hungry")
    detail = {"entities": [], "slots": {"need": "food"}, "asked_before": None, "actions": ["place_form"]}
    with writing(world.engine) as session:
        session.add(
            Understanding(message_id=message_id, intent="food", confidence=0.97, detail=json.dumps(detail))
        )
    (text,) = [
        entry.what
        for entry in thread(world).entries
        if entry.kind is Kind.TEXT and entry.what.id == message_id
    ]
    assert (text.understood.intent, text.understood.confidence) == ("food", 0.97)
    assert text.understood.detail["slots"] == {"need": "food"}


def test_pages_hold_everything_once_and_in_order(world):
    for at in range(12):
        world.clock.pass_by(minutes=1)
        world.says(f"text {at}")
        with writing(world.engine) as session:
            marks.add_note(session, world.conversation_id, world.heron, f"note {at}", f"n{at}", world.clock())
    whole = thread(world, how_many=500).entries
    pieces, cursor = [], None
    while True:
        page = thread(world, cursor=cursor, how_many=5)
        pieces = [*page.entries, *pieces]
        cursor = page.older
        if cursor is None:
            break

    def named(entries):
        return sorted((entry.kind, entry.what.id) for entry in entries)

    assert named(pieces) == named(whole)
    assert [entry.at for entry in pieces] == sorted(entry.at for entry in pieces)


def test_a_clock_that_went_back_loses_nothing_and_shows_nothing_twice(world):
    for at, minutes in enumerate((5, 5, -20, 5, 5, -3, 5, 5)):
        world.clock.pass_by(minutes=minutes)
        world.says(f"text {at}")
        with writing(world.engine) as session:
            marks.add_note(session, world.conversation_id, world.heron, f"note {at}", f"n{at}", world.clock())
    seen, cursor = [], None
    while True:
        page = thread(world, cursor=cursor, how_many=3)
        seen += [(entry.kind, entry.what.id) for entry in page.entries]
        cursor = page.older
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == {(entry.kind, entry.what.id) for entry in thread(world, how_many=500).entries}


def test_the_token_of_a_thread_changes_when_it_looks_different(world):
    def token():
        with reading(world.engine) as session:
            return conversations.thread_token(session, world.conversation_id)

    seen = [token()]
    assert token() == seen[0]
    world.text("im hungry")
    seen.append(token())
    world.send()
    seen.append(token())
    world.take_over()
    seen.append(token())
    with writing(world.engine) as session:
        marks.add_tag(session, world.conversation_id, world.heron, "kind", world.clock())
    seen.append(token())
    world.text("hello", "+12065553001")
    assert token() == seen[-1]
    assert len(set(seen)) == len(seen)


def test_bad_notes_and_strange_conversations_are_refused(world):
    with writing(world.engine) as session:
        for body in ("", "  ", "x" * 10_001):
            with pytest.raises(NoteUnusable):
                marks.add_note(session, world.conversation_id, world.heron, body, "d", world.clock())
        with pytest.raises(UnknownConversation):
            conversations.thread_page(session, 999_999)


def test_an_incident_from_its_opening_to_its_outcome(world):
    world.on_call("Owl")
    world.text(OVERDOSE)
    world.look()
    with writing(world.engine) as session:
        (one,) = incidents.open_incidents(session)
        heron = world.worker(session, world.heron)
        assert incidents.acknowledge(session, one.id, heron, "inbox", world.clock(), world.work)
        world.clock.pass_by(minutes=1)
        assert incidents.resolve(session, one.id, heron, "hospital", world.clock())
        assert not incidents.resolve(session, one.id, heron, "safe", world.clock())
        with pytest.raises(Exception, match=r"outcomes\.yml"):
            incidents.resolve(session, one.id, heron, "whatever", world.clock())
    with reading(world.engine) as session:
        (past,) = incidents.past_incidents(session)
        assert (past.outcome, past.conversation.id) == ("hospital", world.conversation(PHONE).id)
        kinds = [event.kind for event in incidents.timeline(session, past.id)]
        assert (kinds[0], kinds[-1]) == ("opened", "closed")
        assert {"alerted", "acknowledged"} <= set(kinds)
        assert incidents.open_incidents(session) == []
