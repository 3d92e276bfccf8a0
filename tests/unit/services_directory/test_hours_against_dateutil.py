"""Random schedules at random instants: our hours against dateutil's own expansion of the rule."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from services_directory import hours
from services_directory.hours import OpenKind
from services_directory.hours.rules import CODES
from services_directory.models import WEEKDAYS
from tests.unit.services_directory.schedules import Schedule

ZONES = ("America/Los_Angeles", "America/New_York", "America/Phoenix", "Pacific/Honolulu")
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
ORDINALS = st.sampled_from([1, 2, 3, 4, 5, -1, -2])
CLOCKS = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")


@st.composite
def schedules(draw, weekly_only=False):
    """Any rule that says its days and its times."""
    freq = "WEEKLY" if weekly_only else draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    by_month_day = freq in {"MONTHLY", "YEARLY"} and draw(st.booleans())
    by_year_day = freq == "YEARLY" and draw(st.booleans())
    needs_days = freq == "WEEKLY" or (freq in {"MONTHLY", "YEARLY"} and not (by_month_day or by_year_day))
    codes = draw(st.lists(st.sampled_from(CODES), min_size=needs_days, max_size=4, unique=True))
    # dateutil takes "MO,1TU" for both at once, RFC 5545 for either: only one kind at a time here.
    if freq == "MONTHLY" and draw(st.booleans()):
        codes = [f"{draw(ORDINALS)}{code}" for code in codes]
    opens = draw(CLOCKS)
    return Schedule(
        byday=",".join(codes) or None,
        opens_at=opens,
        closes_at=draw(CLOCKS.filter(lambda clock: clock != opens)),
        freq=freq,
        interval=draw(st.none() | st.integers(1, 4)),
        dtstart=draw(DAYS),
        until=draw(st.none() | DAYS),
        wkst=draw(st.none() | st.sampled_from(CODES)),
        count=None if weekly_only else draw(st.none() | st.integers(1, 30)),
        bymonthday=draw(numbers(31)) if by_month_day else None,
        byyearday=draw(numbers(366)) if by_year_day else None,
        byweekno=draw(st.none() | numbers(53)) if freq in {"WEEKLY", "YEARLY"} and not weekly_only else None,
    )


def numbers(last: int):
    """A few numbers counted from the start or the end, as iCalendar writes them."""
    one = st.integers(1, last) | st.integers(-last, -1)
    return st.lists(one, min_size=1, max_size=4, unique=True).map(lambda few: ",".join(map(str, few)))


def days_by_dateutil(schedule: Schedule, first: date, last: date) -> list[date]:
    """Every day on which the rule holds, expanded by dateutil from its first."""
    parts = {"FREQ": schedule.freq, "BYDAY": schedule.byday, "BYMONTHDAY": schedule.bymonthday}
    parts |= {"BYYEARDAY": schedule.byyearday}
    parts |= {
        "INTERVAL": schedule.interval,
        "WKST": schedule.wkst,
        "COUNT": schedule.count,
        "BYWEEKNO": schedule.byweekno,
    }
    text = ";".join(f"{name}={value}" for name, value in parts.items() if value)
    rule = rrule.rrulestr(text, dtstart=datetime.combine(schedule.dtstart, time()))
    found = rule.between(datetime.combine(first, time()), datetime.combine(last, time()), inc=True)
    return [at.date() for at in found if schedule.until is None or at.date() <= schedule.until]


def open_by_dateutil(schedule: Schedule, now: datetime) -> bool:
    for day in days_by_dateutil(schedule, now.date() - timedelta(days=1), now.date()):
        opens, closes = (
            datetime.combine(day, time.fromisoformat(clock))
            for clock in (schedule.opens_at, schedule.closes_at)
        )
        if opens <= now < (closes if closes > opens else closes + timedelta(days=1)):
            return True
    return False


@settings(max_examples=250, deadline=None)
@given(schedules(), DAYS, st.integers(0, 24 * 60 - 1), st.sampled_from(ZONES))
def test_open_is_what_dateutil_says(schedule, day, minute, zone):
    now = datetime.combine(day, time()) + timedelta(minutes=minute)
    at = now.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    state = hours.state([schedule], at, zone)
    assert (state.kind is OpenKind.OPEN) == open_by_dateutil(schedule, wall)


@settings(max_examples=200, deadline=None)
@given(schedules(), DAYS, st.integers(0, 24 * 60 - 1))
def test_the_next_opening_is_dateutils_next(schedule, day, minute):
    zone = "America/Phoenix"
    now = datetime.combine(day, time()) + timedelta(minutes=minute)
    state = hours.state([schedule], now.replace(tzinfo=ZoneInfo(zone)), zone)
    opens = time.fromisoformat(schedule.opens_at)
    coming = [
        datetime.combine(found, opens)
        for found in days_by_dateutil(schedule, day, day + timedelta(days=7))
        if datetime.combine(found, opens) > now
    ]
    if state.opens:
        assert datetime.combine(state.opens_on, state.opens) == coming[0]
    elif state.kind is OpenKind.CLOSED_TODAY:
        assert coming == []


@settings(max_examples=200, deadline=None)
@given(
    st.lists(schedules(), min_size=1, max_size=3), DAYS, st.integers(0, 24 * 60 - 1), st.sampled_from(ZONES)
)
def test_whatever_is_open_its_masks_allow(rules, day, minute, zone):
    at = (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(zone))
    for times in ("local", "utc"):
        if hours.state(rules, at, zone, times=times).kind is OpenKind.OPEN:
            local = at.astimezone(UTC).astimezone(ZoneInfo(zone))
            mask = hours.week_masks(rules, times=times, zone=zone)[local.weekday()]
            assert mask >> local.hour & 1, WEEKDAYS[local.weekday()]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(schedules(weekly_only=True), min_size=1, max_size=3),
    DAYS,
    st.integers(0, 24 * 60 - 1),
    st.sampled_from(ZONES),
)
def test_weekday_rows_say_what_their_schedules_say(rules, day, minute, zone):
    at = (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(zone))
    weekly = hours.weekly_openings(rules, times="local", zone=zone, on=day - timedelta(days=2))
    if weekly is not None:
        assert hours.state_of_week(weekly, at, zone) == hours.state(rules, at, zone)
