"""Who may sign in at the inbox, and their open sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.roster import CaseWorker
from bot.sealing import Sealed


class StaffAccount(Base):
    """Somebody invited to the inbox. Not in before it is activated."""

    __tablename__ = "staff_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    #: What they sign in with and what others see of them: the case worker's pseudonym.
    name: Mapped[str] = mapped_column(String(64))
    #: The name in one case: "Ana" and "ana" are the same person.
    name_key: Mapped[str] = mapped_column(String(64), unique=True)
    #: Empty for officers who make cards: they are nobody's case worker.
    case_worker_id: Mapped[int | None] = mapped_column(ForeignKey("case_worker.id"), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2), default="en")
    #: For an agency's own sign-in, which knows people by e-mail; found by the keyed index.
    email: Mapped[str | None] = mapped_column(Sealed())
    email_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: The keyed index of issuer and subject, held fast at the first sign-in: addresses change hands.
    subject_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(256))
    totp_secret: Mapped[str | None] = mapped_column(Sealed())
    #: The time step of the last code taken: none is taken twice.
    totp_step: Mapped[int | None]
    #: A digest of the open invitation: the link itself is kept nowhere.
    invitation_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    case_worker: Mapped[CaseWorker | None] = relationship()


class StaffRecoveryCode(Base):
    """One way in for whoever has lost the phone with their codes. Good once."""

    __tablename__ = "staff_recovery_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"), index=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class StaffSession(Base):
    """A browser that somebody has signed in with, or is signing in with. The cookie is kept as a digest."""

    __tablename__ = "staff_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"))
    #: bot.staff.sessions.Stage: how far the sign-in has come.
    stage: Mapped[str] = mapped_column(String(8))
    #: A factor that is shown to its owner and not confirmed yet.
    offered_secret: Mapped[str | None] = mapped_column(Sealed())
    #: A password chosen with an invitation, kept until the factor is confirmed.
    offered_password_hash: Mapped[str | None] = mapped_column(String(256))
    browser: Mapped[str] = mapped_column(Sealed())
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    account: Mapped[StaffAccount] = relationship()

    __table_args__ = (Index("ix_staff_session_account_id", "account_id"),)


class SignInThrottle(Base):
    """Wrong sign-ins under one key: an account, a known browser or an address, each as a keyed index."""

    __tablename__ = "sign_in_throttle"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime]
    closed_until: Mapped[datetime | None]
