"""The list of conversations: what is in it, on top, and on which page. On SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import conversations, incidents, joining, marks, opting_out
from bot.conversations import Filter
from bot.db import reading, writing
from bot.models import Message, MessageState, OptOut, Reason, Thread, ThreadState
from tests.integration.incident_world import OVERDOSE, PHONE
from tests.integration.joining_world import PATIENCE, JoiningWorld

OTHERS = [f"+1206555{3000 + at}" for at in range(7)]


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    made = JoiningWorld(engine, clock, work, dialogue, messenger)
    for phone in OTHERS:
        made.clock.pass_by(minutes=1)
        made.text("hola" if phone == OTHERS[2] else "hello", phone)
    return made


def listed(world, wanted=None, **more):
    with reading(world.engine) as session:
        return conversations.page(session, wanted or Filter(), world.heron, world.clock(), **more)


def ids(page):
    return [one.conversation_id for one in page.conversations]


def id_of(world, phone):
    return world.conversation(phone).id


def test_the_newest_stands_first_and_case_workers_phones_are_not_there(world):
    phones = [*reversed(OTHERS), PHONE]
    assert ids(listed(world)) == [id_of(world, phone) for phone in phones]
    world.text("again", PHONE)
    first = listed(world).conversations[0]
    assert first.conversation_id == id_of(world, PHONE)
    assert (first.latest.direction, first.unread, first.language) == ("out", True, "en")


def test_pages_hold_everybody_once_also_while_texts_come(world):
    seen, cursor = [], None
    while True:
        page = listed(world, cursor=cursor, how_many=3)
        seen += ids(page)
        cursor = page.next_cursor
        if cursor is None:
            break
        # Goes to the top, and does not come twice further down.
        world.text("more", OTHERS[-1])
    assert sorted(seen) == sorted(id_of(world, phone) for phone in [*OTHERS, PHONE])
    assert ids(listed(world, cursor="nonsense", how_many=3)) == ids(listed(world, how_many=3))


def test_emergencies_stand_on_top_until_they_are_closed(world):
    for phone in OTHERS[:2]:
        world.text(OVERDOSE, phone)
    world.text("later", PHONE)
    two = [id_of(world, phone) for phone in OTHERS[1::-1]]
    page = listed(world, how_many=3)
    assert ids(page)[:2] == two
    assert page.conversations[0].emergency.kind == "overdose"
    assert ids(listed(world, Filter(emergency=True))) == two
    following = listed(world, Filter(), cursor=listed(world, how_many=1).next_cursor, how_many=2)
    assert ids(following) == [two[1], id_of(world, PHONE)]
    with writing(world.engine) as session:
        for one in incidents.open_incidents(session):
            incidents.resolve(session, one.id, world.worker(session, world.heron), "safe", world.clock())
    assert ids(listed(world, Filter(emergency=True))) == []
    assert ids(listed(world))[0] == id_of(world, PHONE)


def test_a_person_is_needed_for_many_reasons_until_somebody_has_seen_to_it(world):
    needed = OTHERS[3]
    world.text("STOP", needed)
    with writing(world.engine) as session:
        marks.need_person(session, id_of(world, PHONE), Reason.ASKED, world.clock())
        assert not marks.need_person(session, id_of(world, PHONE), Reason.ASKED, world.clock())
    page = listed(world, Filter(needs_person=True))
    assert ids(page) == [id_of(world, needed), id_of(world, PHONE)]
    assert [reason for reason, _ in page.conversations[0].needs] == [Reason.OPT_OUT]
    with writing(world.engine) as session:
        opt_out = session.query(OptOut).one()
        opting_out.reviewed(session, opt_out.id, world.worker(session, world.wren), world.clock())
        assert marks.settle(session, id_of(world, PHONE), world.heron, world.clock()) == 1
    assert ids(listed(world, Filter(needs_person=True))) == []


def test_a_text_nobody_answers_needs_a_person_after_five_minutes(world):
    with writing(world.engine) as session:
        session.execute(
            update(Message)
            .where(Message.conversation_id == id_of(world, OTHERS[0]), Message.direction == "in")
            .values(state=MessageState.ASKED)
        )
    world.clock.pass_by(minutes=20)
    for wanted in (Filter(unanswered=True), Filter(needs_person=True)):
        page = listed(world, wanted)
        assert ids(page) == [id_of(world, OTHERS[0])]
        assert [reason for reason, _ in page.conversations[0].needs] == [Reason.UNANSWERED]


def test_mine_waiting_closed_tagged_by_language_need_and_days(world):
    mine, waiting, closed = (id_of(world, phone) for phone in OTHERS[4:])
    with writing(world.engine) as session:
        joining.take_over(session, mine, world.heron, world.clock(), world.work, PATIENCE)
        assert marks.wait(session, waiting, world.heron, world.clock())
        joining.close(session, closed, world.heron, world.clock(), world.work)
        assert marks.add_tag(session, waiting, world.heron, " Bed  tonight ", world.clock())
        assert not marks.add_tag(session, waiting, world.wren, "bed tonight", world.clock())
        session.get_one(Thread, waiting).need = "shelter"
        marks.assign(session, closed, world.wren, world.heron, world.clock())
    (line,) = listed(world, Filter(assigned_to=world.heron)).conversations
    assert (line.conversation_id, line.assigned_to, line.taken_by) == (mine, "Heron", "Heron")
    assert line.answer_by == world.clock() + timedelta(minutes=10)
    for wanted, expected in (
        (Filter(state=ThreadState.WAITING), [waiting]),
        (Filter(state=ThreadState.CLOSED), [closed]),
        (Filter(tag="bed tonight"), [waiting]),
        (Filter(need="shelter"), [waiting]),
        (Filter(need="shelter", language="es"), []),
        (Filter(language="es"), [id_of(world, OTHERS[2])]),
        (Filter(unanswered=True), [mine]),
    ):
        assert ids(listed(world, wanted)) == expected, wanted
    assert closed not in ids(listed(world))
    world.clock.pass_by(days=3)
    world.text("hello", OTHERS[0])
    assert ids(listed(world, Filter(days=2))) == [id_of(world, OTHERS[0])]


def test_what_somebody_has_read_is_not_new_to_them(world):
    row = id_of(world, PHONE)
    with writing(world.engine) as session:
        newest = session.get_one(Thread, row).last_message_id
        marks.read_up_to(session, row, world.heron, newest, world.clock())
        marks.read_up_to(session, row, world.heron, newest - 1, world.clock())
        assert marks.seen_up_to(session, row, world.heron) == newest
    assert {one.conversation_id: one.unread for one in listed(world).conversations}[row] is False


def test_the_token_changes_with_the_list_and_not_by_itself(world):
    def token():
        with reading(world.engine) as session:
            return conversations.list_token(session)

    seen = [token(), token()]
    assert seen[0] == seen[1]
    world.text("again", PHONE)
    seen.append(token())
    with writing(world.engine) as session:
        marks.add_tag(session, id_of(world, PHONE), world.heron, "kind", world.clock())
    seen.append(token())
    world.text(OVERDOSE, PHONE)
    seen.append(token())
    assert len(set(seen)) == 4
