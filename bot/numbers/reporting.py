"""What the page of numbers tells of the last days: counts by day and breakdowns, suppressed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import DailyCount
from bot.numbers.measures import Measure
from bot.numbers.suppressing import FEWEST_TOLD, Told, suppressed

RANGES = (7, 30, 90)
#: Parts of a measure by day. The parts of one that would add up to another are never both there.
BY_DAY: tuple[tuple[Measure, tuple[str, ...]], ...] = (
    (Measure.TEXTS, ("in", "out")),
    (Measure.PEOPLE, ("texted", "new")),
    (Measure.PLACES, ("found", "wish", "none")),
    (Measure.CHECK_INS, ("answered", "silent")),
)
Counts = Mapping[tuple[str, str], Mapping[date, int]]


@dataclass(frozen=True)
class ByDay:
    """A measure's parts, each with a cell for every day and its sum over them.

    `totals` are empty where a sum would mean nothing (the same person on two days is counted twice; times).
    """

    measure: Measure
    parts: Mapping[str, Told]
    summed: bool = True


@dataclass(frozen=True)
class Breakdown:
    """A measure over the whole range by its parts, the most first; suppressed parts stand at the end."""

    measure: Measure
    parts: tuple[tuple[str, int | None], ...]
    total: int | None


@dataclass(frozen=True)
class Report:
    """`days` in order; of those not in `counted` nothing is known yet."""

    days: tuple[date, ...]
    counted: frozenset[date]
    by_day: tuple[ByDay, ...]
    breakdowns: tuple[Breakdown, ...]

    @property
    def tables(self) -> Mapping[str, ByDay | Breakdown]:
        """Every table by its name."""
        by_day = {one.measure.value: one for one in self.by_day}
        return {**by_day, **{f"{one.measure}_by_part": one for one in self.breakdowns}}


def report(session: Session, today: date, days: int) -> Report:
    """The last days before today: it is not over."""
    shown = tuple(today - timedelta(days=back) for back in range(days, 0, -1))
    counts: dict[tuple[str, str], dict[date, int]] = {}
    rows = session.execute(
        select(DailyCount.day, DailyCount.measure, DailyCount.part, DailyCount.count).where(
            DailyCount.day >= shown[0], DailyCount.day <= shown[-1]
        )
    )
    for day, measure, part, count in rows:
        counts.setdefault((measure, part), {})[day] = count
    return Report(
        days=shown,
        counted=frozenset(counts.get((Measure.COUNTED, ""), {})),
        by_day=(
            *(
                ByDay(measure, {part: _told(counts, shown, measure, part) for part in parts})
                if measure is not Measure.PEOPLE
                else ByDay(
                    measure, {part: _told(counts, shown, measure, part) for part in parts}, summed=False
                )
                for measure, parts in BY_DAY
            ),
            _times(counts, shown),
            _emergencies(counts, shown),
        ),
        breakdowns=tuple(
            _breakdown(counts, measure) for measure in (Measure.NEEDS, Measure.ZIP3, Measure.EMERGENCIES)
        ),
    )


def _by_day(counts: Counts, days: Sequence[date], measure: Measure, parts: Sequence[str]) -> ByDay:
    told = {part: _told(counts, days, measure, part) for part in parts}
    # Whoever texts on two days is one person: a sum of people would be none.
    return ByDay(measure, told, summed=measure is not Measure.PEOPLE)


def _told(counts: Counts, days: Sequence[date], measure: str, part: str) -> Told:
    found = counts.get((measure, part), {})
    return suppressed([found.get(day, 0) for day in days])


def _times(counts: Counts, days: Sequence[date]) -> ByDay:
    """Milliseconds to an answer, of days with enough of them: the slowest of three would be somebody's."""
    texts = counts.get((Measure.ANSWERED, "texts"), {})
    parts = {}
    for part in ("median", "slow"):
        took = counts.get((Measure.ANSWERED, part), {})
        cells = tuple(None if 0 < texts.get(day, 0) < FEWEST_TOLD else took.get(day, 0) for day in days)
        parts[part] = Told(cells, None)
    return ByDay(Measure.ANSWERED, parts, summed=False)


def _emergencies(counts: Counts, days: Sequence[date]) -> ByDay:
    kinds = [found for (measure, _), found in counts.items() if measure == Measure.EMERGENCIES]
    every = [sum(found.get(day, 0) for found in kinds) for day in days]
    return ByDay(Measure.EMERGENCIES, {"all": suppressed(every)})


def _breakdown(counts: Counts, measure: Measure) -> Breakdown:
    sums = sorted(
        ((sum(found.values()), part) for (of, part), found in counts.items() if of == measure),
        key=lambda pair: (-pair[0], pair[1]),
    )
    told = suppressed([count for count, _ in sums])
    parts = [(part, cell) for (_, part), cell in zip(sums, told.cells, strict=True)]
    # In the order of their size hidden ones would tell between which they lie.
    hidden = sorted(part for part, cell in parts if cell is None)
    return Breakdown(
        measure,
        (*(pair for pair in parts if pair[1] is not None), *((part, None) for part in hidden)),
        told.total,
    )
