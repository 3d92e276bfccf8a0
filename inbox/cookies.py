"""The cookies of the inbox: a random token, a browser that is known, a language, a sign-in elsewhere."""

from flask import Response, request

from inbox.desk import desk

PATH = "/"
TOKEN, KNOWN, LANGUAGE, AGENCY = "warmline_inbox", "warmline_known", "warmline_language", "warmline_agency"  # noqa: S105
HALF_A_YEAR = 180 * 24 * 3600


def _name(name: str) -> str:
    # With this prefix a browser takes a cookie from this host alone, over https: none beside it plants one.
    return f"__Host-{name}" if _secure() else name


def _secure() -> bool:
    return desk().line.settings.public_base_url.startswith("https:")


def read(name: str) -> str | None:
    """A cookie's value."""
    return request.cookies.get(_name(name))


def give(answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie; without `seconds` until the browser is closed."""
    answer.set_cookie(
        _name(name), value, max_age=seconds, path=PATH, secure=_secure(), httponly=True, samesite="Lax"
    )


def take_back(answer: Response, name: str) -> None:
    """Have a cookie forgotten."""
    answer.delete_cookie(_name(name), path=PATH, secure=_secure(), httponly=True, samesite="Lax")
