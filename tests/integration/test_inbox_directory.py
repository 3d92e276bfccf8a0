"""The directory's pages: what the line would answer and why, a listing corrected, tasks. By requests."""

import csv
import re
from html import unescape

import pytest
from sqlalchemy import select

from bot import audit
from bot.db import reading, writing
from bot.finding import SHOWN_AT_ONCE, lists, look
from bot.models import AuditEntry
from bot.replies.wording import render
from bot.staff.roles import Role
from services_directory.importing import import_directory
from services_directory.models import Service, ServiceAtLocation, ServiceSearch
from services_directory.places import zip_place
from services_directory.verification import open_tasks, report_closed
from tests.integration.signed_in import sign_in

HERE = zip_place("98104")
COLUMNS = (
    "organization",
    "service",
    "kind",
    "address",
    "city",
    "state",
    "zip",
    "phone",
    "hours",
    "who",
    "latitude",
)
COLUMNS += ("longitude", "last_checked")
#: Miles north and what it says, on Tuesday, Nov 24 2026, at noon in Seattle (the clock of conftest.py).
PLACES = (
    ("Near Table", 0.1, {"hours": "Mon-Fri 9am-5pm", "who": "no pets"}),
    ("Evening Table", 0.2, {"hours": "daily 6pm-9pm"}),
    ("Quiet Table", 0.3, {"hours": ""}),
    ("Far Table", 3.0, {"hours": "Mon-Fri 9am-5pm", "last_checked": "2024-01-01"}),
    ("Shut Table", 0.4, {"hours": "Sat 9am-5pm"}),
)


@pytest.fixture
def take_in(line, clock, tmp_path):
    """The source's package of a night, with columns of its places changed."""

    def import_it(**changes):
        path = tmp_path / "tables.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            sheet = csv.DictWriter(file, COLUMNS)
            sheet.writeheader()
            for number, (name, miles, said) in enumerate(PLACES):
                usual = {"kind": "meal", "address": f"{number} Main St", "city": "Seattle", "state": "WA"}
                usual |= {"zip": "98104", "phone": "206-555-0143", "organization": name, "service": name}
                where = {"latitude": HERE.latitude + miles / 69, "longitude": HERE.longitude}
                sheet.writerow({**usual, **where, **said, **changes.get(name.split(" ")[0].lower(), {})})
        with writing(line.engine) as session:
            return import_directory(session, path, "tables", clock().date())

    import_it()
    return import_it


@pytest.fixture
def supervisor(line, app, clock, take_in):
    return sign_in(line, app, clock, "Heron", Role.SUPERVISOR)


@pytest.fixture
def worker(line, app, clock, take_in):
    return sign_in(line, app, clock, "Plover", Role.WORKER)


def listing(line, name):
    with reading(line.engine) as session:
        called = select(ServiceAtLocation.id).join(Service, Service.id == ServiceAtLocation.service_id)
        return session.scalars(called.where(Service.name == name)).one()


def asks(browser, **form):
    browser.get("/directory")
    usual = {"text": "", "need": "", "place": "", "on": "2026-11-24", "clock": "12:00"}
    return unescape(browser.post("/directory", **{**usual, **form}).text)


def told(page):
    """The texts shown, English and Spanish in turn."""
    return re.findall(r'<blockquote lang="\w\w">(.*?)</blockquote>', page, re.S)


def outcomes(page):
    """What became of each listing, in the order of the page."""
    names = re.findall(r'directory/listings/[\w-]+">([^<]+)</a>', page)
    return list(zip(names, re.findall(r'mark mark--\w+">([^<]+)<', page), strict=False))


def test_the_answer_is_word_for_word_what_the_line_says(line, clock, worker):
    page = asks(worker, text="hungry near 98104")
    with reading(line.engine) as session:
        (reply,) = lists(HERE, [look(session, "food", HERE, clock(), {})], {})
    assert told(page) == [render(reply.key, reply.fill, of, clock()) for of in ("en", "es")]
    assert "Near Table, 0.1 mi, open till 5pm" in told(page)[0]


def test_each_listing_has_its_rank_and_why(worker):
    page = asks(worker, text="hungry near 98104")
    assert outcomes(page)[:5] == [
        ("Near Table", "In the answer"),
        ("Far Table", "In the answer"),
        ("Evening Table", "In the answer"),
        ("Quiet Table", "Next, with MORE"),
        ("Shut Table", "Next, with MORE"),
    ]
    assert "last checked 2024-01-01" in page
    assert "counts as 3.5" in page
    assert len(told(page)[0].splitlines()) == 2 + SHOWN_AT_ONCE


def test_what_a_wish_rules_out_is_said(worker):
    page = asks(worker, text="hungry near 98104, i have a dog")
    assert ("Near Table", "Ruled out") in outcomes(page)
    assert "says no to: With a pet" in page
    assert "Near Table" not in told(page)[0]


def test_a_need_a_place_and_a_time_can_be_set_beside_the_text(worker):
    page = asks(worker, need="food", place="98104", clock="19:00", on="2026-11-24")
    assert "Evening Table, 0.2 mi, open till 9pm" in told(page)[0]
    assert "Near Table" not in told(page)[0].splitlines()[1]


@pytest.mark.parametrize(
    ("text", "said", "shown"),
    [
        ("hungry", "ZIP", "nothing"),
        ("he is not breathing, needle in his arm", "911", "Answered at once as an emergency: overdose"),
        ("STOP", None, "The person is opted out"),
        ("what a day", None, "No need in plain words"),
        ("detox and a bed near 98104", "98104", "Why: detox"),
        ("food near springfield", "Springfield", "Springfield"),
        ("call my mom", None, "No need in plain words"),
    ],
)
def test_texts_that_end_elsewhere_are_told_as_such(worker, text, said, shown):
    page = asks(worker, text=text)
    assert shown in page
    if said:
        assert said in told(page)[0]
    else:
        assert told(page) == []


@pytest.mark.parametrize(
    "form",
    [
        {"text": ""},
        {"text": "food", "on": "tomorrow"},
        {"text": "food", "clock": "25:00"},
        {"text": "food", "on": "1950-01-01"},
    ],
)
def test_a_form_that_asks_nothing_is_refused_with_words(worker, form):
    worker.get("/directory")
    usual = {"on": "2026-11-24", "clock": "12:00"}
    answer = worker.post("/directory", **{**usual, **form})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_script_in_a_text_stays_text(worker):
    worker.get("/directory")
    answer = worker.post(
        "/directory", text="<script>alert(1)</script> food", place="<b>x", on="2026-11-24", clock="12:00"
    )
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_listings_are_found_by_name_and_shown_with_what_is_known(line, worker):
    assert "Near Table" in worker.get("/directory?name=near+tab").text
    assert "Nothing is called so." in worker.get("/directory?name=zzzz").text
    page = unescape(worker.get(f"/directory/listings/{listing(line, 'Near Table')}").text)
    for said in ("Tuesday, Nov 24", "9am to 5pm", "(206) 555-0143", "no pets", "tables", "0 Main St"):
        assert said in page
    assert "Correct the hours" not in page


def change(browser, at, what, **form):
    """Send one of the forms of a listing's page."""
    shown = browser.get(f"/directory/listings/{at}").text
    seen = re.search(r'name="seen" value="([^"]*)"', shown)
    return browser.post(f"/directory/listings/{at}/{what}", seen=seen[1] if seen else "", **form)


def test_corrected_hours_are_what_the_line_says_and_outlive_the_next_import(line, supervisor, take_in):
    at = listing(line, "Near Table")
    assert change(supervisor, at, "hours", hours="mon-fri 7am-8am").status_code == 303
    page = unescape(supervisor.get(f"/directory/listings/{at}").text)
    assert "7am to 8am" in page
    assert "Corrected here by Heron" in page
    assert "09:00-17:00" in page
    take_in()
    assert "Near Table, 0.1 mi, open" not in told(asks(supervisor, text="hungry near 98104"))[0]


def test_a_conflict_with_the_source_is_shown_and_decided(line, supervisor, take_in):
    at = listing(line, "Near Table")
    change(supervisor, at, "hours", hours="mon-fri 7am-8am")
    take_in(near={"hours": "Mon-Fri 9am-9pm"})
    page = unescape(supervisor.get(f"/directory/listings/{at}").text)
    assert "now says: MO,TU,WE,TH,FR 09:00-21:00" in page
    assert "its source has changed what we corrected" in supervisor.get("/directory/tasks").text
    assert change(supervisor, at, "undo", kind="hours").status_code == 303
    assert "Near Table, 0.1 mi, open till 9pm" in told(asks(supervisor, text="hungry near 98104"))[0]


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ("hours", {"hours": "whenever"}),
        ("hours", {"hours": ""}),
        ("phone", {"phone": "911 or so"}),
        ("phone", {"phone": "+44 20 7946 0018"}),
        ("closure", {"first": "2026-12-24", "last": "2026-12-20"}),
        ("closure", {"first": "2026-11-01", "last": "2026-11-02"}),
        ("closure-removed", {"closure": "7"}),
        ("undo", {"kind": "hours"}),
        ("keep", {"kind": "phone"}),
    ],
)
def test_what_cannot_be_read_for_sure_changes_nothing(line, supervisor, what, form):
    at = listing(line, "Near Table")
    answer = change(supervisor, at, what, **form)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    with reading(line.engine) as session:
        subjects = session.scalars(select(AuditEntry.subject)).all()
    assert f"listing:{at}" not in subjects


def test_a_page_made_before_somebody_elses_change_changes_nothing(line, app, clock, supervisor):
    at, other = listing(line, "Near Table"), sign_in(line, app, clock, "Egret", Role.SUPERVISOR)
    supervisor.get(f"/directory/listings/{at}")
    change(other, at, "phone", phone="206-555-0199")
    answer = supervisor.post(f"/directory/listings/{at}/phone", seen="", phone="206-555-0177")
    assert answer.status_code == 400
    assert "206-555-0177" in answer.text
    assert "People are told (206) 555-0199" in answer.text


def test_closing_and_opening_a_listing(line, supervisor):
    at = listing(line, "Near Table")
    change(supervisor, at, "close", reason="burnt down")
    assert "Near Table" not in told(asks(supervisor, text="hungry near 98104"))[0]
    assert "Told to nobody" in supervisor.get("/directory?name=near+table").text
    assert "Closed here" in supervisor.get(f"/directory/listings/{at}").text
    change(supervisor, at, "undo", kind="closed")
    assert "Near Table" in told(asks(supervisor, text="hungry near 98104"))[0]


def test_days_of_closing_are_added_and_taken_back(line, supervisor):
    at = listing(line, "Near Table")
    change(supervisor, at, "closure", first="2026-11-24", last="", reason="flood")
    page = supervisor.get(f"/directory/listings/{at}").text
    assert "closed: flood" in page
    assert "Near Table, 0.1 mi, open till" not in told(asks(supervisor, text="hungry near 98104"))[0]
    closure = re.search(r'name="closure" value="(\d+)"', page)[1]
    change(supervisor, at, "closure-removed", closure=closure)
    assert "Near Table, 0.1 mi, open till" in told(asks(supervisor, text="hungry near 98104"))[0]


def test_every_change_is_in_the_audit_log_with_what_it_was(line, supervisor):
    at = listing(line, "Near Table")
    change(supervisor, at, "phone", phone="206-555-0199")
    change(supervisor, at, "checked")
    with reading(line.engine) as session:
        found = [
            (entry.actor, entry.action, reason)
            for entry, reason in audit.entries(session, audit.Wanted(subject=f"listing:{at}"))
        ]
    assert found == [
        ("Heron", "directory.checked", None),
        ("Heron", "directory.phone", "(206) 555-0199"),
    ]


def test_a_worker_searches_and_does_tasks_and_changes_nothing(line, worker):
    at = listing(line, "Near Table")
    worker.get("/directory")
    assert worker.post(f"/directory/listings/{at}/close", seen="", reason="x").status_code == 403
    assert worker.post("/directory/tasks/1/close").status_code == 403


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CARD_MAKER])
def test_others_see_no_page_of_the_directory(line, app, clock, take_in, role):
    browser = sign_in(line, app, clock, "Otter", role)
    browser.get("/account")
    at = listing(line, "Near Table")
    for path in ("/directory", f"/directory/listings/{at}", "/directory/tasks"):
        assert browser.get(path).status_code == 403
    for path in ("/directory", f"/directory/listings/{at}/close", "/directory/tasks/1/take"):
        assert browser.post(path).status_code == 403


@pytest.mark.parametrize("path", ["/directory/listings/none", "/directory/listings/" + "0" * 36])
def test_a_listing_that_is_not_there_is_not_found(supervisor, path):
    assert supervisor.get(path).status_code == 404
    assert supervisor.post(f"{path}/close", seen="").status_code == 404


def open_one(line, clock, name="Near Table"):
    with writing(line.engine) as session:
        report_closed(session, listing(line, name), "somebody", clock().date())
        return open_tasks(session)[0].id


def test_a_task_is_taken_and_all_as_listed_is_a_check(line, clock, worker):
    task = open_one(line, clock)
    assert "reported closed" in worker.get("/directory/tasks").text
    assert "reported closed: 1" in asks(worker, text="hungry near 98104")
    worker.get("/directory/tasks")
    assert worker.post(f"/directory/tasks/{task}/take").status_code == 303
    assert "Taken by Plover" in worker.get("/directory/tasks").text
    assert worker.post(f"/directory/tasks/{task}/found", found="as_listed").status_code == 303
    assert "Nothing to make sure of." in worker.get("/directory/tasks").text
    assert "reported closed: 1" not in asks(worker, text="hungry near 98104")
    with reading(line.engine) as session:
        row = session.scalars(
            select(ServiceSearch).where(ServiceSearch.service_at_location_id == listing(line, "Near Table"))
        ).first()
        assert row.assured_date == clock().date()


def test_what_was_found_waits_for_a_supervisor_who_puts_it_right(line, app, clock, worker):
    task = open_one(line, clock)
    worker.get("/directory/tasks")
    worker.post(f"/directory/tasks/{task}/take")
    worker.post(f"/directory/tasks/{task}/found", found="hours", note="opens at 11 now")
    supervisor = sign_in(line, app, clock, "Heron", Role.SUPERVISOR)
    page = supervisor.get("/directory/tasks").text
    assert "Other hours" in page
    assert "opens at 11 now" in page
    assert supervisor.post(f"/directory/tasks/{task}/close").status_code == 303
    assert "Nothing to make sure of." in supervisor.get("/directory/tasks").text


def test_a_task_somebody_else_has_is_theirs_until_tomorrow(line, app, clock, worker):
    task = open_one(line, clock)
    worker.get("/directory/tasks")
    worker.post(f"/directory/tasks/{task}/take")
    other = sign_in(line, app, clock, "Egret", Role.WORKER)
    other.get("/directory/tasks")
    for path, form in (("take", {}), ("back", {}), ("found", {"found": "hours"})):
        assert other.post(f"/directory/tasks/{task}/{path}", **form).status_code == 400
    clock.pass_by(days=1)
    late = sign_in(line, app, clock, "Stilt", Role.WORKER)
    late.get("/directory/tasks")
    assert late.post(f"/directory/tasks/{task}/take").status_code == 303


@pytest.mark.parametrize("found", ["", "nonsense"])
def test_an_answer_that_is_none_is_refused_and_the_note_stays(line, clock, worker, found):
    task = open_one(line, clock)
    worker.get("/directory/tasks")
    worker.post(f"/directory/tasks/{task}/take")
    answer = worker.post(f"/directory/tasks/{task}/found", found=found, note="rang twice")
    assert answer.status_code == 400
    assert "rang twice" in answer.text
