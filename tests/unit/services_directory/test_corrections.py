"""What somebody found out is told at once, outlives imports, and gives way only to somebody's decision."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_directory import corrections, search
from services_directory.corrections import Kind
from services_directory.export import export_directory
from services_directory.hours import OpenKind
from services_directory.models import Closure, ListingCorrection, ServiceAtLocation
from services_directory.places import zip_place
from services_directory.verification import (
    Found,
    close_task,
    give_task_back,
    note_found,
    open_tasks,
    report_closed,
    take_task,
)
from tests.unit.services_directory.taking_in import NOON, TODAY, Directory, changed, folder

HERE = zip_place("98104")
MORNINGS = [[["MO", "TU", "WE", "TH", "FR"], "08:00", "10:00"]]
#: Open on Wednesdays at noon, by the service itself; and by the counter, which goes before it.
BY_SERVICE = {
    "id": "h1",
    "service_id": "s1",
    "freq": "WEEKLY",
    "byday": "WE",
    "opens_at": "09:00",
    "closes_at": "17:00",
}
BY_COUNTER = {**BY_SERVICE, "id": "h2", "service_id": "", "service_at_location_id": "a1"}
NUMBER = {"id": "p1", "service_at_location_id": "a1", "number": "206-555-0143", "type": "voice"}


class Corrected:
    """A pantry of a source that is imported every night, and somebody who corrects it."""

    def __init__(self, directory, tmp_path):
        self.directory, self.path, self.day = directory, tmp_path, TODAY
        self.nights = 0

    def night(self, **tables):
        """The source's next package."""
        self.nights += 1
        self.day += timedelta(days=1)
        made = {"schedule": [BY_SERVICE], "phone": [NUMBER], **tables}
        return self.directory.take_in(folder(self.path / str(self.nights), changed(**made)), on=self.day)

    @property
    def at(self):
        with Session(self.directory.engine) as session:
            mine = select(ServiceAtLocation.id).where(ServiceAtLocation.directory_source == "sample")
            return session.scalars(mine).first()

    def correct(self, kind, value):
        with Session(self.directory.engine) as session, session.begin():
            corrections.correct(session, self.at, kind, value, "Heron", self.day)

    def do(self, change, *given):
        with Session(self.directory.engine, expire_on_commit=False) as session, session.begin():
            return change(session, self.at, *given)

    def told(self):
        """What somebody in Pioneer Square is told on that Wednesday at noon."""
        return next(iter(self.directory.near("food", "98104")), None)

    def standing(self):
        with Session(self.directory.engine) as session:
            return corrections.standing(session, self.at)

    def tasks(self):
        with Session(self.directory.engine) as session:
            return [task.reason for task in open_tasks(session)]


@pytest.fixture
def pantry(tmp_path):
    made = Corrected(Directory(), tmp_path)
    made.night()
    return made


@pytest.mark.parametrize("source", [[BY_SERVICE], [BY_COUNTER], [BY_SERVICE, BY_COUNTER]])
def test_corrected_hours_are_told_at_once_and_after_the_next_import(pantry, source):
    pantry.night(schedule=source)
    assert pantry.told().hours.kind is OpenKind.OPEN
    pantry.correct(Kind.HOURS, MORNINGS)
    assert pantry.told().hours.opens.hour == 8
    assert pantry.told().hours.kind is OpenKind.CLOSED_TODAY
    pantry.night(schedule=source)
    report = pantry.night(schedule=source)
    assert pantry.told().hours.kind is OpenKind.CLOSED_TODAY
    assert report.corrections.stand == 1
    assert report.corrections.conflicts == 0
    assert pantry.tasks() == []


@pytest.mark.parametrize("source", [[BY_SERVICE], [BY_COUNTER]])
def test_a_correction_taken_back_tells_what_the_source_says(pantry, source):
    pantry.night(schedule=source)
    before = pantry.directory.dump()
    pantry.correct(Kind.HOURS, MORNINGS)
    pantry.night(schedule=source)
    assert pantry.do(corrections.undo, Kind.HOURS, "Heron", pantry.day)
    after = pantry.directory.dump()
    for table in ("service_search", "phone"):
        assert after[table] == before[table]
    assert [row[2:] for row in after["weekly_hours"]] == [row[2:] for row in before["weekly_hours"]]
    assert [row[-1] for row in after["schedule"]].count(None) == 1


def test_hours_that_nobody_knows_are_told_as_such(pantry):
    pantry.correct(Kind.HOURS, [])
    assert pantry.told().hours.kind is OpenKind.UNKNOWN
    pantry.night()
    assert pantry.told().hours.kind is OpenKind.UNKNOWN


def test_a_source_that_changes_what_was_corrected_is_shown_in_conflict_and_ours_is_told(pantry):
    pantry.correct(Kind.HOURS, MORNINGS)
    report = pantry.night(schedule=[{**BY_SERVICE, "closes_at": "20:00"}])
    assert report.corrections.conflicts == 1
    assert "1 contradicted" in str(report)
    assert pantry.told().hours.kind is OpenKind.CLOSED_TODAY
    assert "20:00" in pantry.standing()[Kind.HOURS].source_says
    assert pantry.tasks() == ["source changed"]


def test_a_conflict_decided_for_ours_is_none_any_more_until_the_source_changes_again(pantry):
    new = [{**BY_SERVICE, "closes_at": "20:00"}]
    pantry.correct(Kind.HOURS, MORNINGS)
    pantry.night(schedule=new)
    assert pantry.do(corrections.keep, Kind.HOURS)
    assert pantry.night(schedule=new).corrections.conflicts == 0
    assert pantry.night(schedule=[BY_SERVICE]).corrections.conflicts == 1


def test_a_conflict_decided_for_the_source_tells_the_source(pantry):
    pantry.correct(Kind.HOURS, MORNINGS)
    pantry.night(schedule=[{**BY_SERVICE, "closes_at": "20:00"}])
    pantry.do(corrections.undo, Kind.HOURS, "Heron", pantry.day)
    assert pantry.told().hours.until.hour == 20


def test_a_source_that_takes_its_change_back_is_in_no_conflict(pantry):
    pantry.correct(Kind.HOURS, MORNINGS)
    pantry.night(schedule=[{**BY_SERVICE, "closes_at": "20:00"}])
    assert pantry.night().corrections.conflicts == 0


def test_a_correction_ends_when_the_source_says_the_same(pantry):
    pantry.correct(Kind.HOURS, MORNINGS)
    same = [{**BY_SERVICE, "byday": "MO,TU,WE,TH,FR", "opens_at": "08:00", "closes_at": "10:00"}]
    report = pantry.night(schedule=same)
    assert report.corrections.agreed == 1
    assert pantry.standing() == {}
    assert pantry.told().hours.kind is OpenKind.CLOSED_TODAY
    assert pantry.night(schedule=[BY_SERVICE]).corrections.stand == 0
    assert pantry.told().hours.kind is OpenKind.OPEN


def test_a_corrected_number_goes_before_every_other_and_outlives_an_import(pantry):
    pantry.correct(Kind.PHONE, "(206) 555-0199 ext. 4")
    assert pantry.told().phone == "(206) 555-0199 ext. 4"
    pantry.night()
    assert pantry.told().phone == "(206) 555-0199 ext. 4"
    report = pantry.night(phone=[{**NUMBER, "number": "206-555-0177"}])
    assert report.corrections.conflicts == 1
    assert pantry.told().phone == "(206) 555-0199 ext. 4"
    pantry.do(corrections.undo, Kind.PHONE, "Heron", pantry.day)
    assert pantry.told().phone == "206-555-0177"


def test_a_number_the_source_corrects_too_needs_no_correction(pantry):
    pantry.correct(Kind.PHONE, "(206) 555-0199")
    pantry.night(phone=[{**NUMBER, "number": "+1 206 555 0199"}])
    assert pantry.standing() == {}
    assert pantry.told().phone == "+1 206 555 0199"


def test_a_closed_listing_is_told_to_nobody_until_it_is_opened_again(pantry):
    before = pantry.told()
    pantry.correct(Kind.CLOSED, True)
    assert pantry.told() is None
    pantry.night()
    pantry.night()
    assert pantry.told() is None
    assert pantry.directory.rows("weekly_hours") == []
    pantry.do(corrections.undo, Kind.CLOSED, "Heron", pantry.day)
    assert pantry.told() == before


def test_hours_corrected_before_closing_are_told_after_opening_again(pantry):
    pantry.correct(Kind.HOURS, MORNINGS)
    pantry.correct(Kind.CLOSED, True)
    pantry.night()
    pantry.do(corrections.undo, Kind.HOURS, "Heron", pantry.day)
    pantry.do(corrections.undo, Kind.CLOSED, "Heron", pantry.day)
    assert pantry.told().hours.kind is OpenKind.OPEN


def test_a_source_that_says_it_is_closed_as_well_is_followed_when_it_opens_again(pantry):
    pantry.correct(Kind.CLOSED, True)
    assert pantry.night(service={"status": "inactive"}).corrections.agreed == 1
    assert pantry.told() is None
    pantry.night()
    assert pantry.told() is not None


def test_a_closed_listing_that_its_source_drops_cannot_be_opened_again_here(pantry):
    pantry.correct(Kind.CLOSED, True)
    other = [{"id": "a2", "service_id": "s1", "location_id": "l2"}]
    places = [{"id": "l2", "location_type": "physical", "latitude": "47.6", "longitude": "-122.33"}]
    at = pantry.at
    pantry.night(service_at_location=other, location=places, address=[], phone=[])
    with Session(pantry.directory.engine) as session, session.begin():
        corrections.undo(session, at, Kind.CLOSED, "Heron", pantry.day)
    assert pantry.told() is not None
    assert pantry.told().service_at_location_id != at


def test_a_listing_checked_today_is_fresh_and_its_reports_count_no_more(pantry):
    pantry.night(service={"assured_date": "2024-01-01"})
    pantry.do(report_closed, "somebody", pantry.day)
    assert pantry.told().stale
    assert pantry.told().closed_reports == 1
    pantry.do(corrections.checked, "Heron", pantry.day)
    assert not pantry.told().stale
    assert pantry.told().closed_reports == 0
    assert pantry.tasks() == []
    day = pantry.day
    pantry.night(service={"assured_date": "2024-01-01"})
    assert pantry.told().assured_date == day
    pantry.night(service={"assured_date": "2027-01-01"})
    assert pantry.told().assured_date == date(2027, 1, 1)
    assert pantry.standing() == {}


def test_days_of_closing_outlive_an_import_and_can_be_taken_back(pantry):
    closure = pantry.do(corrections.add_closure, NOON.date(), NOON.date(), "flood")
    pantry.night()
    assert pantry.told().hours.kind is not OpenKind.OPEN
    assert not pantry.do(corrections.remove_closure, closure.id + 1)
    assert pantry.do(corrections.remove_closure, closure.id)
    assert pantry.told().hours.kind is OpenKind.OPEN


def test_a_closure_of_the_sources_own_is_not_ours_to_take_back(pantry):
    with Session(pantry.directory.engine) as session, session.begin():
        session.add(Closure(directory_source="sample", link_id=pantry.at, starts_on=TODAY, ends_on=TODAY))
        session.flush()
        own = session.scalars(select(Closure.id)).one()
        assert not corrections.remove_closure(session, pantry.at, own)


def test_another_sources_import_leaves_corrections_as_they_are(pantry, tmp_path):
    pantry.correct(Kind.HOURS, MORNINGS)
    other = changed(schedule=[], phone=[])
    report = pantry.directory.take_in(folder(tmp_path / "other", other), source="other", on=pantry.day)
    assert report.corrections.stand == 0
    assert pantry.standing().keys() == {Kind.HOURS}


def test_an_export_holds_what_was_corrected_and_not_what_was_put_aside(pantry, tmp_path):
    pantry.night(schedule=[BY_COUNTER])
    pantry.correct(Kind.HOURS, MORNINGS)
    pantry.correct(Kind.PHONE, "(206) 555-0199")
    with Session(pantry.directory.engine) as session:
        export_directory(session, tmp_path / "out")
    assert "206-555-0143" not in (tmp_path / "out" / "phones.csv").read_text()
    assert "08:00" in (tmp_path / "out" / "schedules.csv").read_text()
    again = Directory()
    again.take_in(tmp_path / "out", source="again", on=pantry.day)
    (match,) = again.near("food", "98104")
    assert match.phone == "(206) 555-0199"
    assert match.hours.kind is OpenKind.CLOSED_TODAY


def test_history_is_kept_with_who_corrected_and_who_took_it_back(pantry):
    pantry.correct(Kind.PHONE, "(206) 555-0199")
    pantry.correct(Kind.PHONE, "(206) 555-0198")
    pantry.do(corrections.undo, Kind.PHONE, "Plover", pantry.day)
    with Session(pantry.directory.engine) as session:
        told = [(one.value, one.ended_by) for one in corrections.history(session, pantry.at)]
        assert told == [('"(206) 555-0198"', "Plover"), ('"(206) 555-0199"', "Heron")]
        assert session.scalars(select(ListingCorrection.ended_on)).all().count(None) == 0


def test_a_listing_that_is_not_there_cannot_be_corrected(pantry):
    with Session(pantry.directory.engine) as session, pytest.raises(corrections.ListingUnknown):
        corrections.correct(session, "0" * 36, Kind.CLOSED, True, "Heron", TODAY)


def test_a_task_is_somebodys_for_the_day_and_free_again_when_let_lie(pantry):
    pantry.do(report_closed, "somebody", pantry.day)
    with Session(pantry.directory.engine) as session, session.begin():
        (task,) = open_tasks(session)
        assert take_task(session, task.id, "Heron", pantry.day)
        assert not take_task(session, task.id, "Plover", pantry.day)
        assert not note_found(session, task.id, "Plover", Found.HOURS, None, pantry.day)
        assert take_task(session, task.id, "Plover", pantry.day + timedelta(days=1))
        assert not give_task_back(session, task.id, "Heron")
        assert note_found(session, task.id, "Plover", Found.NOBODY, "rang twice", pantry.day)
        assert take_task(session, task.id, "Heron", pantry.day)
        assert note_found(session, task.id, "Heron", Found.HOURS, "8 to 10 now", pantry.day)
        assert pantry.at
        assert len(open_tasks(session)) == 1
        close_task(session, pantry.at, pantry.day)
        assert not take_task(session, task.id, "Heron", pantry.day)


def test_search_get_knows_no_closed_listing(pantry):
    pantry.correct(Kind.CLOSED, True)
    with Session(pantry.directory.engine) as session:
        assert search.get(session, pantry.at, HERE, NOON) is None
