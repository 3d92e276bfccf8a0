"""Fakes with the real constraints, shipped because tests of everything above need them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy.orm import Session

from bot.errors import DialogueUnavailable, RecipientOptedOut, Refused, TryAgain
from bot.ports import Clock, Listed, Reply, SeenCall, Sent

MAXIMUM_BODY = 1600
LONGEST_VALIDITY = 36_000


@dataclass
class MemoryMessenger:
    """Keeps what is sent. Refuses what Twilio refuses; can lose its answer after taking a text.

    With a clock its lists are dated, and lag behind by `list_lag`. `away` fails every request.
    """

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    sids: list[str] = field(default_factory=list)
    opted_out: set[str] = field(default_factory=set)
    raise_after_taking: Exception | None = None
    raise_before_taking: Exception | None = None
    clock: Clock | None = None
    list_lag: timedelta = timedelta()
    away: Exception | None = None
    #: Error codes by number, as Twilio refuses them.
    refused: dict[str, int] = field(default_factory=dict)
    valid_seconds: list[int] = field(default_factory=list)
    media_urls: list[str | None] = field(default_factory=list)
    taken_at: list[datetime | None] = field(default_factory=list)
    statuses: dict[str, tuple[str, str]] = field(default_factory=dict)
    inbound: list[Listed] = field(default_factory=list)
    lists_read: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    #: The page after which a list breaks off, once.
    breaks_after: int | None = None
    #: Several threads send at once.
    _taking: Lock = field(default_factory=Lock)

    def send(
        self, to: str, body: str, callback_id: str, valid_seconds: int, media_url: str | None = None
    ) -> Sent:
        if self.away:
            raise self.away
        if self.raise_before_taking:
            error, self.raise_before_taking = self.raise_before_taking, None
            raise error
        if to in self.opted_out:
            raise RecipientOptedOut
        if to in self.refused:
            raise Refused(self.refused[to])
        if not (body or media_url) or len(body) > MAXIMUM_BODY:
            raise Refused(21617 if body else 21602)
        if not 1 <= valid_seconds <= LONGEST_VALIDITY:
            raise Refused(21624)
        with self._taking:
            self.sent.append((to, body, callback_id))
            sid = f"SM{len(self.sent):032x}"
            self.sids.append(sid)
            self.valid_seconds.append(valid_seconds)
            self.media_urls.append(media_url)
            self.taken_at.append(self.clock() if self.clock else None)
        if self.raise_after_taking:
            error, self.raise_after_taking = self.raise_after_taking, None
            raise error
        return Sent(sid, "queued")

    def find(self, to: str, body: str, since: datetime) -> list[Sent]:
        if self.away:
            raise TryAgain
        return [
            Sent(sid, "sent")
            for sid, (number, words, _), at in zip(self.sids, self.sent, self.taken_at, strict=True)
            if number == to and words == body and self._listed(at, since)
        ]

    def list_inbound(self, since: datetime, before: datetime) -> Iterator[Listed]:
        return self._pages("in", since, before, self.inbound)

    def list_outbound(self, since: datetime, before: datetime) -> Iterator[Listed]:
        now = self.clock() if self.clock else before
        listed = [
            Listed(sid, number, words, at or now, *self.statuses.get(sid, ("sent", "")))
            for sid, (number, words, _), at in zip(self.sids, self.sent, self.taken_at, strict=True)
        ]
        return self._pages("out", since, before, listed)

    def _listed(self, at: datetime | None, since: datetime) -> bool:
        if at is None or self.clock is None:
            return True
        return since <= at <= self.clock() - self.list_lag

    def _pages(
        self, direction: str, since: datetime, before: datetime, listed: list[Listed]
    ) -> Iterator[Listed]:
        if self.away:
            raise TryAgain
        self.lists_read.append((direction, since, before))
        # As Twilio gives them: the newest first.
        within = [
            one for one in reversed(listed) if since <= one.at <= before and self._listed(one.at, since)
        ]
        for number, one in enumerate(within):
            if self.breaks_after is not None and number >= self.breaks_after:
                self.breaks_after = None
                raise TryAgain
            yield one


@dataclass
class MemoryCaller:
    """Keeps the calls placed."""

    placed: list[tuple[str, str]] = field(default_factory=list)
    hung_up: list[str] = field(default_factory=list)
    #: Numbers rung for their voice boxes.
    for_machines: list[str] = field(default_factory=list)
    #: What became of calls, by SID; one that is not in it goes on.
    seen: dict[str, SeenCall] = field(default_factory=dict)
    raise_after_placing: Exception | None = None
    refuses: int | None = None
    away: bool = False

    def place(self, to: str, call_public_id: str, *, for_machine: bool = False) -> str:
        if self.away:
            raise TryAgain
        if self.refuses:
            raise Refused(self.refuses)
        self.placed.append((to, call_public_id))
        if for_machine:
            self.for_machines.append(to)
        if self.raise_after_placing:
            error, self.raise_after_placing = self.raise_after_placing, None
            raise error
        return f"CA{len(self.placed):032x}"

    def find(self, to: str, since: datetime) -> list[str]:
        return [f"CA{number:032x}" for number, (called, _) in enumerate(self.placed, 1) if called == to]

    def look(self, call_sid: str) -> SeenCall:
        if self.away:
            raise TryAgain
        if not 1 <= int(call_sid[2:], 16) <= len(self.placed):
            raise Refused(20404)
        return self.seen.get(call_sid, SeenCall("in-progress"))

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
    #: When a text is to be looked at, of those started for a time; and those with workers of their own.
    due: dict[str, datetime | None] = field(default_factory=dict)
    urgent: set[str] = field(default_factory=set)

    def turn(self, session: Session, message_id: int, conversation_id: int, attempt: int = 0) -> None:
        self.started.setdefault(f"in-{message_id:012d}-{attempt:04d}", message_id)

    def deliver(
        self,
        session: Session,
        message_id: int,
        conversation_id: int,
        attempt: int = 0,
        *,
        urgent: bool = False,
        due_at: datetime | None = None,
        now: datetime | None = None,
    ) -> None:
        name = f"out-{message_id:012d}-{attempt:04d}"
        self.started.setdefault(name, message_id)
        self.due.setdefault(name, due_at)
        if urgent:
            self.urgent.add(name)

    def call(self, session: Session, call_id: int, attempt: int = 0) -> None:
        self.started.setdefault(f"call-{call_id:012d}-{attempt:04d}", call_id)

    def timer(self, session: Session, timer_id: int, step: int, due_at: datetime, now: datetime) -> None:
        self.started.setdefault(f"ua-{timer_id:012d}-{step:02d}-{due_at.isoformat()}", timer_id)

    def incident(
        self, session: Session, incident_id: int, step: int, due_at: datetime, now: datetime
    ) -> None:
        self.started.setdefault(f"inc-{incident_id:012d}-{step:02d}-{due_at.isoformat()}", incident_id)

    def erasure(self, session: Session, erasure_id: int, attempt: int = 0) -> None:
        self.started.setdefault(f"erase-{erasure_id:012d}-{attempt:04d}", erasure_id)

    def forget(self, work: Mapping[str, list[int]]) -> bool:
        prefixes = {"message": ("in", "out"), "call": ("call",), "using_alone_timer": ("ua",)}
        gone = [
            f"{prefix}-{row:012d}"
            for table, rows in work.items()
            for prefix in prefixes.get(table, ("inc",))
            for row in rows
        ]
        for name in [name for name in self.started if name.startswith(tuple(gone))]:
            del self.started[name]
        return True

    def named(self, prefix: str) -> list[int]:
        """Row ids of the work whose id begins so."""
        return [row for name, row in self.started.items() if name.startswith(prefix)]
