"""Twilio's REST side: texts out and calls out. Its words are translated here and nowhere else."""

import logging
from collections.abc import Iterator
from datetime import datetime

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from bot.adapters.twilio_host import PinnedHost
from bot.config import Settings
from bot.delivery.words import same_words
from bot.errors import OutcomeUnknown, RecipientOptedOut, Refused, TryAgain
from bot.ports import Listed, SeenCall, Sent

logger = logging.getLogger(__name__)

OPTED_OUT = 21610
TOO_MANY_REQUESTS = 429
#: What a status means when it comes without one of Twilio's codes.
BY_STATUS = {401: 20003, 403: 20403, 404: 20404, 429: 20429}
#: The library lets requests' errors through, and fails on answers that are not the JSON it expects.
FAILURES = (TwilioException, requests.RequestException, ValueError, TypeError, AttributeError)
FOUND_AT_MOST = 200
PAGE_SIZE = 200
RING_SECONDS = 30
#: A call's Direction: https://www.twilio.com/docs/voice/api/call-resource#call-properties
PLACED_BY_US = "outbound-api"
#: Voice boxes pick up after half a minute, and some greet for as long.
FOR_A_MACHINE = {"timeout": 45, "machine_detection": "DetectMessageEnd", "machine_detection_timeout": 50}
#: A call home and the prompts before it (bot/calls/limits.py).
LONGEST_CALL_SECONDS = 35 * 60


def translated(error: Exception) -> Exception:
    """What a failed request means: refused, not taken, or perhaps taken."""
    if isinstance(error, TwilioRestException | TwilioServiceException):
        # Without Twilio's JSON the library puts the status in the code's place: then some proxy spoke.
        code = error.code if error.code != error.status else BY_STATUS.get(error.status)
        if code == OPTED_OUT:
            return RecipientOptedOut()
        if error.status == TOO_MANY_REQUESTS:
            return TryAgain(code)
        if error.status >= 500:
            return OutcomeUnknown()
        return Refused(code) if error.status >= 400 else TryAgain()
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError) or _never_connected(error):
        return TryAgain()
    # Anything else on the wire, and an answer that cannot be read: Twilio may have taken it.
    return OutcomeUnknown()


def theirs(client: Client, at: datetime) -> datetime:
    """A time of our clock by Twilio's."""
    host: PinnedHost = client.http_client
    return host.theirs(at)


def _never_connected(error: Exception) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectionError) and isinstance(reason, NewConnectionError)


class TwilioMessenger:
    """Sends texts through Twilio, and reads its list of them."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client, self._from = client, settings.twilio_from
        self._callback = f"{settings.public_base_url}/twilio/status/"

    def send(
        self, to: str, body: str, callback_id: str, valid_seconds: int, media_url: str | None = None
    ) -> Sent:
        """Hand a text to Twilio. Raises TryAgain, OutcomeUnknown, RecipientOptedOut or Refused."""
        media = {"media_url": [media_url]} if media_url else {}
        try:
            message = self._client.messages.create(
                to=to,
                from_=self._from,
                body=body,
                status_callback=self._callback + callback_id,
                validity_period=valid_seconds,
                **media,
            )
        except FAILURES as error:
            raise translated(error) from None
        if not message.sid:
            logger.error("Twilio took a text and gave no SID; it is looked up")
            raise OutcomeUnknown
        return Sent(message.sid, str(message.status or "queued"))

    def find(self, to: str, body: str, since: datetime) -> list[Sent]:
        """Texts Twilio took for this recipient since a time by our clock, oldest first. Raises TryAgain.

        Not filtered by date sent: one that still waits in Twilio's queue has none.
        """
        try:
            listed = self._client.messages.list(to=to, from_=self._from, limit=FOUND_AT_MOST)
            since = theirs(self._client, since)
            return [
                Sent(str(m.sid), str(m.status))
                for m in reversed(listed)
                if same_words(m.body or "", body) and (m.date_created is None or m.date_created >= since)
            ]
        except FAILURES:
            raise TryAgain from None

    def list_inbound(self, since: datetime, before: datetime) -> Iterator[Listed]:
        """Texts to the line within a time, newest first, page by page. Raises TryAgain, also half way."""
        return self._listed(since, before, to=self._from)

    def list_outbound(self, since: datetime, before: datetime) -> Iterator[Listed]:
        """Texts from the line within a time, newest first, page by page. Raises TryAgain, also half way."""
        return self._listed(since, before, from_=self._from)

    def _listed(self, since: datetime, before: datetime, **party: str) -> Iterator[Listed]:
        inbound = "to" in party
        since, before = theirs(self._client, since), theirs(self._client, before)
        try:
            for m in self._client.messages.stream(
                date_sent_after=since, date_sent_before=before, page_size=PAGE_SIZE, **party
            ):
                if (m.direction == "inbound") != inbound:
                    continue
                yield Listed(
                    message_sid=str(m.sid),
                    number=str(m.from_ if inbound else m.to),
                    body=m.body or "",
                    at=m.date_sent or m.date_created or since,
                    status=str(m.status or ""),
                    error_code=str(m.error_code or ""),
                    num_media=int(m.num_media or 0),
                )
        except FAILURES:
            raise TryAgain from None


class TwilioCaller:
    """Places calls through Twilio."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client, self._from = client, settings.twilio_from
        self._voice = f"{settings.public_base_url}/twilio/voice"

    def place(self, to: str, call_public_id: str, *, for_machine: bool = False) -> str:
        """Ring a phone; what it hears is at /twilio/voice. Raises TryAgain, OutcomeUnknown or Refused.

        `for_machine`: Twilio asks there only once it knows who picked up, and of a voice box after its beep.
        https://www.twilio.com/docs/voice/answering-machine-detection
        """
        detection = FOR_A_MACHINE if for_machine else {"timeout": RING_SECONDS}
        try:
            call = self._client.calls.create(
                to=to,
                from_=self._from,
                url=f"{self._voice}?call={call_public_id}",
                status_callback=f"{self._voice}/status?call={call_public_id}",
                status_callback_event=["completed"],
                time_limit=LONGEST_CALL_SECONDS,
                record=False,
                **detection,
            )
        except FAILURES as error:
            raise translated(error) from None
        if not call.sid:
            raise OutcomeUnknown
        return str(call.sid)

    def find(self, to: str, since: datetime) -> list[str]:
        """SIDs of calls placed to a number since a time, oldest first. Raises TryAgain.

        Not filtered by start: one that still waits in Twilio's queue has none. Nor is the leg that another
        person's call rang at this number one of them.
        """
        try:
            listed = self._client.calls.list(to=to, from_=self._from, limit=FOUND_AT_MOST)
            since = theirs(self._client, since)
            return [
                str(call.sid)
                for call in reversed(listed)
                if call.direction == PLACED_BY_US
                and (call.date_created is None or call.date_created >= since)
            ]
        except FAILURES:
            raise TryAgain from None

    def look(self, call_sid: str) -> SeenCall:
        """A call and the leg it rang. Raises TryAgain, or Refused when Twilio knows of none."""
        try:
            first = self._client.calls(call_sid).fetch()
            second = self._client.calls.list(parent_call_sid=call_sid, limit=1)
        except FAILURES as error:
            raise translated(error) from None
        return SeenCall(
            status=str(first.status),
            seconds=int(first.duration) if first.duration else None,
            second_status=str(second[0].status) if second else "",
        )

    def hang_up(self, call_sid: str) -> None:
        """End a call that is ringing or going on. Raises TryAgain or Refused."""
        try:
            self._client.calls(call_sid).update(status="completed")
        except FAILURES as error:
            raise translated(error) from None
