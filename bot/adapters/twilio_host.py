"""One HTTP client for Twilio: pinned to the configured host, with a timeout, and knowing Twilio's clock."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.config import TWILIO_API, Settings
from bot.errors import Refused
from bot.ports import Clock

#: Twilio's own client waits for ever unless told (its http_client default is None).
TIMEOUT_SECONDS = 10.0
#: A Date has whole seconds, and the answer was under way: less than this says nothing.
NOTICED = timedelta(seconds=5)


class PinnedHost(TwilioHttpClient):  # type: ignore[misc]
    """Sends to TWILIO_API_BASE only, so that a test can never reach the real Twilio by accident."""

    def __init__(self, api_base: str, clock: Clock) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._api_base, self._clock = api_base, clock
        self._ahead = timedelta()
        if self.session is not None and api_base != TWILIO_API:
            self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.hostname}" != TWILIO_API:
            raise Refused(None)
        response = super().request(method, self._api_base + url.removeprefix(TWILIO_API), *args, **kwargs)
        self._compare((response.headers or {}).get("Date", ""))
        return response

    def theirs(self, ours: datetime) -> datetime:
        """A time of our clock by Twilio's, as of its last answer: its list is dated by its own."""
        return ours - self._ahead if abs(self._ahead) > NOTICED else ours

    def _compare(self, date: str) -> None:
        try:
            self._ahead = self._clock() - parsedate_to_datetime(date)
        except (TypeError, ValueError):
            # No Date, or one without a zone: what was known before stands.
            return


def make_client(settings: Settings, clock: Clock) -> Client:
    """A Twilio client with a timeout, pinned to the configured host."""
    return Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        http_client=PinnedHost(settings.twilio_api_base, clock),
    )
