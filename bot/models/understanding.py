"""What the line made of a text, and words to find texts by."""

from sqlalchemy import Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base
from bot.sealing import Sealed


class Understanding(Base):
    """What the dialogue made of one text. Written by nlu/tracker_store.py with Rasa's own memory of it."""

    __tablename__ = "understanding"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    intent: Mapped[str] = mapped_column(String(48))
    #: From 0 to 1.
    confidence: Mapped[float] = mapped_column(Float())
    #: JSON: entities, slots it filled, what was asked before it, the actions it led to.
    detail: Mapped[str] = mapped_column(Sealed())


class SearchWord(Base):
    """That a word is somewhere in a conversation, as a short keyed digest (docs/adr/0026)."""

    __tablename__ = "search_word"
    #: 16 bits of it: several words share one, on purpose.
    digest: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)

    __table_args__ = (Index("ix_search_word_conversation_id", "conversation_id"),)


class SearchPending(Base):
    """A text whose words are not in the index yet. Put here by a trigger (migration 0013)."""

    __tablename__ = "search_pending"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
