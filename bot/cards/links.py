"""Where the card lies: an address nobody can guess, good for a day.

Twilio fetches media without signing in, so the address itself is the secret: signed by itsdangerous with a
key made from SECRET_KEY.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

from itsdangerous import BadSignature, URLSafeSerializer

from bot.cards.card import FILE_NAME

#: Twilio fetches within minutes, a phone may fetch again; the queue may hold a text for hours.
GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class CardLinks:
    """Makes and reads the addresses. `secret` is SECRET_KEY."""

    base_url: str
    secret: str = field(repr=False)

    def address(self, now: datetime) -> str:
        """A new address, good for a day."""
        until = int((now + GOOD_FOR).timestamp())
        return f"{self.base_url}/cards/{self._signer().dumps([until, token_urlsafe(8)])}/{FILE_NAME}"

    def holds(self, token: str, now: datetime) -> bool:
        """Whether the token of an address is ours and still good."""
        try:
            until, _ = self._signer().loads(token)
        except (BadSignature, ValueError, TypeError):
            return False
        return now <= datetime.fromtimestamp(until, UTC)

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt="warmline contact card")
