"""/inbox/invitation/<token>: choose a password, set the authenticator up, keep the recovery codes."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from bot.errors import InvitationInvalid, PasswordRefused, SignInRefused
from inbox import guard
from inbox.desk import desk
from inbox.pages.square_code import square_code
from inbox.permits import Gate, permit
from inbox.wording import language, say


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/invitation/<token>")(invitation)
    door.post("/invitation/<token>")(choose_password)
    door.get("/set-up")(set_up)
    door.post("/set-up")(confirm)


@permit(Gate.ANYBODY)
def invitation(token: str) -> Response:
    """A password is asked for."""
    return _form(token)


@permit(Gate.ANYBODY)
def choose_password(token: str) -> Response:
    """The password is chosen; nothing is changed before the authenticator is confirmed."""
    password = request.form.get("new_password", "")
    if password != request.form.get("repeated", ""):
        return _form(token, say("password.differ"))
    try:
        who = desk().invitations.choose_password(token, password, request.user_agent.string)
    except PasswordRefused as refused:
        return _form(token, say(f"password.{refused.why}"))
    except InvitationInvalid:
        return _form(token)
    return guard.signed_in(make_response(redirect(url_for("inbox.set_up"), 303)), who)


@permit(Gate.SETUP)
def set_up() -> Response:
    """The square code for the authenticator."""
    return _offer()


@permit(Gate.SETUP)
def confirm() -> Response:
    """The first code: the account is ready."""
    try:
        code = request.form.get("code", "")[:64]
        who, codes = desk().invitations.confirm(guard.session_id(), code, language())
    except SignInRefused:
        return _offer(say("factor.wrong"))
    except InvitationInvalid:
        return make_response(render_template("invitation_over.html"), 410)
    guard.take_on(who)
    answer = make_response(render_template("recovery_codes.html", codes=codes, fresh=True))
    return guard.signed_in(answer, who, known=True)


def _form(token: str, error: str | None = None) -> Response:
    try:
        name = desk().invitations.name_of(token)
    except InvitationInvalid:
        return make_response(render_template("invitation_over.html"), 410)
    return make_response(render_template("invitation.html", name=name, error=error), 400 if error else 200)


def _offer(error: str | None = None) -> Response:
    offered = desk().invitations.offered(guard.session_id())
    shown = render_template(
        "factor_set_up.html",
        offered=offered,
        square=square_code(offered.address),
        action=url_for("inbox.confirm"),
        error=error,
        steps=True,
    )
    return make_response(shown, 400 if error else 200)
