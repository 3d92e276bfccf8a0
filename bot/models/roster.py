"""Who is on call, and when."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.people import Person
from bot.sealing import Sealed


class CaseWorker(Base):
    """Somebody who reviews and joins conversations. Shown by pseudonym; their phone is a `person` too."""

    __tablename__ = "case_worker"
    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Sealed())
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    timezone: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    person: Mapped[Person | None] = relationship()


class Shift(Base):
    """Hours of a week in which a case worker is on call, in the shift's own time zone."""

    __tablename__ = "shift"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_worker_id: Mapped[int] = mapped_column(ForeignKey("case_worker.id"))
    #: Monday is 0.
    weekday: Mapped[int]
    #: Minutes after local midnight; `ends` passes 1440 when the shift goes on into the next day.
    starts: Mapped[int]
    ends: Mapped[int]
    timezone: Mapped[str] = mapped_column(String(64))
    #: Who is told first: 1 before 2.
    position: Mapped[int] = mapped_column(default=1)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    case_worker: Mapped[CaseWorker] = relationship()

    __table_args__ = (
        UniqueConstraint("case_worker_id", "weekday", "starts", name="uq_shift_case_worker_id"),
        Index("ix_shift_weekday", "weekday"),
    )


class LineSetting(Base):
    """A setting that people change while the line runs, as JSON; what is not here has its shipped value."""

    __tablename__ = "line_setting"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str]
    changed_at: Mapped[datetime]
