"""What every template can say."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, g, request, url_for
from markupsafe import Markup

from bot.staff.pseudonyms import pseudonym
from inbox import built_files, guard
from inbox.desk import desk
from inbox.wording import LANGUAGES, language, say, words

#: The bar at the top: what it says, where it leads, what one must be allowed.
SECTIONS = (
    ("conversations", "home", "read_conversations"),
    ("directory", "directory", "search_directory"),
    ("cards", "cards", "make_cards"),
    ("numbers", "numbers", "read_numbers"),
    ("totals", "totals", "read_totals"),
    ("workers", "workers", "manage_accounts"),
    ("audit", "audit", "read_audit"),
)
#: The first that fits: each browser also calls itself by the names of those after it.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def register(door: Blueprint) -> None:
    """Give the templates their names."""
    door.context_processor(names)
    door.add_app_template_filter(browser_name)


def names() -> dict[str, Any]:
    """The names that templates know."""
    row = g.get("session")
    return {
        "t": say,
        "t_in": lambda of, key: words(of)[key],
        "in_language": lambda of: url_for_this(lang=of),
        "language": language(),
        "languages": LANGUAGES,
        "asset": built_files.address,
        "csrf_token": guard.csrf_token,
        "csrf_field": csrf_field,
        "me": row.account if row is not None and row.stage == "full" else None,
        "allowed": guard.allowed,
        "sections": SECTIONS,
        "page": lambda name, **more: url_for(f"inbox.{name}", **more),
        "when": when,
        "day_words": day_words,
        "now": lambda: desk().now(),
        "pairs": pairs,
        "role_pairs": lambda roles: [(role, say(f"roles.{role}")) for role in roles],
        "pseudonym": pseudonym,
    }


def url_for_this(**more: str) -> str:
    """The address of this page, with something added."""
    return f"{request.path}?{urlencode({**request.args.to_dict(), **more})}"


def csrf_field() -> Markup:
    """The hidden field that every form with a change carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(guard.CSRF_FIELD, guard.csrf_token())


def when(at: datetime | None) -> Markup:
    """A time in the line's zone, with the instant for machines. Nothing for no time."""
    if at is None:
        return Markup("")
    local = at.astimezone(ZoneInfo(desk().line.settings.timezone))
    shown = say("time.shown", at=local, month=say(f"time.months.m{local.month}"))
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), shown)


def day_words(day: date) -> str:
    """A day, without its year."""
    return say("time.day", at=day, month=say(f"time.months.m{day.month}"))


def pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    """Values that are their own words, for a select."""
    return [(value, value) for value in values]


def browser_name(told: str) -> str:
    """A browser in two words: "Firefox, Windows". Empty when it tells nothing known."""
    browser = next((name for sign, name in BROWSERS if re.search(rf"\b{sign}", told)), "")
    system = next((name for sign, name in SYSTEMS if sign in told), "")
    return ", ".join(filter(None, (browser, system)))
