"""Counts by day: numbers about nobody in particular, kept when what they were counted from is erased."""

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class DailyCount(Base):
    """How often something happened on one day of the line's time zone (bot/numbers)."""

    __tablename__ = "daily_count"
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    #: bot.numbers.Measure
    measure: Mapped[str] = mapped_column(String(24), primary_key=True)
    #: What of it: a need, a kind, the first three digits of a ZIP. A code, never words of anybody's.
    part: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int]
