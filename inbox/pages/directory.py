"""/inbox/directory: what the line would answer to a text, and why; listings by name."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request

from bot.db import reading
from bot.directory import asking, listings
from bot.local_time import instant, minutes_of
from bot.presenting import hours_fill, match_fill
from bot.replies.fitting import segments
from bot.replies.wording import spoken_hours
from bot.staff.roles import Permission
from inbox.desk import desk
from inbox.permits import permit
from inbox.wording import language, say

#: Wishes that are only ticked.
TICKED = ("with_children", "with_pet", "wheelchair", "free", "walk_in", "veteran", "no_id")
GENDERS = ("women", "men")
MOST_YEARS = 120


@dataclass(frozen=True)
class Asked:
    """The form as it was sent, or as it is at first."""

    text: str = ""
    need: str = ""
    place: str = ""
    on: str = ""
    clock: str = ""
    age: str = ""
    gender: str = ""
    spanish: bool = False
    ticked: frozenset[str] = frozenset()


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/directory")(directory)
    # A text is never put into an address, which browsers and logs keep.
    door.post("/directory")(ask_directory)


@permit(Permission.SEARCH_DIRECTORY)
def directory() -> Response:
    """The form; with a name, the listings called so."""
    name = request.args.get("name", "").strip()[:80]
    found = None
    if name:
        with reading(desk().engine) as session:
            found = listings.named(session, name)
    return _page(_now(), name=name, named=found)


@permit(Permission.SEARCH_DIRECTORY)
def ask_directory() -> Response:
    """What would be answered."""
    form = request.form
    asked = Asked(
        text=form.get("text", "")[: asking.LONGEST],
        need=form.get("need", "") if form.get("need") in asking.DIRECTORY_NEEDS else "",
        place=form.get("place", "").strip()[:200],
        on=form.get("on", "")[:10],
        clock=form.get("clock", "")[:5],
        age=form.get("age", "").strip()[:3],
        gender=form.get("gender", "") if form.get("gender") in GENDERS else "",
        spanish="spanish" in form,
        ticked=frozenset(name for name in TICKED if name in form),
    )
    at = _instant(asked)
    if at is None:
        return _page(asked, error=say("directory.wrong_time"))
    if not asked.text.strip() and not asked.need:
        return _page(asked, error=say("directory.nothing_asked"))
    question = asking.Question(asked.text, at, asked.need or None, asked.place, _details(asked))
    with reading(desk().engine) as session:
        answer = asking.ask(session, question)
    return _page(asked, answer=answer, at=at)


def hours_words(match: Any) -> str:
    """A match's hours in the words of the line, in the reader's language."""
    return spoken_hours(hours_fill(match.hours), language())


def _details(asked: Asked) -> dict[str, Any]:
    details: dict[str, Any] = dict.fromkeys(asked.ticked, True)
    if asked.age.isdigit() and int(asked.age) <= MOST_YEARS:
        details["age"] = int(asked.age)
    if asked.gender:
        details["gender"] = asked.gender
    if asked.spanish:
        details["language"] = "es"
    return details


def _now() -> Asked:
    local = desk().now().astimezone(_zone())
    return Asked(on=local.date().isoformat(), clock=f"{local:%H:%M}")


def _instant(asked: Asked) -> datetime | None:
    """The instant asked about, in the line's zone; None for no day or time, or one far away."""
    try:
        day, clock = date.fromisoformat(asked.on), time.fromisoformat(asked.clock)
    except ValueError:
        return None
    if abs(day.year - desk().now().year) > 1:
        return None
    return instant(day, minutes_of(datetime.combine(day, clock)), desk().line.settings.timezone)


def _zone() -> ZoneInfo:
    return ZoneInfo(desk().line.settings.timezone)


def _page(asked: Asked, **more: object) -> Response:
    shown = render_template(
        "directory.html",
        asked=asked,
        needs=asking.need_names(language()),
        need_words=dict(asking.need_names(language())),
        ticks=TICKED,
        genders=GENDERS,
        hours_words=hours_words,
        name_of=lambda match: match_fill(match)["name"],
        segments=segments,
        **{"name": "", "named": None, "answer": None, "error": None, **more},
    )
    return make_response(shown, 400 if more.get("error") else 200)
