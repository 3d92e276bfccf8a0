"""Seal everything anew with the newest of FIELD_KEYS, while the line runs, so that older keys can go.

Nothing says how far it has come but the rows: what the newest key opens is done. So it may be stopped and
started at any time. A row that somebody writes at the same moment is left to the next round.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Column, Engine, LargeBinary, Table, select, type_coerce, update
from sqlalchemy.orm import Session

from bot.db import reading, writing
from bot.models import Base
from bot.sealing import Sealed

#: Sealed by nlu/tracker_store.py, so the models know it as mere bytes.
SEALED_ELSEWHERE = frozenset({("dialogue_tracker", "tracker")})
ROWS_AT_ONCE = 200
MOST_ROUNDS = 5


@dataclass(frozen=True)
class Resealed:
    """What was sealed anew, by column, and what no key opens (table and row)."""

    anew: Mapping[str, int]
    unopened: tuple[tuple[str, Any], ...] = field(default=())
    #: Columns in which something is still sealed with an older key after all rounds: somebody writes it.
    still_old: tuple[str, ...] = field(default=())


def sealed_columns() -> list[tuple[Table, Column[Any]]]:
    """Every column that is sealed, with its table."""
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed) or (table.name, column.name) in SEALED_ELSEWHERE
    ]


def reseal(
    engine: Engine, keys: tuple[str, ...], progress: Callable[[str, int], None] | None = None
) -> Resealed:
    """Seal what an older key has sealed anew with the first. `progress` hears each column and how many went.

    Looks again until a whole round finds nothing, at most five times: whoever still seals with an older key
    is a process that was not started anew.
    """
    newest, every = Fernet(keys[0]), MultiFernet([Fernet(key) for key in keys])
    anew: Counter[str] = Counter()
    unopened: dict[tuple[str, Any], None] = {}
    for _ in range(MOST_ROUNDS):
        found: Counter[str] = Counter()
        for table, column in sealed_columns():
            name = f"{table.name}.{column.name}"
            for changed, broken in _column(engine, table, column, newest, every):
                found[name] += changed
                unopened |= dict.fromkeys((name, key) for key in broken)
                if progress and changed:
                    progress(name, changed)
        anew += found
        if not found.total():
            return Resealed(anew, tuple(unopened))
    return Resealed(anew, tuple(unopened), tuple(sorted(name for name in found if found[name])))


def _column(
    engine: Engine, table: Table, column: Column[Any], newest: Fernet, every: MultiFernet
) -> Iterator[tuple[int, list[Any]]]:
    """Go through one column in order of its key, a batch in each transaction."""
    (key,) = table.primary_key.columns
    raw = type_coerce(column, LargeBinary).label("sealed")
    last: Any = None
    while True:
        some = select(key, raw).where(column.is_not(None)).order_by(key).limit(ROWS_AT_ONCE)
        with reading(engine) as session:
            rows = session.execute(some if last is None else some.where(key > last)).all()
        if not rows:
            return
        last = rows[-1][0]
        old = [(row, bytes(sealed)) for row, sealed in rows if not _opens(newest, bytes(sealed))]
        anew: list[tuple[Any, bytes, bytes]] = []
        broken = []
        for row, sealed in old:
            try:
                anew.append((row, sealed, every.rotate(sealed)))
            except InvalidToken:
                broken.append(row)
        changed = 0
        if anew:
            with writing(engine) as session:
                changed = sum(_swap(session, table, column, key, *one) for one in anew)
        yield changed, broken
        if len(rows) < ROWS_AT_ONCE:
            # What others write meanwhile is the next round's: they could keep this one going for ever.
            return


def _swap(
    session: Session, table: Table, column: Column[Any], key: Column[Any], row: Any, old: bytes, new: bytes
) -> int:
    """Put the new seal in the place of the old one, unless somebody has written there."""
    raw = type_coerce(column, LargeBinary)
    statement = update(table).where(key == row, raw == old).values({column: type_coerce(new, LargeBinary)})
    done: Any = session.execute(statement)
    return int(done.rowcount)


def _opens(key: Fernet, sealed: bytes) -> bool:
    try:
        key.decrypt(sealed)
    except InvalidToken:
        return False
    return True
