"""Who looked at what, and who changed what. Only ever added to: the database refuses the rest."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base
from bot.sealing import Sealed


class AuditEntry(Base):
    """One line of the log, chained to the one before. Triggers refuse UPDATE and DELETE (migration 0012)."""

    __tablename__ = "audit_entry"
    #: 1, 2, 3 with no gaps. Two who write at once cannot both have a number.
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    #: The account, without a foreign key: the log outlives what it tells of. Empty for the line's operator.
    actor_id: Mapped[int | None]
    #: The name they had then.
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(48))
    #: A kind and a public id, such as conversation:4f0c...; never a number or words.
    subject: Mapped[str] = mapped_column(String(96))
    #: A keyed digest of the reason given, which is kept apart so that it can be sealed anew or erased.
    reason_digest: Mapped[str | None] = mapped_column(String(64))
    previous_digest: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "sequence"),
        Index("ix_audit_entry_actor_id", "actor_id", "sequence"),
        Index("ix_audit_entry_action", "action", "sequence"),
        Index("ix_audit_entry_at", "at"),
    )


class AuditReason(Base):
    """The words of a reason, sealed. They may name somebody: erasing them leaves the chain whole."""

    __tablename__ = "audit_reason"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(Sealed())
