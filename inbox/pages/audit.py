"""/inbox/audit: who looked at what and who changed what, and whether the log is whole."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy import select

from bot import audit as log
from bot.db import reading, writing
from bot.models import StaffAccount
from bot.staff.roles import Permission
from inbox import guard
from inbox.desk import desk
from inbox.permits import permit

NARROWED = ("actor", "action", "subject", "since", "until")


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/audit")(audit)
    door.post("/audit/verify")(verify_audit)


@permit(Permission.READ_AUDIT)
def audit() -> Response:
    """Entries, the newest first, narrowed by who, what, about what and when."""
    return _page()


@permit(Permission.READ_AUDIT)
def verify_audit() -> Response:
    """Read the whole log; that somebody did is an entry as well."""
    with reading(desk().engine) as session:
        verdict = log.verify(session)
    with writing(desk().engine) as session:
        outcome = "audit.verified" if verdict.broken is None else "audit.found_broken"
        desk().record(session, guard.account(), outcome, f"audit:{verdict.broken or verdict.whole}")
    return _page(verdict=verdict)


def _page(**more: object) -> Response:
    asked = request.args
    zone = ZoneInfo(desk().line.settings.timezone)
    until = _midnight(asked.get("until"), zone)
    wanted = log.Wanted(
        actor=asked.get("actor", "")[:64] or None,
        action=asked.get("action", "")[:48] or None,
        subject=asked.get("subject", "").strip()[:96] or None,
        since=_midnight(asked.get("since"), zone),
        until=until + timedelta(days=1) if until else None,
        before=min(asked.get("before", 0, type=int), 2**31 - 1),
    )
    with reading(desk().engine) as session:
        found = log.entries(session, wanted)
        actors = list(session.scalars(select(StaffAccount.name).order_by(StaffAccount.name_key)))
        actions = log.actions(session)
    shown = found[: log.PAGE]
    older = shown[-1][0].sequence if len(found) > log.PAGE else None
    narrowed: dict[str, Any] = {name: asked[name] for name in NARROWED if asked.get(name)}
    return make_response(
        render_template(
            "audit.html",
            entries=shown,
            asked=asked,
            actors=actors,
            actions=actions,
            newest_page=url_for("inbox.audit", **narrowed),
            older_page=url_for("inbox.audit", **narrowed, before=older) if older else None,
            **more,
        )
    )


def _midnight(given: str | None, zone: ZoneInfo) -> datetime | None:
    try:
        day = date.fromisoformat(given or "")
    except ValueError:
        return None
    return datetime.combine(day, time(), zone).astimezone(UTC) if 1970 <= day.year < 9000 else None
