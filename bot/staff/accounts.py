"""Accounts of the inbox: invited, given a role, shut out, let in anew. Every change is in the audit log."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.audit.appending import Actor, append
from bot.errors import InvitationInvalid, StaffError
from bot.models import CaseWorker, StaffAccount, StaffRecoveryCode
from bot.people import insert_or_ignore
from bot.sealing import cipher_of
from bot.staff import sessions
from bot.staff.roles import ON_ROSTER, Role

INVITED_FOR = timedelta(hours=72)
LONGEST_NAME = 64


def key_of(name: str) -> str:
    """A name as it is compared: without spaces around it, in one case."""
    return " ".join(name.split()).casefold()


def subject(account: StaffAccount) -> str:
    """How the audit log calls an account."""
    return f"account:{account.id}"


def invite(
    session: Session,
    actor: Actor,
    name: str,
    role: Role,
    at: datetime,
    *,
    email: str | None = None,
    timezone: str,
    worker: CaseWorker | None = None,
) -> tuple[StaffAccount, str]:
    """A new account and its invitation, which is kept nowhere. Raises StaffError when the name is taken.

    Workers and supervisors are case workers: `worker` is the one on the roster, else one of that pseudonym is
    found or made (without a phone, so without alerts).
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise StaffError("a name has from 1 to 64 letters")
    if role in ON_ROSTER and worker is None:
        worker = case_worker_called(session, name, timezone, at)
    new = insert_or_ignore(
        session,
        StaffAccount,
        name=name,
        name_key=key_of(name),
        role=role,
        language="en",
        case_worker_id=worker.id if worker else None,
        email=email,
        email_index=email_index(session, email),
        created_at=at,
    )
    if not new:
        raise StaffError("that name, e-mail address or case worker has an account already")
    account = session.scalars(select(StaffAccount).where(StaffAccount.name_key == key_of(name))).one()
    token = _open_invitation(account, at)
    append(session, actor, f"account.invited.{role}", subject(account), at)
    return account, token


def case_worker_called(session: Session, name: str, timezone: str, at: datetime) -> CaseWorker:
    """The case worker of a pseudonym who works here, made when there is none."""
    workers = session.scalars(select(CaseWorker)).all()
    found = next((worker for worker in workers if key_of(worker.pseudonym) == key_of(name)), None)
    if found is not None:
        if found.left_at is not None:
            raise StaffError("a case worker of that name has left: take another name")
        return found
    insert_or_ignore(session, CaseWorker, pseudonym=name, name=name, timezone=timezone, added_at=at)
    return session.scalars(select(CaseWorker).where(CaseWorker.pseudonym == name)).one()


def email_index(session: Session, email: str | None) -> str | None:
    """The keyed index of an address, in one case."""
    return cipher_of(session.get_bind().dialect).digest("e-mail", key_of(email)) if email else None


def invited(session: Session, token: str, at: datetime) -> StaffAccount:
    """Whose invitation it is. Raises InvitationInvalid."""
    account = session.scalars(
        select(StaffAccount).where(StaffAccount.invitation_digest == sessions.digest(token))
    ).first()
    if account is None or account.disabled_at or account.invited_until is None or account.invited_until <= at:
        raise InvitationInvalid
    return account


def of_agency(session: Session, subject: str, email: str | None) -> StaffAccount | None:
    """Whose agency's id it is, bound now if the address is an invited one's that has none yet."""
    index = cipher_of(session.get_bind().dialect).digest("agency subject", subject)
    bound = session.scalars(select(StaffAccount).where(StaffAccount.subject_index == index)).first()
    if bound is not None or email is None:
        return bound
    account = session.scalars(
        select(StaffAccount).where(
            StaffAccount.email_index == email_index(session, email), StaffAccount.subject_index.is_(None)
        )
    ).first()
    if account is not None and account.disabled_at is None:
        account.subject_index = index
    return account


def reset(session: Session, actor: Actor, account: StaffAccount, at: datetime) -> str:
    """Take password, factor, codes and sessions away, and invite anew. For a phone that is lost or stolen."""
    account.password_hash = account.totp_secret = account.totp_step = account.subject_index = None
    account.activated_at = None
    session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.account_id == account.id))
    sessions.end_all(session, account)
    token = _open_invitation(account, at)
    append(session, actor, "account.reset", subject(account), at)
    return token


def change_role(session: Session, actor: Actor, account: StaffAccount, at: datetime, role: Role) -> None:
    """Another role from now on; whoever has it signs in anew. Raises StaffError for one's own."""
    _not_oneself(actor, account)
    if role == account.role:
        return
    if role in ON_ROSTER and account.case_worker_id is None:
        raise StaffError("this account is no case worker's: invite a new one instead")
    account.role = role
    sessions.end_all(session, account)
    append(session, actor, f"account.role.{role}", subject(account), at)


def disable(session: Session, actor: Actor, account: StaffAccount, at: datetime) -> None:
    """Shut somebody out at once. Raises StaffError for oneself."""
    _not_oneself(actor, account)
    if account.disabled_at is None:
        account.disabled_at, account.invitation_digest = at, None
        sessions.end_all(session, account)
        append(session, actor, "account.disabled", subject(account), at)


def enable(session: Session, actor: Actor, account: StaffAccount, at: datetime) -> str:
    """Let somebody in again, with a new invitation: what they had before is worth nothing."""
    _not_oneself(actor, account)
    account.disabled_at = None
    append(session, actor, "account.enabled", subject(account), at)
    return reset(session, actor, account, at)


def _not_oneself(actor: Actor, account: StaffAccount) -> None:
    if actor.id == account.id:
        raise StaffError("nobody changes their own role or shuts themselves out")


def _open_invitation(account: StaffAccount, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    account.invitation_digest, account.invited_until = sessions.digest(token), at + INVITED_FOR
    return token
