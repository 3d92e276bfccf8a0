"""What Twilio keeps of one leg of a call."""

from dataclasses import dataclass, field
from datetime import datetime
from queue import SimpleQueue
from threading import Event
from typing import Any


@dataclass
class Call:
    """One leg of a call. A leg made by Dial has a parent."""

    sid: str
    to: str
    from_: str
    direction: str
    created: datetime
    url: str = ""
    twiml: str = ""
    parent_sid: str | None = None
    #: The number the phone that rings shows.
    caller_id: str = ""
    status: str = "queued"
    status_callback: str = ""
    status_events: tuple[str, ...] = ("completed",)
    #: Answering machine detection: "", Enable or DetectMessageEnd; and where its result is posted.
    machine_detection: str = ""
    amd_status_callback: str = ""
    machine_detection_timeout: float = 30.0
    answered_by: str = ""
    timeout: float = 60.0
    recorded: bool = False
    bridged: bool = False
    said: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    events_sent: int = 0
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
            "answered_by": self.answered_by,
            "errors": list(self.errors),
            "duration": self.seconds,
        }
