"""/inbox/numbers: the last days in plots and tables, and as CSV. Small cells are not told in any of them."""

import csv
import io
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, render_template, request

from bot import numbers
from bot.db import reading
from bot.numbers import FEWEST_TOLD, RANGES, ByDay, Measure, Report
from bot.replies.book import load_replies
from bot.staff.roles import Permission
from inbox import plots
from inbox.desk import desk
from inbox.permits import permit
from inbox.wording import language, say, words

USUAL = 30
#: In a file, of a cell that is few, or from which a few could be worked out.
NOT_TOLD = "not told"


def register(door: Blueprint) -> None:
    """The addresses."""
    door.add_url_rule("/numbers", "numbers", numbers_page)
    door.get("/numbers/<table>.csv")(numbers_csv)


@permit(Permission.READ_NUMBERS)
def numbers_page() -> str:
    """Every plot with its table."""
    days = _range()
    shown = _report(days)
    drawn = {
        one.measure: plots.by_day(
            shown.days, {part: told.cells for part, told in one.parts.items()}, shown.counted
        )
        for one in shown.by_day
    }
    return render_template(
        "numbers.html",
        report=shown,
        plots=drawn,
        ranges=RANGES,
        days=days,
        fewest=FEWEST_TOLD,
        columns=lambda one: [say("numbers.day"), *(part_words(one.measure, part) for part in one.parts)],
        part_words=part_words,
        cell_words=cell_words,
        highest=highest,
        most_of=lambda one: max((count for _, count in one.parts if count), default=0),
        times=Measure.ANSWERED,
        timezone=desk().line.settings.timezone,
    )


@permit(Permission.READ_NUMBERS)
def numbers_csv(table: str) -> Response:
    """One table; a cell that is not told says so as it does on the page."""
    shown = _report(_range())
    found = shown.tables.get(table)
    if found is None:
        abort(404)
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    if isinstance(found, ByDay):
        sheet.writerow(["day", *found.parts])
        for at, day in enumerate(shown.days):
            sheet.writerow(
                [day.isoformat(), *(_cell(shown, day, told.cells[at]) for told in found.parts.values())]
            )
        if found.summed:
            sheet.writerow(
                ["total", *(NOT_TOLD if told.total is None else told.total for told in found.parts.values())]
            )
    else:
        sheet.writerow([found.measure, "count"])
        sheet.writerows((part, NOT_TOLD if count is None else count) for part, count in found.parts)
        sheet.writerow(["total", NOT_TOLD if found.total is None else found.total])
    answer = make_response(out.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="{table}-{shown.days[0]}-{shown.days[-1]}.csv"'
    )
    return answer


def part_words(measure: str, part: str) -> str:
    """What a part is called on the page."""
    if measure == Measure.NEEDS:
        return load_replies(language()).needs.get(part, part)
    if measure == Measure.ZIP3:
        return say("numbers.zip3_unknown") if part == "unknown" else f"{part}··"
    key = f"numbers.parts.{measure}.{part}"
    return say(key) if key in words(language()) else part


def cell_words(measure: str, cell: int | None) -> str:
    """A cell of a table: a number, seconds, or that it is not told."""
    if cell is None:
        return say("numbers.not_told")
    return say("numbers.seconds", n=f"{cell / 1000:.1f}") if measure == Measure.ANSWERED else str(cell)


def highest(shown: Report, one: ByDay) -> str:
    """A plot in a sentence, for who does not see it."""
    said = []
    for part, told in one.parts.items():
        most = max((cell for cell in told.cells if cell is not None), default=0)
        if most:
            day = shown.days[told.cells.index(most)]
            count = cell_words(one.measure, most)
            said.append(
                say("numbers.highest", part=part_words(one.measure, part), count=count, day=day.isoformat())
            )
    return " ".join(said) or say("numbers.nothing")


def _cell(shown: Report, day: date, cell: int | None) -> str | int:
    if day not in shown.counted:
        return ""
    return NOT_TOLD if cell is None else cell


def _range() -> int:
    days = request.args.get("days", USUAL, type=int)
    return days if days in RANGES else USUAL


def _report(days: int) -> Report:
    today = desk().now().astimezone(ZoneInfo(desk().line.settings.timezone)).date()
    with reading(desk().engine) as session:
        return numbers.report(session, today, days)
