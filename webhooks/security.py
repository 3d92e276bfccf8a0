"""Is this really Twilio? The signature covers the configured public URL and the target as it was sent.

Twilio's security pages: the URL followed by every form field, sorted, blank ones as well; HMAC-SHA1 under the
account's auth token, or HMAC-SHA256 under a shared key. Nothing in it says when: a repeated request is
genuine, and the text's own id keeps it from counting twice.
"""

from collections.abc import Iterator

from flask import abort, current_app, request
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator
from werkzeug.exceptions import Forbidden, UnsupportedMediaType

from bot.bootstrap import Line
from webhooks.refusals import Refusals

FORM = "application/x-www-form-urlencoded"
SIGNATURE = "X-Twilio-Signature"
#: Names the shared key, and an algorithm that is not believed: ours is fixed.
SIGNATURE_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


def line() -> Line:
    """The line this application was built with."""
    found: Line = current_app.extensions["line"]
    return found


def require_twilio_signature() -> None:
    """Answer 403 unless the request is signed for us, 415 unless it is a form.

    Flask's own request.url is rewritten (escapes, case, slashes) and a genuine signature then fails, so the
    URL is rebuilt from PUBLIC_BASE_URL and the raw target. A JSON body would be unsigned by this scheme.
    """
    if request.method == "POST" and request.mimetype != FORM:
        _refuse("content_type", UnsupportedMediaType.code)
    signature = request.headers.get(SIGNATURE, "")
    if not signature:
        _refuse("unsigned", Forbidden.code)
    if not any(
        _signed(url, secret, algorithm, signature) for url in _urls() for secret, algorithm in _keys()
    ):
        _refuse("signature", Forbidden.code)
    account = request.form.get("AccountSid")
    if account is not None and account != line().settings.twilio_account_sid:
        _refuse("account", Forbidden.code)


def _signed(url: str, secret: str, algorithm: str, signature: str) -> bool:
    return bool(RequestValidator(secret).validate(url, request.form, signature, algorithm))


def _keys() -> Iterator[tuple[str, str]]:
    """The secrets a request may be signed with, each with the one algorithm that we allow it."""
    settings, stated = line().settings, request.headers.get(SIGNATURE_SETTINGS, "")
    if stated:
        parts = (part.strip().partition("=") for part in stated.split(","))
        key = next((value for name, _, value in parts if name == "key"), "")
        if key in settings.twilio_shared_keys:
            yield settings.twilio_shared_keys[key], HMAC_SHA256
        return
    # Twilio's rules choose by address which webhooks a shared key signs; the others are signed as ever.
    yield settings.twilio_auth_token, HMAC_SHA1
    if settings.twilio_auth_token_old:
        yield settings.twilio_auth_token_old, HMAC_SHA1


def _urls() -> Iterator[str]:
    settings, environ = line().settings, request.environ
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    url = settings.public_base_url + target
    yield url
    if settings.twilio_url_fragment:
        # Twilio's pages do not say whether what follows # is signed.
        yield f"{url}#{settings.twilio_url_fragment}"


def _refuse(reason: str, code: int) -> None:
    refusals: Refusals = current_app.extensions["refusals"]
    refusals.count(reason)
    abort(code)
