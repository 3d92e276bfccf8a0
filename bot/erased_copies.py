"""Texts and calls that the provider is to erase, known by their SIDs for a while: they may come again."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import ErasedCopy


def is_erased(session: Session, sid: str) -> bool:
    """Whether this was somebody's who has been forgotten."""
    return session.get(ErasedCopy, sid) is not None


def erased_among(session: Session, sids: Collection[str]) -> set[str]:
    """Those of these that were somebody's who has been forgotten."""
    return set(session.scalars(select(ErasedCopy.sid).where(ErasedCopy.sid.in_(sids))))
