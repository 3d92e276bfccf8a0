"""/inbox/workers: who may sign in. Invite, give a role, shut out, invite anew."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import audit
from bot.db import reading, writing
from bot.errors import StaffError
from bot.models import StaffAccount
from bot.staff import accounts
from bot.staff.roles import Permission, Role
from inbox import guard
from inbox.desk import desk
from inbox.permits import permit
from inbox.wording import say

LONGEST_EMAIL = 254


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/workers")(workers)
    door.post("/workers")(invite)
    door.post("/workers/<int:number>/role")(change_role)
    door.post("/workers/<int:number>/reset")(reset)
    door.post("/workers/<int:number>/disable")(disable)
    door.post("/workers/<int:number>/enable")(enable)


@permit(Permission.MANAGE_ACCOUNTS)
def workers() -> Response:
    """Everybody, by name."""
    return _page()


@permit(Permission.MANAGE_ACCOUNTS)
def invite() -> Response:
    """A new account; the invitation is shown once."""
    name, role = request.form.get("name", ""), request.form.get("role", "")
    email = request.form.get("email", "").strip()[:LONGEST_EMAIL] or None
    if role not in set(Role):
        abort(400)
    try:
        with writing(desk().engine) as session:
            account, token = accounts.invite(
                session,
                audit.Actor.of(guard.account()),
                name,
                Role(role),
                desk().now(),
                email=email,
                timezone=desk().line.settings.timezone,
            )
    except StaffError:
        return _page(error=say("workers.taken"), name=name[:64], role=role)
    return _page(invited=account.name, link=link(token))


@permit(Permission.MANAGE_ACCOUNTS)
def change_role(number: int) -> Response:
    """Another role."""
    role = request.form.get("role", "")
    if role not in set(Role):
        abort(400)
    return _change(number, partial(accounts.change_role, role=Role(role)))


@permit(Permission.MANAGE_ACCOUNTS)
def reset(number: int) -> Response:
    """For whoever has lost their phone or password: a new invitation."""
    return _change(number, accounts.reset)


@permit(Permission.MANAGE_ACCOUNTS)
def disable(number: int) -> Response:
    """Shut out at once."""
    return _change(number, accounts.disable)


@permit(Permission.MANAGE_ACCOUNTS)
def enable(number: int) -> Response:
    """Let in again, with a new invitation."""
    return _change(number, accounts.enable)


def link(token: str) -> str:
    """The address of an invitation, as it is handed to somebody."""
    return desk().line.settings.public_base_url + url_for("inbox.invitation", token=token)


def _change(number: int, change: Callable[..., str | None]) -> Response:
    try:
        with writing(desk().engine) as session:
            account = session.get(StaffAccount, number, with_for_update=True)
            if account is None:
                abort(404)
            token = change(session, audit.Actor.of(guard.account()), account, desk().now())
            name = account.name
    except StaffError:
        return _page(error=say("workers.refused"))
    if isinstance(token, str):
        return _page(invited=name, link=link(token))
    return make_response(redirect(url_for("inbox.workers"), 303))


def _page(**more: object) -> Response:
    with reading(desk().engine) as session:
        shown = render_template("workers.html", accounts=_everybody(session), roles=list(Role), **more)
    return make_response(shown, 400 if "error" in more else 200)


def _everybody(session: Session) -> list[StaffAccount]:
    return list(session.scalars(select(StaffAccount).order_by(StaffAccount.name_key)))
