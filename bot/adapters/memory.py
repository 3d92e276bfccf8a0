"""Fakes with the real constraints, shipped because tests of everything above need them."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import DialogueUnavailable, RecipientOptedOut, Refused
from bot.ports import Reply, Sent

MAXIMUM_BODY = 1600


@dataclass
class MemoryMessenger:
    """Keeps what is sent. Refuses what Twilio refuses; can lose its answer after taking a text."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    sids: list[str] = field(default_factory=list)
    opted_out: set[str] = field(default_factory=set)
    raise_after_taking: Exception | None = None
    raise_before_taking: Exception | None = None

    def send(self, to: str, body: str, callback_id: str) -> Sent:
        if self.raise_before_taking:
            error, self.raise_before_taking = self.raise_before_taking, None
            raise error
        if to in self.opted_out:
            raise RecipientOptedOut
        if not body or len(body) > MAXIMUM_BODY:
            raise Refused(21617 if body else 21602)
        self.sent.append((to, body, callback_id))
        self.sids.append(f"SM{len(self.sent):032x}")
        if self.raise_after_taking:
            error, self.raise_after_taking = self.raise_after_taking, None
            raise error
        return Sent(self.sids[-1], "queued")

    def find(self, to: str, body: str, since: datetime) -> list[Sent]:
        return [
            Sent(sid, "sent")
            for sid, (number, words, _) in zip(self.sids, self.sent, strict=True)
            if number == to and words == body
        ]


@dataclass
class MemoryCaller:
    """Keeps the calls placed."""

    placed: list[tuple[str, str]] = field(default_factory=list)
    hung_up: list[str] = field(default_factory=list)

    def place(self, to: str, call_public_id: str) -> str:
        self.placed.append((to, call_public_id))
        return f"CA{len(self.placed):032x}"

    def find(self, to: str, since: datetime) -> list[str]:
        return [f"CA{number:032x}" for number, (called, _) in enumerate(self.placed, 1) if called == to]

    def hang_up(self, call_sid: str) -> None:
        self.hung_up.append(call_sid)


@dataclass
class MemoryDialogue:
    """Answers from a script; remembers what it was asked, as a tracker would. Can be away."""

    script: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    away: bool = False

    def ask(self, conversation: str, text: str, message_id: int) -> list[Reply]:
        if self.away:
            raise DialogueUnavailable
        self.asked.append((conversation, text, message_id))
        return self.script.get(text, [Reply("not_understood_first")])

    def already_said(self, conversation: str, message_id: int) -> list[Reply] | None:
        if self.away:
            raise DialogueUnavailable
        texts = [text for _, text, asked_id in self.asked if asked_id == message_id]
        return self.script.get(texts[-1], [Reply("not_understood_first")]) if texts else None

    def ready(self) -> bool:
        return not self.away


@dataclass
class MemoryWork:
    """Keeps what was started; an id started twice is kept once, as DBOS does."""

    started: dict[str, int] = field(default_factory=dict)

    def turn(self, session: Session, message_id: int, conversation_id: int, attempt: int = 0) -> None:
        self.started.setdefault(f"in-{message_id:012d}-{attempt:04d}", message_id)

    def deliver(self, session: Session, message_id: int, conversation_id: int, attempt: int = 0) -> None:
        self.started.setdefault(f"out-{message_id:012d}-{attempt:04d}", message_id)

    def check_in(self, session: Session, check_in_id: int, due_at: datetime, now: datetime) -> None:
        self.started.setdefault(f"ck-{check_in_id:012d}-{due_at.isoformat()}", check_in_id)

    def call(self, session: Session, call_id: int, attempt: int = 0) -> None:
        self.started.setdefault(f"call-{call_id:012d}-{attempt:04d}", call_id)

    def timer(self, session: Session, timer_id: int, step: int, due_at: datetime, now: datetime) -> None:
        self.started.setdefault(f"ua-{timer_id:012d}-{step:02d}-{due_at.isoformat()}", timer_id)

    def incident(
        self, session: Session, incident_id: int, step: int, due_at: datetime, now: datetime
    ) -> None:
        self.started.setdefault(f"inc-{incident_id:012d}-{step:02d}-{due_at.isoformat()}", incident_id)

    def named(self, prefix: str) -> list[int]:
        """Row ids of the work whose id begins so."""
        return [row for name, row in self.started.items() if name.startswith(prefix)]
