"""Commands for accounts of the inbox: invite somebody, or invite them anew."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audit import OPERATOR
from bot.bootstrap import Line
from bot.db import reading, writing
from bot.errors import StaffError
from bot.models import CaseWorker, StaffAccount
from bot.staff import accounts
from bot.staff.roles import Role


def with_account(add: argparse.ArgumentParser) -> None:
    """What `worker add` asks for an account at the inbox."""
    add.add_argument("--role", choices=list(Role), help="an account at /inbox, by invitation")
    add.add_argument("--email", help="for an agency's own sign-in; kept sealed")


def register(worker: Any, told: Callable[[Any], Any]) -> None:
    """Add `worker reset` and `worker accounts`."""
    reset = worker.add_parser("reset", help="a new invitation; password, phone and codes stop working")
    reset.add_argument("pseudonym")
    reset.set_defaults(run=told(reset_account))
    worker.add_parser("accounts", help="who may sign in at the inbox").set_defaults(run=told(list_accounts))


def invite(session: Session, line: Line, arguments: argparse.Namespace, worker: CaseWorker | None) -> str:
    """An account, and the words with its invitation. Raises StaffError."""
    role = Role(arguments.role)
    account, token = accounts.invite(
        session,
        OPERATOR,
        arguments.pseudonym,
        role,
        line.clock(),
        email=arguments.email,
        timezone=arguments.timezone or line.settings.timezone,
        worker=worker,
    )
    return _invitation(line, account.name, token)


def reset_account(line: Line, arguments: argparse.Namespace) -> None:
    """`worker reset`."""
    with writing(line.engine) as session:
        account = session.scalars(
            select(StaffAccount).where(StaffAccount.name_key == accounts.key_of(arguments.pseudonym))
        ).first()
        if account is None or account.disabled_at is not None:
            raise StaffError(f"nobody called {arguments.pseudonym!r} may sign in")
        token = accounts.reset(session, OPERATOR, account, line.clock())
        sys.stdout.write(_invitation(line, account.name, token) + "\n")


def list_accounts(line: Line, _arguments: argparse.Namespace) -> None:
    """`worker accounts`: names, roles and whether they are in."""
    with reading(line.engine) as session:
        for account in session.scalars(select(StaffAccount).order_by(StaffAccount.name_key)):
            state = "shut out" if account.disabled_at else "active" if account.activated_at else "invited"
            sys.stdout.write(f"{account.name}\t{account.role}\t{state}\n")


def shut_out(session: Session, worker: CaseWorker, at: datetime) -> None:
    """A case worker has left: their account is shut at once."""
    account = session.scalars(select(StaffAccount).where(StaffAccount.case_worker_id == worker.id)).first()
    if account is not None:
        accounts.disable(session, OPERATOR, account, at)


def _invitation(line: Line, name: str, token: str) -> str:
    return (
        f"{name} may sign in once this link is opened. It works once, for three days, and is kept nowhere:\n"
        f"{line.settings.public_base_url}/inbox/invitation/{token}"
    )
