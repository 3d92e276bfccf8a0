"""/inbox/totals: how many found the line, by day. Small numbers are not told."""

from flask import Blueprint, render_template

from bot.db import reading
from bot.staff.roles import Permission
from bot.totals import FEWEST_TOLD, by_day
from inbox.desk import desk
from inbox.permits import permit

DAYS = 28


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/totals")(totals)


@permit(Permission.READ_TOTALS)
def totals() -> str:
    """Counts by day, the latest first."""
    with reading(desk().engine) as session:
        days = by_day(session, desk().now(), desk().line.settings.timezone, DAYS)
    most = max((day.count for day in days if day.count is not None), default=0)
    return render_template("totals.html", days=days, most=most, fewest=FEWEST_TOLD)
