"""What Twilio keeps of a text and of a call, and how a simulated phone behaves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Event
from typing import Any
from uuid import uuid4


def now() -> datetime:
    """The time here, aware, in UTC."""
    return datetime.now(UTC)


def new_sid(prefix: str) -> str:
    """A SID such as Twilio's: two letters and 32 hexadecimal digits."""
    return prefix + uuid4().hex


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
    media: list[str] = field(default_factory=list)
    status_callback: str = ""
    messaging_service_sid: str | None = None
    error_code: int | None = None
    #: Of a text to the line: its webhook, or the fallback, has answered or failed.
    answered: bool = False
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    sent: datetime | None = None
    token: str = field(default_factory=lambda: str(uuid4()))

    @property
    def inbound(self) -> bool:
        """Whether a phone sent it to the line."""
        return self.direction == "inbound"


@dataclass
class Persona:
    """How a number behaves. Waits in seconds; `digits` a string for every Gather, or a list, one for each."""

    answers: bool = True
    busy: bool = False
    #: The network cannot reach the number at all.
    fails: bool = False
    digits: str | list[str] = "1"
    #: Somebody presses Answer, digits and Hang up on the phone page; `answers` and `digits` mean nothing.
    by_hand: bool = False
    rings_seconds: float = 0.1
    #: How long each sentence is listened to.
    listens_seconds: float = 0.0
    #: How long before this phone is put down once two are joined.
    talk_seconds: float = 0.1
    #: What becomes of a text: delivered, sent (a carrier that never confirms), undelivered or failed.
    text_status: str = "delivered"
    text_error_code: int | None = None


@dataclass
class Call:
    """One leg of a call. A leg made by Dial has a parent."""

    sid: str
    to: str
    from_: str
    direction: str
    url: str = ""
    twiml: str = ""
    parent_sid: str | None = None
    #: The number the phone that rings shows.
    caller_id: str = ""
    status: str = "queued"
    status_callback: str = ""
    status_events: tuple[str, ...] = ("completed",)
    timeout: float = 60.0
    recorded: bool = False
    bridged: bool = False
    said: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    events_sent: int = 0
    created: datetime = field(default_factory=now)
    started: datetime | None = None
    ended: datetime | None = None
    hung_up: Event = field(default_factory=Event)
    keys: SimpleQueue[str] = field(default_factory=SimpleQueue)
    children: list["Call"] = field(default_factory=list)

    def hang_up(self) -> None:
        """End the leg, and those it rang."""
        self.hung_up.set()
        self.keys.put("")
        for child in list(self.children):
            child.hang_up()

    @property
    def phone(self) -> str:
        """The number of the phone on this leg."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def seconds(self) -> int | None:
        """How long it was connected, or None when it never was."""
        if self.started is None or self.ended is None:
            return None
        return round((self.ended - self.started).total_seconds())

    def summary(self) -> dict[str, Any]:
        """The leg as the control API shows it."""
        shown = ("sid", "to", "direction", "caller_id", "status", "said", "pressed", "recorded", "bridged")
        return {name: getattr(self, name) for name in shown} | {
            "phone": self.phone,
            "from": self.from_,
            "errors": list(self.errors),
            "duration": self.seconds,
        }
