"""GET and POST /inbox/sign-in, /inbox/sign-in/code, /inbox/sign-in/recovery, /inbox/sign-out."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for

from bot.errors import SignInRefused
from bot.staff.roles import Permission
from inbox import guard
from inbox.desk import desk
from inbox.pages.local_addresses import local_page
from inbox.permits import Gate, permit
from inbox.wording import say


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/sign-in")(sign_in)
    door.post("/sign-in")(check_password)
    door.get("/sign-in/code")(ask_code)
    door.post("/sign-in/code")(check_code)
    door.get("/sign-in/recovery")(ask_recovery)
    door.post("/sign-in/recovery")(check_recovery)
    door.post("/sign-out")(sign_out)


@permit(Gate.ANYBODY)
def sign_in() -> Response:
    """Name and password."""
    if g.session is not None and g.session.stage == "full":
        return _on()
    return make_response(_form())


@permit(Gate.ANYBODY)
def check_password() -> Response:
    """The first step."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    try:
        who = desk().signing_in.with_password(name[:200], password, guard.visitor())
    except SignInRefused:
        return make_response(_form(error=say("sign_in.wrong"), name=name[:64]), 400)
    return guard.signed_in(_to("ask_code"), who)


@permit(Gate.FACTOR)
def ask_code() -> str:
    """The code of the authenticator."""
    return render_template("sign_in_code.html", next=_next())


@permit(Gate.FACTOR)
def check_code() -> Response:
    """The second step."""
    return _check(lost_phone=False)


@permit(Gate.FACTOR)
def ask_recovery() -> str:
    """A recovery code instead."""
    return render_template("sign_in_recovery.html", next=_next())


@permit(Gate.FACTOR)
def check_recovery() -> Response:
    """The second step without the phone."""
    return _check(lost_phone=True)


@permit(Permission.OWN_ACCOUNT)
def sign_out() -> Response:
    """This browser is signed out."""
    desk().own_account.sign_out(guard.session_id())
    return guard.signed_out(_redirect(url_for("inbox.sign_in")))


def _check(*, lost_phone: bool) -> Response:
    try:
        who = desk().signing_in.with_code(
            guard.session_id(), request.form.get("code", "")[:64], guard.visitor(), lost_phone=lost_phone
        )
    except SignInRefused:
        template = "sign_in_recovery.html" if lost_phone else "sign_in_code.html"
        wrong = say("recovery.wrong" if lost_phone else "factor.wrong")
        return make_response(render_template(template, next=_next(), error=wrong), 400)
    return guard.signed_in(_on(), who, known=True)


def _form(**more: object) -> str:
    agency = bool(desk().line.settings.oidc_issuer)
    return render_template("sign_in.html", next=_next(), agency=agency, **more)


def _next() -> str:
    return local_page(request.values.get("next"), "")


def _on() -> Response:
    return _redirect(local_page(request.values.get("next"), url_for("inbox.home")))


def _to(name: str) -> Response:
    return _redirect(url_for(f"inbox.{name}", next=_next() or None))


def _redirect(target: str) -> Response:
    return make_response(redirect(target, 303))
