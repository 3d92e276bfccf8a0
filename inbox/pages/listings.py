"""/inbox/directory/listings/<id>: a listing with all that is known of it; a supervisor corrects it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from bot import audit
from bot.db import reading, writing
from bot.directory import listings as directory
from bot.directory.changing import Changes, Kind
from bot.errors import ListingRefused
from bot.replies.check_in_words import clock_words
from bot.staff.roles import Permission
from inbox import guard
from inbox.desk import desk
from inbox.permits import permit
from inbox.wording import say

Form = Mapping[str, str]
#: Each form of the page, and what it does.
CHANGES: dict[str, Callable[[Changes, Form], None]] = {
    "hours": lambda change, form: change.hours(form.get("hours", ""), unknown="unknown" in form),
    "phone": lambda change, form: change.phone(form.get("phone", "")),
    "close": lambda change, form: change.close(form.get("reason", "")),
    "checked": lambda change, _form: change.checked(),
    "closure": lambda change, form: change.closure(
        form.get("first", ""), form.get("last", ""), form.get("reason", "")
    ),
    "closure-removed": lambda change, form: change.closure_removed(_number(form.get("closure", ""))),
    "undo": lambda change, form: change.undone(_kind(form)),
    "keep": lambda change, form: change.kept(_kind(form)),
}


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/directory/listings/<string(maxlength=36):listing>")(listing_page)
    door.post("/directory/listings/<string(maxlength=36):listing>/<what>")(change_listing)


@permit(Permission.SEARCH_DIRECTORY)
def listing_page(listing: str) -> Response:
    """Everything about it."""
    return _page(listing)


@permit(Permission.EDIT_DIRECTORY)
def change_listing(listing: str, what: str) -> Response:
    """One change; refused when somebody has changed it since the page was made."""
    change = CHANGES.get(what)
    if change is None:
        abort(404)
    now = desk().now()
    try:
        with writing(desk().engine) as session:
            if request.form.get("seen", "") != directory.seen(session, listing):
                raise ListingRefused("meanwhile")
            change(Changes(session, audit.Actor.of(guard.account()), listing, now, today(now)), request.form)
    except ListingRefused as refused:
        return _page(listing, wrong=what, why=say(f"refused.{refused.key}"), draft=request.form)
    except IntegrityError:
        # Two at once: the other one's stands.
        return _page(listing, wrong=what, why=say("refused.meanwhile"), draft=request.form)
    return make_response(redirect(url_for("inbox.listing_page", listing=listing, done=what), 303))


def today(now: datetime) -> date:
    """The day it is where the line is."""
    return now.astimezone(ZoneInfo(desk().line.settings.timezone)).date()


def span_words(start: datetime, end: datetime) -> str:
    """An opening in the reader's words: 9am to 5pm, open 24 hours, 8pm to 2am (the day after)."""
    if (end - start).total_seconds() >= 24 * 3600:
        return say("listing.all_day")
    key = "listing.from_to" if end.date() == start.date() or end.time() == time() else "listing.overnight"
    return say(key, opens=clock_words(start.time()), closes=clock_words(end.time()))


def _page(listing: str, **more: object) -> Response:
    with reading(desk().engine) as session:
        try:
            shown = directory.view(session, listing, desk().now(), desk().line.settings.timezone)
        except ListingRefused:
            abort(404)
        seen = directory.seen(session, listing)
        page = render_template(
            "listing.html",
            listing=shown,
            seen=seen,
            kinds=Kind,
            value_of=directory.value_of,
            said_of=directory.source_words,
            span_words=span_words,
            weekday=lambda day: say(f"weekdays.d{day.weekday()}"),
            done=request.args.get("done") if request.args.get("done") in CHANGES else None,
            **{"wrong": None, "why": None, "draft": {}, **more},
        )
    return make_response(page, 400 if "wrong" in more else 200)


def _kind(form: Form) -> Kind:
    try:
        return Kind(form.get("kind", ""))
    except ValueError:
        abort(400)


def _number(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0
