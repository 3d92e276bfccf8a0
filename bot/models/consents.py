"""The consent ledger: what was agreed to, in which words, and taken back when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.people import Conversation
from bot.sealing import Sealed


class Purpose(StrEnum):
    """What a consent allows, and nothing else."""

    #: One text at the time asked for, and one gentle follow-up to it.
    CHECK_IN = "check_in"
    #: Texts again and again, as asked for ("every morning for a week").
    CHECK_IN_SERIES = "check_in_series"
    #: The four texts after a referral.
    REFERRAL = "referral"
    #: The texts and the call of a using-alone timer.
    USING_ALONE = "using_alone"
    #: Telling a person of theirs when a using-alone timer is not answered.
    USING_ALONE_CONTACT = "using_alone_contact"
    #: A call home, and word of how it ended.
    CALL_HOME = "call_home"
    #: One text to home in words they approved, and what home answers.
    MESSAGE_HOME = "message_home"
    #: One short message on home's voicemail, and what home answers.
    VOICEMAIL = "voicemail"
    #: Word of who has been told of an emergency. Not agreed to: an emergency is answered without asking.
    EMERGENCY = "emergency"
    #: Alerts to a case worker on call, who asked for them by taking a shift.
    ON_CALL = "on_call"


class Consent(Base):
    """One agreement. Never changed but for being taken back; never deleted but with the person."""

    __tablename__ = "consent"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    purpose: Mapped[str] = mapped_column(String(24))
    #: The reply that asked (a key of the replies files); None when the person asked of their own accord.
    asked: Mapped[str | None] = mapped_column(String(64))
    #: What the person wrote, word for word.
    words: Mapped[str] = mapped_column(Sealed())
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    agreed_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    #: How it was taken back: "words", "stop", "worker" or "replaced".
    revoked_by: Mapped[str | None] = mapped_column(String(16))
    revoking_message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    conversation: Mapped[Conversation] = relationship()

    __table_args__ = (
        # The same text agrees once to a thing, however often its turn runs.
        UniqueConstraint("message_id", "purpose", name="uq_consent_message_id"),
        Index("ix_consent_conversation_id_purpose", "conversation_id", "purpose"),
        Index("ix_consent_conversation_id_agreed_at", "conversation_id", "agreed_at"),
        Index("ix_consent_conversation_id_revoked_at", "conversation_id", "revoked_at"),
    )


class UnpromptedText(Base):
    """A text that answers none of theirs, and the consent that allows it: not sent without."""

    __tablename__ = "unprompted_text"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), index=True)
    consent: Mapped[Consent] = relationship()
