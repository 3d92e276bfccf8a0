"""Somebody's phone, and the thread with it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.sealing import Sealed


class Person(Base):
    """Somebody's phone. A phone may be shared: nothing here says who holds it."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Sealed())
    number_index: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(2), default="en")
    #: When they asked for this language; until then it follows what they write.
    language_asked_at: Mapped[datetime | None]
    timezone: Mapped[str | None] = mapped_column(String(64))
    opted_out_at: Mapped[datetime | None]
    #: When the provider said that no text can reach this number. A text from it proves otherwise.
    bad_number_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Conversation(Base):
    """The thread with one person. `public_id` is the only name Rasa and the logs know."""

    __tablename__ = "conversation"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    welcomed_at: Mapped[datetime | None]
    emergency_kind: Mapped[str | None] = mapped_column(String(16))
    emergency_at: Mapped[datetime | None]
    person_asked_for_at: Mapped[datetime | None]
    #: What the keyword menu has been asked for, while the dialogue model is away.
    menu_need: Mapped[str | None] = mapped_column(String(32))
    #: When "are you safe right now?" was last asked of a worrying text: asked once, not at every text.
    safety_asked_at: Mapped[datetime | None]
    #: The last text nobody had asked for just then: never two within the minute.
    unprompted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    person: Mapped[Person] = relationship()
