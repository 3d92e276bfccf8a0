"""/inbox/account/authenticator and /inbox/account/recovery-codes: another phone, new codes."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from bot.errors import SignInRefused
from bot.staff.roles import Permission
from inbox import guard
from inbox.desk import desk
from inbox.pages.account import account_page
from inbox.pages.square_code import square_code
from inbox.permits import permit
from inbox.wording import say


def register(door: Blueprint) -> None:
    """The addresses."""
    door.post("/account/authenticator")(offer_factor)
    door.get("/account/authenticator")(new_factor)
    door.post("/account/authenticator/confirm")(confirm_factor)
    door.post("/account/recovery-codes")(renew_codes)


@permit(Permission.OWN_ACCOUNT)
def offer_factor() -> Response:
    """Begin, with the password."""
    try:
        desk().own_account.offer_factor(guard.session_id(), request.form.get("password", ""))
    except SignInRefused:
        return account_page({"factor": say("account.wrong_password")})
    return make_response(redirect(url_for("inbox.new_factor"), 303))


@permit(Permission.OWN_ACCOUNT)
def new_factor() -> Response:
    """The square code of the new authenticator."""
    return _offer()


@permit(Permission.OWN_ACCOUNT)
def confirm_factor() -> Response:
    """Its first code."""
    try:
        codes = desk().own_account.confirm_factor(guard.session_id(), request.form.get("code", "")[:64])
    except SignInRefused:
        return _offer(say("factor.wrong"))
    return make_response(render_template("recovery_codes.html", codes=codes, fresh=False))


@permit(Permission.OWN_ACCOUNT)
def renew_codes() -> Response:
    """New recovery codes, with the password."""
    try:
        codes = desk().own_account.renew_codes(guard.session_id(), request.form.get("password", ""))
    except SignInRefused:
        return account_page({"codes": say("account.wrong_password")})
    return make_response(render_template("recovery_codes.html", codes=codes, fresh=False))


def _offer(error: str | None = None) -> Response:
    try:
        offered = desk().own_account.offered(guard.session_id())
    except SignInRefused:
        return make_response(redirect(url_for("inbox.account"), 303))
    shown = render_template(
        "factor_set_up.html",
        offered=offered,
        square=square_code(offered.address),
        action=url_for("inbox.confirm_factor"),
        error=error,
        steps=False,
    )
    return make_response(shown, 400 if error else 200)
