"""Tens of thousands of conversations with a million texts, marks and emergencies, written in bulk."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, LargeBinary, MetaData, Table, delete, insert, select, text, update

from benchmarks.directory_world.databases import Make
from bot.conversations.thread import thread_page
from bot.db import reading, writing
from bot.models import (
    CaseWorker,
    Conversation,
    ConversationTag,
    Incident,
    Message,
    Person,
    PersonNeeded,
    SearchPending,
    SearchWord,
    Tag,
    Thread,
)
from bot.sealing import FieldCipher, seal_with
from bot.search.indexing import digest_of
from bot.search.words import words_of

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
LONG = 10_000
AT_ONCE = 20_000
#: What people write: a few common words, and one that hardly anybody does.
SAYINGS = (
    "i need a shelter tonight", "where can i get food near 98104", "thank you so much", "is the clinic open",
    "they turned me away", "my phone is dying", "can i bring my dog", "call my sister please", "ok", "yes",
    "necesito un lugar para dormir", "tengo hambre", "the methadone place on pine was closed", "im cold",
    "do they have showers there", "what time does it open tomorrow", "no id", "im with my two kids",
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """How many there are."""

    conversations: int
    texts: int


@dataclass(frozen=True)
class World:
    """What was made, as far as questions name it."""

    now: datetime
    worker_id: int
    long: int
    #: A cursor half way down the long thread, and one deep in the list.
    middle: str | None
    deep: str
    short: list[int]


def make_world(make: Make, shape: Shape) -> tuple[Engine, World]:
    """Fill a new database. Sealed bodies are reused: sealing a million anew would measure nothing more."""
    engine = make("inbox")
    cipher = FieldCipher((Fernet.generate_key().decode(),), "s" * 40)
    seal_with(engine, cipher)
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")
    chance = random.Random(1)  # noqa: S311
    _people(engine, shape)
    _texts(engine, shape, cipher, chance)
    worker_id = _marks(engine, shape, chance)
    _words(engine, shape)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    with reading(engine) as session:
        ids = session.scalars(
            select(Thread.last_message_id)
            .order_by(Thread.last_message_id.desc())
            .offset(shape.conversations // 2)
        ).first()
        page = thread_page(session, 1, how_many=min(LONG, shape.texts) // 2)
    short = [1 + chance.randrange(1, shape.conversations) for _ in range(50)]
    return engine, World(NOW, worker_id, 1, page.older, f"m{ids}-999999999", short)


def _in_parts(engine: Engine, table: type, rows: Iterator[dict[str, object]]) -> None:
    part: list[dict[str, object]] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            with engine.begin() as connection:
                connection.execute(insert(table.__table__), part)
            part = []
    if part:
        with engine.begin() as connection:
            connection.execute(insert(table.__table__), part)


def _people(engine: Engine, shape: Shape) -> None:
    began = NOW - timedelta(days=365)
    _in_parts(
        engine,
        Person,
        (
            {
                "id": row,
                "number": f"+1206{row:07d}",
                "number_index": f"{row:064x}",
                "language": "es" if row % 5 == 0 else "en",
                "created_at": began,
            }
            for row in range(1, shape.conversations + 1)
        ),
    )
    _in_parts(
        engine,
        Conversation,
        (
            {"id": row, "public_id": f"{row:032x}", "person_id": row, "created_at": began}
            for row in range(1, shape.conversations + 1)
        ),
    )


def _texts(engine: Engine, shape: Shape, cipher: FieldCipher, chance: random.Random) -> None:
    # Straight to the table: the trigger that marks threads would make a million changes of one row each.
    sealed = [cipher.seal(words) for words in SAYINGS]
    rare = cipher.seal("ask for marigold at the desk")
    message, spacing = Message.__table__, timedelta(days=365) / shape.texts
    every = max(1, shape.texts // LONG)
    part: list[dict[str, object]] = []
    with engine.begin() as connection:
        _triggers(connection, on=False)
        for row in range(1, shape.texts + 1):
            inbound = row % 2 == 0
            part.append(
                {
                    "id": row,
                    "conversation_id": 1 if row % every == 0 else 1 + chance.randrange(shape.conversations),
                    "direction": "in" if inbound else "out",
                    "body": rare if row % 100_003 == 0 else chance.choice(sealed),
                    "num_media": 0,
                    "state": "answered" if inbound else "sent",
                    "created_at": NOW - timedelta(days=365) + row * spacing,
                    "position": 0,
                    "attempts": 0,
                    "urgency": 1,
                    "wakes": 0,
                    "resends": 0,
                    "reply_key": None if inbound else "greet",
                    "cause": None if inbound else f"in-{row - 1}",
                }
            )
            if len(part) == AT_ONCE:
                _raw(connection, message, part)
                part = []
        if part:
            _raw(connection, message, part)
        _triggers(connection, on=True)
        connection.execute(
            text(
                "UPDATE thread SET last_message_id = found.newest, last_at = found.at FROM"
                " (SELECT conversation_id, MAX(id) AS newest, MAX(created_at) AS at FROM message"
                " GROUP BY conversation_id) AS found WHERE found.conversation_id = thread.conversation_id"
            )
        )


def _raw(connection: Connection, message: Table, rows: list[dict[str, object]]) -> None:
    # Bodies are sealed already.
    bare = message.to_metadata(MetaData())
    bare.c.body.type = LargeBinary()
    connection.execute(insert(bare), rows)


def _triggers(connection: Connection, *, on: bool) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE message {'ENABLE' if on else 'DISABLE'} TRIGGER USER"))
        return
    names = ("thread_goes_on", "search_begins")
    if on:
        for statement in connection.info.pop("inbox_triggers"):
            connection.execute(text(statement))
        return
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    connection.info["inbox_triggers"] = [sql for name, sql in found if name in names]
    for name in names:
        connection.execute(text(f"DROP TRIGGER {name}"))


def _marks(engine: Engine, shape: Shape, chance: random.Random) -> int:
    def some(share: float) -> list[int]:
        return sorted(
            chance.sample(range(1, shape.conversations + 1), max(3, int(shape.conversations * share)))
        )

    with writing(engine) as session:
        worker = CaseWorker(pseudonym="Heron", name="n", timezone="America/Los_Angeles", added_at=NOW)
        tag = Tag(name="rare", created_at=NOW)
        session.add_all([worker, tag])
        session.flush()
        for reason, share in (("asked", 0.02), ("missed_check_in", 0.004), ("opt_out", 0.005)):
            rows = [{"conversation_id": row, "reason": reason, "since": NOW} for row in some(share)]
            session.execute(insert(PersonNeeded), rows)
        session.execute(
            insert(Incident),
            [
                {
                    "code": f"K{at:05d}", "conversation_id": row, "source": "triage", "kind": "overdose",
                    "state": "open", "opened_at": NOW, "step": 0, "script_step": 0,
                }
                for at, row in enumerate(some(0.0008))
            ],
        )  # fmt: skip
        tagged = [
            {"tag_id": tag.id, "conversation_id": row, "case_worker_id": worker.id, "tagged_at": NOW}
            for row in some(0.0004)
        ]
        session.execute(insert(ConversationTag), tagged)
        for values, share in (
            ({"need": "food"}, 0.5),
            ({"need": "rare"}, 0.0004),
            ({"state": "closed"}, 0.6),
            ({"state": "waiting"}, 0.01),
            ({"assigned_to_id": worker.id}, 0.004),
        ):
            rows = some(share)
            for at in range(0, len(rows), 500):
                session.execute(
                    update(Thread).where(Thread.conversation_id.in_(rows[at : at + 500])).values(**values)
                )
        return worker.id


def _words(engine: Engine, shape: Shape) -> None:
    """The index as it would be: each conversation with the words of what its people write."""
    with reading(engine) as session:
        common = sorted({digest_of(session, word) for words in SAYINGS for word in words_of(words)})
        rare = [digest_of(session, word) for word in words_of("ask for marigold at the desk")]
        holding = set(session.scalars(select(Message.conversation_id).where(Message.id % 100_003 == 0)))
    _in_parts(
        engine,
        SearchWord,
        (
            {"digest": digest, "conversation_id": row}
            for row in range(1, shape.conversations + 1)
            for digest in {*common, *(rare if row in holding else ())}
        ),
    )
    with writing(engine) as session:
        session.execute(delete(SearchPending))
