"""Twilio's REST side: texts out and calls out. Its words are translated here and nowhere else."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.config import TWILIO_API, Settings
from bot.errors import OutcomeUnknown, RecipientOptedOut, Refused, TryAgain
from bot.ports import Sent

#: Twilio's own client waits for ever unless told (its http_client default is None).
TIMEOUT_SECONDS = 10.0
OPTED_OUT = 21610
TOO_MANY_REQUESTS = 429
#: A reply nobody needs after a while: Twilio drops what it could not send in these seconds.
VALIDITY_SECONDS = 14_400
RING_SECONDS = 30


class _PinnedHost(TwilioHttpClient):  # type: ignore[misc]
    """Sends to TWILIO_API_BASE only, so that a test can never reach the real Twilio by accident."""

    def __init__(self, api_base: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._api_base = api_base
        if self.session is not None and api_base != TWILIO_API:
            self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.hostname}" != TWILIO_API:
            raise Refused(None)
        return super().request(method, self._api_base + url.removeprefix(TWILIO_API), *args, **kwargs)


def make_client(settings: Settings) -> Client:
    """A Twilio client with a timeout, pinned to the configured host."""
    return Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        http_client=_PinnedHost(settings.twilio_api_base),
    )


def _translated(error: Exception) -> Exception:
    if isinstance(error, TwilioRestException):
        if error.code == OPTED_OUT:
            return RecipientOptedOut()
        if error.status == TOO_MANY_REQUESTS:
            return TryAgain()
        if error.status >= 500:
            return OutcomeUnknown()
        return Refused(error.code)
    if isinstance(error, requests.ConnectTimeout):
        return TryAgain()
    # Anything else on the wire, and an answer without a SID: Twilio may have taken it.
    return OutcomeUnknown()


class TwilioMessenger:
    """Sends texts through Twilio."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client, self._from = client, settings.twilio_from
        self._callback = f"{settings.public_base_url}/twilio/status/"

    def send(self, to: str, body: str, callback_id: str) -> Sent:
        """Hand a text to Twilio. Raises TryAgain, OutcomeUnknown, RecipientOptedOut or Refused."""
        try:
            message = self._client.messages.create(
                to=to,
                from_=self._from,
                body=body,
                status_callback=self._callback + callback_id,
                validity_period=VALIDITY_SECONDS,
            )
        except (TwilioException, requests.RequestException) as error:
            raise _translated(error) from None
        if not message.sid:
            raise OutcomeUnknown
        return Sent(message.sid, str(message.status or "queued"))

    def find(self, to: str, body: str, since: datetime) -> list[Sent]:
        """Texts Twilio took for this recipient since a time, oldest first. Raises TryAgain."""
        try:
            listed = self._client.messages.list(to=to, from_=self._from, date_sent_after=since, limit=200)
        except (TwilioException, requests.RequestException):
            raise TryAgain from None
        return [Sent(str(m.sid), str(m.status)) for m in reversed(listed) if m.body == body]


class TwilioCaller:
    """Places calls through Twilio."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client, self._from = client, settings.twilio_from
        self._voice = f"{settings.public_base_url}/twilio/voice"

    def place(self, to: str, call_public_id: str) -> str:
        """Ring the person; what they hear is at /twilio/voice. Raises TryAgain, OutcomeUnknown or Refused."""
        try:
            call = self._client.calls.create(
                to=to,
                from_=self._from,
                url=f"{self._voice}?call={call_public_id}",
                status_callback=f"{self._voice}/status?call={call_public_id}",
                status_callback_event=["completed"],
                timeout=RING_SECONDS,
                record=False,
            )
        except (TwilioException, requests.RequestException) as error:
            raise _translated(error) from None
        if not call.sid:
            raise OutcomeUnknown
        return str(call.sid)

    def find(self, to: str, since: datetime) -> list[str]:
        """SIDs of calls placed to a number since a time, oldest first. Raises TryAgain."""
        try:
            listed = self._client.calls.list(to=to, from_=self._from, start_time_after=since, limit=50)
        except (TwilioException, requests.RequestException):
            raise TryAgain from None
        return [str(call.sid) for call in reversed(listed)]

    def hang_up(self, call_sid: str) -> None:
        """End a call that is ringing or going on. Raises TryAgain or Refused."""
        try:
            self._client.calls(call_sid).update(status="completed")
        except (TwilioException, requests.RequestException) as error:
            raise _translated(error) from None
