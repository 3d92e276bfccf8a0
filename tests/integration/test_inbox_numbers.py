"""Numbers by day: counted from rows and codes alone, in the line's zone, and told without small cells."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from bot import numbers
from bot.db import reading, writing
from bot.models import (
    CaseWorker,
    CheckIn,
    CheckInState,
    DailyCount,
    Direction,
    Incident,
    Message,
    MessageState,
)
from bot.numbers import Measure
from bot.people import conversation_with
from bot.staff.roles import Role
from tests.integration.signed_in import ZONE, sign_in

#: Midnight in Seattle that begins Nov 24, 2026; the tests' clock stands at noon of that day.
MIDNIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
YESTERDAY = date(2026, 11, 23)


def person(session, number, at):
    return conversation_with(session, f"+1206555{number:04d}", at)


def text(session, conversation, at, direction=Direction.IN, **more):
    message = Message(
        conversation_id=conversation.id,
        direction=direction,
        body="x",
        state=MessageState.ANSWERED,
        created_at=at,
        **more,
    )
    session.add(message)
    session.flush()
    return message


def counted(line):
    """Yesterday's counts by measure and part."""
    with reading(line.engine) as session:
        rows = session.execute(
            select(DailyCount.measure, DailyCount.part, DailyCount.count).where(DailyCount.day == YESTERDAY)
        )
        return {(row[0], row[1]): row[2] for row in rows}


def count_all(line, clock):
    while numbers.count_days(line.engine, clock(), ZONE):
        pass


def test_days_are_those_of_the_lines_zone(line, clock):
    with writing(line.engine) as session:
        somebody = person(session, 1, MIDNIGHT - timedelta(hours=25))
        for at in (
            -timedelta(hours=24, seconds=1),
            -timedelta(hours=24),
            -timedelta(seconds=1),
            timedelta(0),
        ):
            text(session, somebody, MIDNIGHT + at)
    count_all(line, clock)
    assert counted(line)[Measure.TEXTS, "in"] == 2


def test_a_day_is_counted_with_all_that_happened_on_it(line, clock):
    at = MIDNIGHT - timedelta(hours=6)
    with writing(line.engine) as session:
        for number in range(3):
            somebody = person(session, number, at)
            asked = text(session, somebody, at)
            text(
                session,
                somebody,
                at,
                Direction.OUT,
                reply_key="service_list",
                cause=f"in-{asked.id}",
                sending_at=at + timedelta(seconds=number + 1),
            )
            state = CheckInState.ANSWERED if number else CheckInState.MISSED
            session.add(
                CheckIn(
                    conversation_id=somebody.id,
                    kind="promise",
                    due_at=at,
                    timezone=ZONE,
                    state=state,
                    created_at=at,
                )
            )
        session.add(
            Incident(
                code="ABCD",
                conversation_id=somebody.id,
                source="triage",
                kind="overdose",
                state="open",
                opened_at=at,
            )
        )
        text(session, somebody, at, Direction.OUT, reply_key="nothing_found", cause="in-0")
    count_all(line, clock)
    found = counted(line)
    assert found == {
        (Measure.COUNTED, ""): 1,
        (Measure.TEXTS, "in"): 3,
        (Measure.TEXTS, "out"): 4,
        (Measure.PEOPLE, "texted"): 3,
        (Measure.PEOPLE, "new"): 3,
        (Measure.PLACES, "found"): 3,
        (Measure.PLACES, "none"): 1,
        (Measure.ANSWERED, "texts"): 3,
        (Measure.ANSWERED, "median"): 2000,
        (Measure.ANSWERED, "slow"): 3000,
        (Measure.CHECK_INS, "answered"): 2,
        (Measure.CHECK_INS, "silent"): 1,
        (Measure.EMERGENCIES, "overdose"): 1,
    }


def test_case_workers_own_phones_are_not_counted(line, clock):
    at = MIDNIGHT - timedelta(hours=6)
    with writing(line.engine) as session:
        theirs = person(session, 1, at)
        text(session, theirs, at)
        session.add(CaseWorker(name="Heron", person_id=theirs.person_id, **worker_columns(at)))
    count_all(line, clock)
    assert counted(line) == {(Measure.COUNTED, ""): 1}


def worker_columns(at):
    """What else a row of the roster needs."""
    needed = {}
    for column in CaseWorker.__table__.columns:
        if not column.nullable and column.name not in {"id", "name", "person_id"} and column.default is None:
            needed[column.name] = (
                at if "at" in column.name.split("_") else ZONE if column.name == "timezone" else "en"
            )
    return needed


def test_a_day_is_counted_again_until_it_is_final(line, clock):
    at = MIDNIGHT - timedelta(hours=6)
    with writing(line.engine) as session:
        somebody = person(session, 1, at)
        promise = CheckIn(
            conversation_id=somebody.id,
            kind="promise",
            due_at=at,
            timezone=ZONE,
            state=CheckInState.SENT,
            created_at=at,
        )
        session.add(promise)
    count_all(line, clock)
    assert counted(line)[Measure.CHECK_INS, "silent"] == 1
    with writing(line.engine) as session:
        session.get_one(CheckIn, promise.id).state = CheckInState.ANSWERED
    count_all(line, clock)
    assert (Measure.CHECK_INS, "answered") not in counted(line)
    clock.pass_by(days=1)
    count_all(line, clock)
    assert counted(line)[Measure.CHECK_INS, "answered"] == 1
    assert (Measure.CHECK_INS, "silent") not in counted(line)
    clock.pass_by(days=30)
    count_all(line, clock)
    assert counted(line)[Measure.COUNTED, ""] == 32


def test_searches_are_counted_as_they_happen_without_anybody(line, clock):
    for zip_code in ("98104", "98118", None, "98104"):
        numbers.note_served(line.engine, ["food", "shelter", "food"], zip_code, clock(), ZONE)
    with reading(line.engine) as session:
        found = {(row.measure, row.part): row.count for row in session.scalars(select(DailyCount))}
    assert found == {
        (Measure.NEEDS, "food"): 4,
        (Measure.NEEDS, "shelter"): 4,
        (Measure.ZIP3, "981"): 3,
        (Measure.ZIP3, "unknown"): 1,
    }
    count_all(line, clock)
    with reading(line.engine) as session:
        assert session.get_one(DailyCount, (date(2026, 11, 24), Measure.NEEDS, "food")).count == 4


def keep(line, day, **counts):
    with writing(line.engine) as session:
        for name, count in {**counts, "counted:": 3}.items():
            measure, part = name.split(":")
            session.add(DailyCount(day=day, measure=measure, part=part, count=count))


@pytest.fixture
def supervisor(line, app, clock):
    return sign_in(line, app, clock, "Heron", Role.SUPERVISOR)


def table(browser, name, days=7):
    return list(csv.reader(io.StringIO(browser.get(f"/numbers/{name}.csv?days={days}").text)))


def test_an_empty_line_says_that_there_is_nothing_and_what_is_not_counted(line, clock, supervisor):
    page = unescape(supervisor.get("/numbers").text)
    assert "Not counted yet: 30 days" in page
    assert "Nothing in these days, or too few to be told." in page
    count_all(line, clock)
    page = unescape(supervisor.get("/numbers").text)
    assert "Not counted yet" not in page
    assert table(supervisor, "texts")[1] == ["2026-11-17", "0", "0"]


def test_small_cells_are_told_neither_on_the_page_nor_in_a_file(line, clock, supervisor):
    keep(line, YESTERDAY, **{"texts:in": 250, "texts:out": 7, "emergencies:overdose": 3})
    keep(line, YESTERDAY - timedelta(days=1), **{"texts:in": 40, "texts:out": 300})
    texts = table(supervisor, "texts")
    assert texts[-2:] == [["2026-11-23", "250", "not told"], ["total", "290", "307"]]
    out = {row[0]: row[2] for row in texts[1:]}
    assert out["2026-11-23"] == out["2026-11-22"] == "not told"
    emergencies = table(supervisor, "emergencies_by_part")
    assert emergencies == [["emergencies", "count"], ["overdose", "not told"], ["total", "not told"]]
    page = re.sub(r"<(svg|time).*?</\1>", "", supervisor.get("/numbers?days=7").text, flags=re.S)
    assert not re.search(r'class="number">\s*(3|7)\s*<', page)


def test_the_time_to_an_answer_is_told_of_days_with_enough_texts(line, supervisor):
    keep(line, YESTERDAY, **{"answered:texts": 10, "answered:median": 1200, "answered:slow": 9000})
    before = YESTERDAY - timedelta(days=1)
    keep(line, before, **{"answered:texts": 400, "answered:median": 1200, "answered:slow": 2400})
    assert table(supervisor, "answered")[-2:] == [
        ["2026-11-22", "1200", "2400"],
        ["2026-11-23", "not told", "not told"],
    ]
    assert "1.2 s" in supervisor.get("/numbers?days=7").text


def test_every_plot_has_its_table_its_words_and_its_file(line, supervisor):
    for back in range(7):
        keep(
            line,
            YESTERDAY - timedelta(days=back),
            **{"texts:in": 100 + back, "needs:food": 40, "zip3:981": 30},
        )
    page = supervisor.get("/numbers?days=7").text
    pictures = re.findall(r'<svg class="plot".*?</svg>', page, re.S)
    assert len(pictures) == 6
    assert all("<title" in one and "<desc" in one and "style" not in one for one in pictures)
    assert "From people: at most 106, on 2026-11-17." in page
    for path in re.findall(r'href="/inbox(/numbers/[^"]+csv[^"]*)"', page):
        assert supervisor.get(unescape(path)).content_type.startswith("text/csv")
    assert "981··" in page
    assert re.search(r"</meter> 280<", page)


@pytest.mark.parametrize("days", ["1", "365", "x", "-7"])
def test_a_range_that_is_none_is_the_usual_one(supervisor, days):
    assert len(table(supervisor, "texts", days)) == 32


def test_a_table_that_is_none_is_not_found(supervisor):
    assert supervisor.get("/numbers/persons.csv").status_code == 404


@pytest.mark.parametrize(("role", "code"), [(Role.ADMIN, 200), (Role.WORKER, 403), (Role.CARD_MAKER, 403)])
def test_supervisors_and_administrators_see_numbers(line, app, clock, role, code):
    browser = sign_in(line, app, clock, "Otter", role)
    for path in ("/numbers", "/numbers/texts.csv"):
        assert browser.get(path).status_code == code
