"""What Twilio keeps of texts and calls, erased there: words and media first, then the records.

https://www.twilio.com/docs/messaging/api/message-resource (redact with an empty Body; delete),
https://www.twilio.com/docs/voice/api/call-resource#delete-a-call-resource. Nothing is recorded, so there are
no recordings. Twilio refuses both of what is still under way (20009).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from twilio.rest import Client

from bot.adapters.twilio import FAILURES, PAGE_SIZE, theirs, translated
from bot.config import Settings
from bot.errors import NotFinal, Refused, TryAgain

NOT_FINAL, NOT_FOUND = 20009, 20404
Answer = TypeVar("Answer")


class TwilioCopies:
    """Erases at Twilio. What it does not have any more counts as erased."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client, self._from = client, settings.twilio_from

    def erase_text(self, message_sid: str) -> int:
        """Redact a text, delete its media, delete its record. Raises NotFinal, TryAgain or Refused."""
        text = self._client.messages(message_sid)
        # Words go first: should the rest fail, they are gone.
        redacted = _unless_gone(lambda: text.update(body=""))
        if redacted is None:
            return 0
        media = _unless_gone(lambda: text.media.list()) or [] if int(redacted.num_media or 0) else []
        for one in media:
            _unless_gone(text.media(one.sid).delete)
        _unless_gone(text.delete)
        return len(media)

    def erase_call(self, call_sid: str) -> None:
        """Delete a call's record, after those of the legs it rang. Raises NotFinal, TryAgain or Refused."""
        for leg in _unless_gone(lambda: self._client.calls.list(parent_call_sid=call_sid)) or []:
            _unless_gone(self._client.calls(leg.sid).delete)
        _unless_gone(self._client.calls(call_sid).delete)

    def texts_with(self, number: str, before: datetime) -> list[str]:
        """SIDs of all texts from and to a number until a time by our clock. Raises TryAgain."""
        texts = self._client.messages
        return self._until(before, lambda: texts.stream(from_=number, to=self._from, page_size=PAGE_SIZE)) + (
            self._until(before, lambda: texts.stream(from_=self._from, to=number, page_size=PAGE_SIZE))
        )

    def calls_with(self, number: str, before: datetime) -> list[str]:
        """SIDs of all calls between the line and a number until a time by our clock. Raises TryAgain."""
        calls = self._client.calls
        return self._until(
            before, lambda: calls.stream(from_=number, to=self._from, page_size=PAGE_SIZE)
        ) + self._until(before, lambda: calls.stream(from_=self._from, to=number, page_size=PAGE_SIZE))

    def _until(self, before: datetime, listed: Callable[[], Iterable[Any]]) -> list[str]:
        try:
            until = theirs(self._client, before)
            return [str(one.sid) for one in listed() if one.date_created is None or one.date_created <= until]
        except FAILURES:
            raise TryAgain from None


def _unless_gone(request: Callable[[], Answer]) -> Answer | None:
    """What Twilio answers; None when it has no such thing. Raises NotFinal, TryAgain or Refused."""
    try:
        return request()
    except FAILURES as error:
        meaning = translated(error)
        if isinstance(meaning, Refused) and meaning.code == NOT_FOUND:
            return None
        if isinstance(meaning, Refused) and meaning.code == NOT_FINAL:
            raise NotFinal from None
        raise meaning from None
