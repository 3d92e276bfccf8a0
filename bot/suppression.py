"""Wishes for silence that outlive the person they are of, kept as keyed digests that nobody can read.

A digest is made with SECRET_KEY and says nothing by itself. Whoever holds that key and a number can ask
whether the number is in here; nobody can list the numbers (docs/privacy.md).
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.inserting import insert_or_ignore
from bot.models import Suppression
from bot.sealing import cipher_of

OPT_OUT, REFUSAL = "opt_out", "refusal"


def keep_silence(session: Session, number_index: str, since: datetime) -> None:
    """Remember that a number wants no texts of the line."""
    _keep(session, OPT_OUT, number_index, since)


def silent_since(session: Session, number_index: str) -> datetime | None:
    """Since when a number wants no texts, though its person was forgotten; None when it does not say so."""
    found = select(Suppression.since).where(Suppression.digest == _digest(session, OPT_OUT, number_index))
    return session.scalars(found).first()


def end_silence(session: Session, number_index: str) -> None:
    """START: they want texts again."""
    session.execute(delete(Suppression).where(Suppression.digest == _digest(session, OPT_OUT, number_index)))


def keep_refusal(session: Session, person_index: str, home_index: str, since: datetime) -> None:
    """Remember that home wants nothing from a person, of neither of whom anything else may be left."""
    _keep(session, REFUSAL, _pair(person_index, home_index), since)


def refuses(session: Session, person_index: str, home_index: str) -> bool:
    """Whether home has refused this person before one of them was forgotten."""
    digest = _digest(session, REFUSAL, _pair(person_index, home_index))
    return session.get(Suppression, digest) is not None


def _pair(person_index: str, home_index: str) -> str:
    return f"{person_index} {home_index}"


def _keep(session: Session, kind: str, of: str, since: datetime) -> None:
    insert_or_ignore(session, Suppression, digest=_digest(session, kind, of), kind=kind, since=since)


def _digest(session: Session, kind: str, of: str) -> str:
    return cipher_of(session.get_bind().dialect).index(f"{kind} {of}")
