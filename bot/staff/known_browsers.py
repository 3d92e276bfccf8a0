"""Browsers that an account's owner has signed in with: told by a signed cookie, good for half a year."""

from secrets import token_urlsafe

from itsdangerous import BadSignature, URLSafeTimedSerializer

GOOD_FOR_SECONDS = 180 * 24 * 3600


class KnownBrowsers:
    """Makes and reads the cookie. `secret` is SECRET_KEY."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="warmline known browser")

    def introduce(self, account_id: int) -> str:
        """A cookie for a browser that has just signed in."""
        return self._signer.dumps([account_id, token_urlsafe(9)])

    def read(self, cookie: str | None) -> tuple[int, str] | None:
        """The account and the nonce of a cookie of ours."""
        try:
            account_id, nonce = self._signer.loads(cookie or "", max_age=GOOD_FOR_SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        return (account_id, nonce) if isinstance(account_id, int) and isinstance(nonce, str) else None
