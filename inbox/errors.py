"""Pages for what goes wrong, in the reader's language. They carry an id, never what was sent."""

import logging
from secrets import token_hex
from traceback import format_tb

from flask import Blueprint, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from bot.errors import SignInBusy, TooManyTries
from inbox import guard, templating

logger = logging.getLogger(__name__)
#: Those with words of their own; every other is told as one of these.
TOLD = {400, 401, 403, 404, 413, 429, 500, 503}
NEVER_SHOWN = {
    guard.CSRF_FIELD,
    "password",
    "old_password",
    "new_password",
    "repeated",
    "code",
    "next",
    "name",
    "email",
}


def register(door: Blueprint) -> None:
    """Errors of the pages, and of addresses under /inbox that are none."""
    door.errorhandler(HTTPException)(refused)
    door.errorhandler(TooManyTries)(too_many)
    door.errorhandler(SignInBusy)(busy)
    door.errorhandler(Exception)(failed)
    door.app_errorhandler(404)(unknown)
    door.app_errorhandler(405)(unknown)


def refused(error: HTTPException) -> Response:
    """A request that was refused."""
    code = error.code or 500
    if code < 400:
        return error.get_response()  # type: ignore[return-value]
    return page(code if code in TOLD else 404 if code == 405 else 500, code)


def too_many(error: TooManyTries) -> Response:
    """Too many wrong sign-ins."""
    answer = page(429, minutes=max(1, -(-error.seconds // 60)))
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def busy(_error: SignInBusy) -> Response:
    """Everybody signs in at once."""
    answer = page(503)
    answer.headers["Retry-After"] = "5"
    return answer


def failed(error: Exception) -> Response:
    """Something of ours broke: the log has its kind and the id that the page shows."""
    reference = token_hex(4)
    # Where, and what kind: an error's own words may carry somebody's.
    where = "".join(format_tb(error.__traceback__))
    logger.error(
        "page %s failed, reference %s: %s\n%s", request.endpoint, reference, type(error).__name__, where
    )
    return page(500, reference=reference)


def unknown(error: HTTPException) -> Response | HTTPException:
    """No such address; the rest of the application's own answers stay as they are."""
    if not request.path.startswith("/inbox"):
        return error
    return guard.protect(page(404, error.code or 404))


def page(told: int, code: int | None = None, **fill: object) -> Response:
    """The page, or a fragment of it for htmx."""
    if "token" not in g:
        guard.read_session()
    written = {}
    if told == 401:
        # The draft of a text, say: whoever was signed out can copy it.
        written = {name: value for name, value in request.form.items() if name not in NEVER_SHOWN and value}
    # An address that is none belongs to no blueprint: its names are given here.
    shown = render_template("error.html", **templating.names(), code=told, fill=fill, written=written)
    return Response(shown, code or told, content_type="text/html; charset=utf-8")
