"""The outside world as the line sees it. Each has a real adapter and a shipped fake in bot.adapters."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

#: Tells the time, aware and in UTC.
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Reply:
    """What to say: a key of the replies files, and what to fill in."""

    key: str
    fill: Mapping[str, Any] = field(default_factory=dict)
    #: What goes with the words: "card".
    attached: str | None = None


class DialogueModel(Protocol):
    """Decides what to say next."""

    def ask(self, conversation: str, text: str, message_id: int) -> list[Reply]:
        """The replies to a text. Raises DialogueUnavailable when it is away or slower than its limit."""

    def already_said(self, conversation: str, message_id: int) -> list[Reply] | None:
        """What was answered to this text earlier, or None if it never arrived. Raises DialogueUnavailable."""

    def ready(self) -> bool:
        """Whether it would answer now."""


@dataclass(frozen=True)
class Sent:
    """A text as the provider knows it."""

    message_sid: str
    status: str


@dataclass(frozen=True)
class Listed:
    """A text in the provider's list. `number` is the other party's, `at` when the provider sent or got it."""

    message_sid: str
    number: str
    body: str
    at: datetime
    status: str = ""
    error_code: str = ""
    num_media: int = 0


class Messenger(Protocol):
    """Sends texts, and knows which there have been."""

    def send(
        self, to: str, body: str, callback_id: str, valid_seconds: int, media_url: str | None = None
    ) -> Sent:
        """Hand a text over, to be dropped if it has not left in so many seconds (1 to 36,000).

        Raises TryAgain, OutcomeUnknown, RecipientOptedOut or Refused.
        """

    def find(self, to: str, body: str, since: datetime) -> list[Sent]:
        """Texts with this body that the provider took for this recipient since a time. Raises TryAgain."""

    def list_inbound(self, since: datetime, before: datetime) -> Iterator[Listed]:
        """Texts to the line within a time, page by page. Raises TryAgain, also half way."""

    def list_outbound(self, since: datetime, before: datetime) -> Iterator[Listed]:
        """Texts from the line within a time, page by page. Raises TryAgain, also half way."""


@dataclass(frozen=True)
class SeenCall:
    """A call as the provider knows it: its legs' statuses, and the seconds the first was connected."""

    status: str
    seconds: int | None = None
    #: Empty when no second phone was rung.
    second_status: str = ""


class Caller(Protocol):
    """Places calls."""

    def place(self, to: str, call_public_id: str, *, for_machine: bool = False) -> str:
        """Ring a number and return the call's SID. Raises TryAgain, OutcomeUnknown or Refused.

        `for_machine`: it is known who picked up before anything is said, and a voice box is heard out first.
        """

    def find(self, to: str, since: datetime) -> list[str]:
        """SIDs of calls placed to a number since a time. Raises TryAgain."""

    def look(self, call_sid: str) -> SeenCall:
        """What has become of a call. Raises TryAgain, or Refused when there is none."""

    def hang_up(self, call_sid: str) -> None:
        """End a call. Raises TryAgain or Refused."""


class Copies(Protocol):
    """Erases what the provider keeps of texts and calls. What it does not have is erased already."""

    def erase_text(self, message_sid: str) -> int:
        """Erase a text's words, its media and its record. Returns how many media there were.

        Raises NotFinal while it is under way, TryAgain or Refused.
        """

    def erase_call(self, call_sid: str) -> None:
        """Erase the record of a call and of the legs it rang. Raises NotFinal, TryAgain or Refused."""

    def texts_with(self, number: str, before: datetime) -> list[str]:
        """SIDs of all texts from and to a number until a time by our clock. Raises TryAgain."""

    def calls_with(self, number: str, before: datetime) -> list[str]:
        """SIDs of all calls from and to a number until a time by our clock. Raises TryAgain."""


class Durably(Protocol):
    """Starts durable work inside the caller's own transaction: it exists if and only if that commits."""

    def turn(self, session: Session, message_id: int, conversation_id: int, attempt: int = 0) -> None: ...

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
    ) -> None: ...

    def call(self, session: Session, call_id: int, attempt: int = 0) -> None: ...

    def timer(self, session: Session, timer_id: int, step: int, due_at: datetime, now: datetime) -> None: ...

    def incident(
        self, session: Session, incident_id: int, step: int, due_at: datetime, now: datetime
    ) -> None: ...

    def erasure(self, session: Session, erasure_id: int, attempt: int = 0) -> None: ...

    def forget(self, work: Mapping[str, list[int]]) -> bool:
        """Delete what is known of work for these rows, by table; outside of any transaction.

        False when some of it is still running, and must be tried again.
        """
