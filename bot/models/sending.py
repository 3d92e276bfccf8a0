"""What sending keeps for all workers: the pace, what the operator must see, how far the lists are read."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class SendingPace(Base):
    """One row: when the sender is free again, and until when nothing but emergencies is tried."""

    __tablename__ = "sending_pace"
    sender: Mapped[str] = mapped_column(String(16), primary_key=True)
    #: When all answers that have a place in the line will have left.
    answers_free_at: Mapped[datetime]
    #: The same for check-ins, which go behind answers.
    check_ins_free_at: Mapped[datetime]
    #: After troubles in a row.
    held_until: Mapped[datetime | None]
    troubles: Mapped[int] = mapped_column(default=0)


class DeliveryAlert(Base):
    """Something about sending that a person must mend, once per error code. It stands until it is cleared."""

    __tablename__ = "delivery_alert"
    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    #: bot.delivery.error_codes.Action, or what else happened.
    action: Mapped[str] = mapped_column(String(16))
    count: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    cleared_at: Mapped[datetime | None]


class Reconciliation(Base):
    """How far the provider's list has been compared with ours, per direction, and what that found."""

    __tablename__ = "reconciliation"
    direction: Mapped[str] = mapped_column(String(3), primary_key=True)
    done_until: Mapped[datetime]
    #: Whoever reads the list has it until then.
    claimed_until: Mapped[datetime | None]
    ran_at: Mapped[datetime | None]
    taken_in: Mapped[int] = mapped_column(default=0)
    settled: Mapped[int] = mapped_column(default=0)
    moved_on: Mapped[int] = mapped_column(default=0)
    strangers: Mapped[int] = mapped_column(default=0)
