"""Pages of the inbox that need no browser: the list, built files, addresses, what goes wrong."""

from datetime import timedelta

import pytest

from bot import roster
from bot.conversation_list import newest
from bot.db import reading, writing
from bot.models import Direction, Message, MessageState
from bot.people import conversation_with
from bot.staff.pseudonyms import pseudonym
from inbox import guard
from inbox.built_files import version

HERE = {"REMOTE_ADDR": "127.0.0.1"}


def texts(line, clock, people: int) -> list[str]:
    """Somebody texts once, the next one twice, ...: their conversations' public ids, the newest last."""
    ids = []
    with writing(line.engine) as session:
        for number in range(people):
            conversation = conversation_with(session, f"+1206555{number:04d}", clock())
            ids.append(conversation.public_id)
            for text in range(number + 1):
                session.add(
                    Message(
                        conversation_id=conversation.id,
                        direction=Direction.IN,
                        body="hungry",
                        state=MessageState.ANSWERED,
                        created_at=clock() + timedelta(minutes=text),
                    )
                )
    return ids


def test_conversations_are_listed_by_pseudonym_the_newest_first(inbox_world, clock):
    ids = texts(inbox_world.line, clock, 3)
    page = inbox_world.join("Heron").get("").text
    places = [page.index(pseudonym(one)) for one in reversed(ids)]
    assert places == sorted(places)
    assert "2065550" not in page


def test_a_page_of_the_list_leads_to_the_next(inbox_world, clock):
    ids = texts(inbox_world.line, clock, 5)
    with reading(inbox_world.line.engine) as session:
        first = newest(session, how_many=2)
        second = newest(session, first.older, how_many=2)
        last = newest(session, second.older, how_many=2)
    seen = [one.public_id for found in (first, second, last) for one in found.conversations]
    assert seen == list(reversed(ids))
    assert last.older is None
    assert [one.texts for one in first.conversations] == [5, 4]
    assert first.conversations[0].last_at == clock() + timedelta(minutes=4)


def test_a_case_workers_own_phone_is_no_conversation(inbox_world, clock):
    texts(inbox_world.line, clock, 2)
    with writing(inbox_world.line.engine) as session:
        roster.add_worker(
            session, "Heron", "A name", "206-555-0001", "America/Los_Angeles", "+12065550100", clock()
        )
    with reading(inbox_world.line.engine) as session:
        assert len(newest(session).conversations) == 1


def test_an_unknown_place_in_the_list_shows_nothing_and_breaks_nothing(inbox_world, clock):
    texts(inbox_world.line, clock, 2)
    assert inbox_world.join("Heron").get("?before=' OR 1=1 --").status_code == 200


def test_built_files_are_kept_for_a_year_and_an_older_address_for_no_time(inbox_world):
    browser = inbox_world.browser()
    with browser.get(f"/static/{version()}/inbox.css") as answer:
        assert len(answer.data) > 50_000
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type.startswith("text/css")
    assert "Set-Cookie" not in answer.headers
    with browser.get("/static/older/inbox.css") as older:
        assert older.headers["Cache-Control"] == "no-store"
    for path in ("../desk.py", "..%2fdesk.py", "nothing.css"):
        assert browser.get(f"/static/x/{path}").status_code == 404


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.1, 198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("'; DROP TABLE", "unknown"),
        ("", "127.0.0.1"),
    ],
)
def test_an_address_is_what_our_own_proxy_tells(inbox_world, told, address):
    with inbox_world.app.test_request_context(
        "/inbox/sign-in", headers={"X-Forwarded-For": told}, environ_base=HERE
    ):
        assert guard.address() == address


def test_what_is_no_page_is_told_in_the_readers_language(inbox_world):
    answer = inbox_world.browser().get("/nothing", headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert answer.status_code == 404
    assert "Aquí no hay nada" in answer.text
    other = inbox_world.browser().client.get("/nothing")
    assert "Warmline" not in other.text


def test_something_broken_is_told_by_a_reference_and_not_by_what_it_was(inbox_world, caplog):
    heron = inbox_world.join("Heron")
    with inbox_world.line.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE message RENAME TO elsewhere")
    answer = heron.get("")
    assert answer.status_code == 500
    assert "elsewhere" not in answer.text
    reference = answer.text.split("name this: ")[1][:8]
    assert reference in caplog.text


def test_too_much_is_refused_kindly(inbox_world):
    heron = inbox_world.join("Heron")
    heron.get("/account")
    answer = heron.post("/account/language", {"language": "x" * 300_000})
    assert answer.status_code == 413
    assert "too long" in answer.text
