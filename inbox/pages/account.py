"""/inbox/account: one's own password, language and open sessions."""

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for

from bot.db import reading
from bot.errors import PasswordRefused, SignInRefused
from bot.staff import recovery, sessions
from bot.staff.roles import Permission
from inbox import guard
from inbox.desk import desk
from inbox.pages.local_addresses import local_page
from inbox.permits import permit
from inbox.wording import say


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/account")(account)
    door.get("/account/token")(renew_token)
    door.post("/account/password")(change_password)
    door.post("/account/language")(choose_language)
    door.post("/account/sessions")(sign_out_elsewhere)
    door.post("/account/sessions/<int:other>")(end_session)


@permit(Permission.OWN_ACCOUNT)
def account() -> Response:
    """Everything about oneself."""
    return account_page()


@permit(Permission.OWN_ACCOUNT)
def renew_token() -> Response:
    """For a page from before a new sign-in in another tab: whose session it is now, and its forms' token."""
    return jsonify(account=guard.account().id, csrf=guard.csrf_token())


@permit(Permission.OWN_ACCOUNT)
def change_password() -> Response:
    """Another password."""
    new = request.form.get("new_password", "")
    if new != request.form.get("repeated", ""):
        return account_page({"new_password": say("password.differ")})
    try:
        desk().own_account.change_password(guard.session_id(), request.form.get("old_password", ""), new)
    except SignInRefused:
        return account_page({"old_password": say("account.wrong_password")})
    except PasswordRefused as refused:
        return account_page({"new_password": say(f"password.{refused.why}")})
    return _back("password")


@permit(Permission.OWN_ACCOUNT)
def choose_language() -> Response:
    """The language of the pages; back to where it was chosen."""
    desk().own_account.choose_language(guard.session_id(), request.form.get("language", ""))
    return make_response(redirect(local_page(request.form.get("next"), url_for("inbox.account")), 303))


@permit(Permission.OWN_ACCOUNT)
def sign_out_elsewhere() -> Response:
    """Every other browser is signed out."""
    desk().own_account.sign_out_elsewhere(guard.session_id())
    return _back("sessions")


@permit(Permission.OWN_ACCOUNT)
def end_session(other: int) -> Response:
    """One other browser is signed out."""
    desk().own_account.end_session(guard.session_id(), other)
    return _back("sessions")


def account_page(errors: dict[str, str] | None = None) -> Response:
    """The page, with what was wrong beside its field."""
    with reading(desk().engine) as session:
        me = session.merge(guard.account(), load=False)
        shown = render_template(
            "account.html",
            sessions=sessions.of_account(session, me, desk().now(), desk().terms),
            this=guard.session_id(),
            codes_left=recovery.left(session, me),
            errors=errors or {},
            done=request.args.get("done"),
        )
    return make_response(shown, 400 if errors else 200)


def _back(done: str) -> Response:
    return make_response(redirect(url_for("inbox.account", done=done), 303))
