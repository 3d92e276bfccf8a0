"""A supervisor's changes to a listing, each an entry in the audit log of the same transaction."""

import json
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot import audit
from bot.audit import Actor
from bot.directory import reading
from bot.errors import ListingRefused
from services_directory import corrections
from services_directory.corrections import Kind, ListingUnknown

__all__ = ["Changes", "Kind"]


class Changes:
    """What somebody changes about one listing at an instant; `today` is a day of the line's zone.

    Every method raises ListingRefused: "gone" for a listing that is not there (any more).
    """

    def __init__(self, session: Session, actor: Actor, listing: str, at: datetime, today: date) -> None:
        self._session, self._actor, self._listing = session, actor, listing
        self._at, self._today = at, today

    def hours(self, text: str, *, unknown: bool = False) -> None:
        """Other hours, as people type them; or that nobody knows them."""
        value = [] if unknown else reading.hours_of(text)
        self._correct(Kind.HOURS, value, reading.hours_text(value) or "unknown")

    def phone(self, text: str) -> None:
        """Another number."""
        number = reading.phone_of(text)
        self._correct(Kind.PHONE, number, number)

    def close(self, reason: str) -> None:
        """Tell nobody of it any more."""
        self._correct(Kind.CLOSED, True, reading.line_of(reason, reading.LONGEST_REASON))

    def checked(self) -> None:
        """It is all true as of today: reports count no more, and its task is done."""
        try:
            corrections.checked(self._session, self._listing, self._actor.name, self._today)
        except ListingUnknown as error:
            raise ListingRefused("gone") from error
        self._record("directory.checked")

    def closure(self, first: str, last: str, reason: str) -> None:
        """Days on which it is closed."""
        starts, ends = reading.days_of(first, last, self._today)
        why = reading.line_of(reason, reading.LONGEST_REASON)
        try:
            corrections.add_closure(self._session, self._listing, starts, ends, why)
        except ListingUnknown as error:
            raise ListingRefused("gone") from error
        self._record("directory.closure_added", f"{starts} to {ends}: {why or 'no reason given'}")

    def closure_removed(self, closure: int) -> None:
        """Open on those days after all. Of the source's own closures none can be taken back."""
        if not corrections.remove_closure(self._session, self._listing, closure):
            raise ListingRefused("gone")
        self._record("directory.closure_removed")

    def undone(self, kind: Kind) -> None:
        """Tell again what the source says."""
        try:
            was = corrections.standing(self._session, self._listing).get(kind)
            if not corrections.undo(self._session, self._listing, kind, self._actor.name, self._today):
                raise ListingRefused("gone")
        except ListingUnknown as error:
            raise ListingRefused("gone") from error
        self._record(f"directory.{kind}_undone", was.value if was else None)

    def kept(self, kind: Kind) -> None:
        """In a conflict with the source, ours is right."""
        try:
            if not corrections.keep(self._session, self._listing, kind):
                raise ListingRefused("gone")
        except ListingUnknown as error:
            raise ListingRefused("gone") from error
        self._record(f"directory.{kind}_kept")

    def _correct(self, kind: Kind, value: object, told: str | None) -> None:
        before = corrections.standing(self._session, self._listing).get(kind)
        try:
            corrections.correct(self._session, self._listing, kind, value, self._actor.name, self._today)
        except ListingUnknown as error:
            raise ListingRefused("gone") from error
        was = f"{json.loads(before.value)} -> " if before else ""
        self._record(f"directory.{kind}", f"{was}{told}" if told else None)

    def _record(self, action: str, reason: str | None = None) -> None:
        audit.append(self._session, self._actor, action, f"listing:{self._listing}", self._at, reason)
