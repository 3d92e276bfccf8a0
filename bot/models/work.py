"""What the line's own processes keep."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class WorkerHeartbeat(Base):
    """Each worker slot's last sign of life."""

    __tablename__ = "worker_heartbeat"
    slot: Mapped[str] = mapped_column(String(32), primary_key=True)
    beat_at: Mapped[datetime]
    #: Which key it seals with, by a digest: nothing is sealed anew with one that it does not know.
    seals_with: Mapped[str | None] = mapped_column(String(16))


class DialogueTracker(Base):
    """Rasa's memory of a conversation, written by nlu/tracker_store.py alone and forgotten after 12 hours."""

    __tablename__ = "dialogue_tracker"
    sender_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tracker: Mapped[bytes]
    saved_at: Mapped[datetime]


class WebhookRefusal(Base):
    """Requests to Twilio's routes that were turned away, counted by minute and reason for every process."""

    __tablename__ = "webhook_refusal"
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(24), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
