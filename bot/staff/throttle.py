"""Wrong sign-ins slow down whoever makes them, and lock nobody out for ever.

Tries are counted before anything is looked at, so that many at once are as many as one after another. A
browser that its owner has signed in with before is counted by itself ("device cookies", OWASP): strangers who
guess at an account close it to strangers, not to its owner.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.errors import TooManyTries
from bot.models import SignInThrottle
from bot.people import insert_or_ignore
from bot.sealing import cipher_of

#: Wrong tries before the first pause. An agency's workers may share one address.
OF_ONE_ACCOUNT, OF_ONE_ADDRESS = 10, 50
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Bucket:
    """Where tries are counted: `key` says whose, `allowed` how many before the first pause."""

    key: str
    allowed: int


def buckets(name_key: str, known_browser: str | None, address: str) -> tuple[Bucket, ...]:
    """Where one try counts: the known browser alone, or the account and the address."""
    if known_browser is not None:
        return (Bucket(f"browser {known_browser}", OF_ONE_ACCOUNT),)
    return (Bucket(f"account {name_key}", OF_ONE_ACCOUNT), Bucket(f"address {address}", OF_ONE_ADDRESS))


def count(session: Session, counted: tuple[Bucket, ...], at: datetime) -> None:
    """Count one try. Raises TooManyTries, and then nothing of this try is counted."""
    rows = [_row(session, bucket, at) for bucket in sorted(counted, key=lambda bucket: bucket.key)]
    closed = max((row.closed_until for row in rows if row.closed_until and row.closed_until > at), default=at)
    if closed > at:
        raise TooManyTries(ceil((closed - at).total_seconds()))
    for row, bucket in zip(rows, sorted(counted, key=lambda bucket: bucket.key), strict=True):
        row.tries = 1 if at - row.tried_at > FORGOTTEN_AFTER else row.tries + 1
        row.tried_at = at
        row.closed_until = at + _pause(row.tries - bucket.allowed) if row.tries >= bucket.allowed else None


def give_back(session: Session, counted: tuple[Bucket, ...]) -> None:
    """The step was right: it counts for nothing, and closes nothing to the step after it."""
    for bucket in counted:
        row = session.get(SignInThrottle, _key(session, bucket), with_for_update=True)
        if row is not None:
            row.tries, row.closed_until = max(0, row.tries - 1), None


def forget(session: Session, counted: tuple[Bucket, ...]) -> None:
    """Somebody is wholly in: their account or browser begins anew. Of an address others try as well."""
    give_back(session, counted)
    for bucket in counted:
        if not bucket.key.startswith("address "):
            session.execute(delete(SignInThrottle).where(SignInThrottle.key == _key(session, bucket)))


def sweep(session: Session, at: datetime) -> None:
    """Forget what is long ago."""
    session.execute(delete(SignInThrottle).where(SignInThrottle.tried_at < at - FORGOTTEN_AFTER))


def _pause(too_many: int) -> timedelta:
    return min(FIRST_PAUSE * 2.0 ** min(too_many, 16), LONGEST_PAUSE)


def _row(session: Session, bucket: Bucket, at: datetime) -> SignInThrottle:
    key = _key(session, bucket)
    insert_or_ignore(session, SignInThrottle, key=key, tries=0, tried_at=at)
    return session.scalars(select(SignInThrottle).where(SignInThrottle.key == key).with_for_update()).one()


def _key(session: Session, bucket: Bucket) -> str:
    # What somebody types as a name may be a password: no key is kept readable.
    return cipher_of(session.get_bind().dialect).digest("sign-in throttle", bucket.key)
