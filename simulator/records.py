"""What Twilio keeps of a text and of its media."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4


def new_sid(prefix: str) -> str:
    """A SID such as Twilio's: two letters and 32 hexadecimal digits."""
    return prefix + uuid4().hex


@dataclass
class Media:
    """A picture or a card that goes with a text. `url` is where it came from when it is not kept here."""

    sid: str
    content_type: str
    created: datetime
    content: bytes = b""
    url: str = ""


@dataclass
class Text:
    """One text. `direction` is Twilio's: inbound, outbound-api or outbound-reply; `via` says who wrote it."""

    id: int
    sid: str
    from_: str
    to: str
    body: str
    direction: str
    status: str
    via: str
    created: datetime
    updated: datetime
    #: Addresses of its media, as the webhook and the phone have them.
    media: list[str] = field(default_factory=list)
    files: list[Media] = field(default_factory=list)
    status_callback: str = ""
    messaging_service_sid: str | None = None
    error_code: int | None = None
    #: Seconds it may wait in Twilio's queue.
    validity: float = 36_000.0
    #: Of a text to the line: its webhook, or the fallback, has answered or failed.
    answered: bool = False
    #: Twilio has forgotten its words; the phone that got it has not.
    redacted: bool = False
    sent: datetime | None = None
    token: str = field(default_factory=lambda: str(uuid4()))

    @property
    def inbound(self) -> bool:
        """Whether a phone sent it to the line."""
        return self.direction == "inbound"

    @property
    def phone(self) -> str:
        """The number of the phone, whichever way the text goes."""
        return self.from_ if self.inbound else self.to

    @property
    def dated(self) -> datetime:
        """The time that lists filter by."""
        return self.sent or self.created
