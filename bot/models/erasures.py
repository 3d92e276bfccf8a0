"""What stands after somebody was forgotten: receipts, what the provider still has, wishes that outlive them.

Nothing here tells who it was. docs/privacy.md says what each is kept for.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base
from bot.sealing import Sealed


class ErasureBy(StrEnum):
    """Whose wish an erasure was."""

    #: The person's own text.
    TEXT = "text"
    #: A supervisor's or an operator's command.
    OPERATOR = "operator"
    #: They had not texted for longer than RETENTION_DAYS.
    RETENTION = "retention"


class CopyKind(StrEnum):
    """What the provider keeps."""

    TEXT = "text"
    CALL = "call"


class Erasure(Base):
    """The receipt of an erasure, and until it is finished what is still needed to finish it."""

    __tablename__ = "erasure"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    asked_by: Mapped[str] = mapped_column(String(16))
    #: When our rows went, all at once.
    erased_at: Mapped[datetime]
    #: How many rows of each table, as JSON.
    counts: Mapped[str] = mapped_column(Text)
    #: What the provider has erased.
    texts: Mapped[int] = mapped_column(default=0)
    media: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    #: These four are emptied when it is finished. The number finds copies at the provider whose SIDs we lack.
    number: Mapped[str | None] = mapped_column(Sealed())
    language: Mapped[str | None] = mapped_column(String(2))
    conversation: Mapped[str | None] = mapped_column(String(32))
    #: Ids by which durable work is found, as JSON.
    work: Mapped[str | None] = mapped_column(Text)
    #: Whether a last text says that it is done; since when one may be on its way; when that was settled.
    tells: Mapped[bool] = mapped_column(default=False)
    telling_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    #: When it is gone on with; None when it is finished.
    next_try_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_erasure_next_try_at", "next_try_at"),)


class ErasedCopy(Base):
    """A text or call that the provider is to erase. Kept a while after: webhooks and lists may come late."""

    __tablename__ = "erased_copy"
    sid: Mapped[str] = mapped_column(String(34), primary_key=True)
    erasure_id: Mapped[int] = mapped_column(ForeignKey("erasure.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    done_at: Mapped[datetime | None] = mapped_column(index=True)


class Suppression(Base):
    """A wish that outlives the person: only a keyed digest of what it is of, which looks like nothing."""

    __tablename__ = "suppression"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: "opt_out", or "refusal": home wants nothing from this person.
    kind: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]


class PastIncident(Base):
    """That there was an emergency, for counting: whose it was is gone."""

    __tablename__ = "past_incident"
    id: Mapped[int] = mapped_column(primary_key=True)
    opened_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    danger_to: Mapped[str | None] = mapped_column(String(8))
    outcome: Mapped[str | None] = mapped_column(String(24))
    #: Until a case worker took it; None when nobody did.
    taken_after_minutes: Mapped[int | None]


class RetentionRun(Base):
    """One day's purge: whoever writes the row does it."""

    __tablename__ = "retention_run"
    day: Mapped[date] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    people: Mapped[int] = mapped_column(default=0)
    texts: Mapped[int] = mapped_column(default=0)
