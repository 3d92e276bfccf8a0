"""What the directory says of one service when somebody asks: whom it takes, what to bring.

What it does not say is said to be unknown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.details import read_details
from bot.triage.assess import normalise
from services_directory.models import RequiredDocument, ServiceAtLocation, ServiceSearch

#: Wishes worth a call before a walk; who somebody is, they know.
WORTH_ASKING = ("with_pet", "with_children", "wheelchair", "language", "walk_in", "free", "age")
MOST_NAMED = 2
#: What "minors" stands for when nobody said an age.
A_MINORS_AGE = 15
_COLUMNS = {"kids": "families", "pets": "pets", "wheelchair": "wheelchair", "walk_ins": "walk_in"}


@dataclass(frozen=True)
class Fact:
    """An answer: `kind` is yes, no, unknown, ages, bring; `aspect` what was asked, `words` the listing's."""

    kind: str
    aspect: str
    words: str = ""


@cache
def _aspects() -> Mapping[str, re.Pattern[str]]:
    page: dict[str, list[str]] = yaml.safe_load((files("bot") / "facts.yml").read_text("utf-8"))
    return {aspect: re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)") for aspect, words in page.items()}


def asked_about(text: str) -> str | None:
    """The aspect a question is about: kids, pets, men, women, age, id, ...; the first that is named."""
    plain = normalise(text)
    return next((aspect for aspect, words in _aspects().items() if words.search(plain)), None)


def answer(
    session: Session, service_at_location_id: str, text: str, details: Mapping[str, Any] | None
) -> Fact:
    """What the listing says to a question of who may come."""
    aspect = asked_about(text) or "anyone"
    row = session.scalars(
        select(ServiceSearch).where(ServiceSearch.service_at_location_id == service_at_location_id).limit(1)
    ).first()
    if aspect == "id":
        documents = _documents(session, service_at_location_id)
        return Fact("bring", aspect, documents) if documents else Fact("unknown", aspect)
    if row is None:
        return Fact("unknown", aspect)
    limited = row.minimum_age is not None or row.maximum_age is not None
    if limited and aspect in {"age", "minors", "anyone"}:
        said = read_details(text).get("age") or (details or {}).get("age")
        age = said or (A_MINORS_AGE if aspect == "minors" else None)
        if age is None:
            return Fact("ages", "age", _ages(row.minimum_age, row.maximum_age))
        fits = (row.minimum_age or 0) <= age <= (row.maximum_age or age)
        return Fact("yes" if fits else "no", aspect)
    known = _known(row, aspect)
    return Fact("unknown" if known is None else "yes" if known else "no", aspect)


def _known(row: ServiceSearch, aspect: str) -> bool | None:
    if aspect in {"men", "women"}:
        return row.gender == aspect if row.gender else None
    if aspect == "spanish":
        return ",es," in row.languages if row.languages else None
    column = _COLUMNS.get(aspect)
    known: bool | None = getattr(row, column) if column else None
    return known


def _ages(lowest: float | None, highest: float | None) -> str:
    if highest is None:
        return f"{lowest:.0f}+"
    return f"{lowest or 0:.0f}-{highest:.0f}"


def _documents(session: Session, service_at_location_id: str) -> str:
    service = select(ServiceAtLocation.service_id).where(ServiceAtLocation.id == service_at_location_id)
    named = session.scalars(
        select(RequiredDocument.document).where(
            RequiredDocument.service_id.in_(service), RequiredDocument.retired_on.is_(None)
        )
    )
    return ", ".join(document for document in named if document)


def unknown_wishes(details: Mapping[str, Any] | None, unknown: Sequence[str]) -> list[str]:
    """What to ask a place before going: wishes it says nothing of, and what no listing ever says."""
    found = [wish for wish in WORTH_ASKING if wish in unknown]
    if (details or {}).get("no_id"):
        found.insert(0, "no_id")
    return found[:MOST_NAMED]
