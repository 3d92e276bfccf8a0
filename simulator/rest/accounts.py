"""Who may use the REST API: HTTP basic authentication with the account's SID and token."""

from hmac import compare_digest

from flask import Response, current_app, request

from simulator.errors import TwilioError
from simulator.exchange import exchange


def require_account() -> None:
    """Raise TwilioError 20003 unless the caller is the account of the path."""
    config = exchange().config
    given = request.authorization
    known = (
        given is not None
        and compare_digest((given.username or "").encode(), config.account_sid.encode())
        and compare_digest((given.password or "").encode(), config.auth_token.encode())
        and (request.view_args or {}).get("account_sid") == config.account_sid
    )
    if not known:
        raise TwilioError(20003)


def refused(error: TwilioError) -> tuple[Response, int]:
    """Answer a refusal in Twilio's form."""
    current_app.logger.info("refused with %s", error.code)
    return error.response()
