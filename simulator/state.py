"""Everything the simulated Twilio remembers, in memory, under one lock."""

from dataclasses import replace
from itertools import count
from threading import RLock
from typing import Any

from simulator.clock import Clock
from simulator.personas import Persona
from simulator.records import Text, new_sid
from simulator.text_index import TextIndex
from simulator.voice.call_record import Call

FINAL_TEXT = {"delivered", "undelivered", "failed", "canceled", "read"}
USUAL = Persona()
FINAL_CALL = {"completed", "busy", "failed", "no-answer", "canceled"}


class State:
    """Texts, calls, opt-outs and personas of one account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lock = RLock()
        self._ids = count(1)
        self.reset()

    def reset(self) -> None:
        """Forget everything; calls that go on are hung up. Ids go on counting."""
        with self.lock:
            for call in getattr(self, "calls", {}).values():
                call.hang_up()
            self.texts: dict[str, Text] = {}
            self.index = TextIndex()
            self.calls: dict[str, Call] = {}
            self.personas: dict[str, Persona] = {}
            #: (line's sender, recipient) pairs that texted STOP.
            self.opted_out: set[tuple[str, str]] = set()
            #: What Twilio's debugger would show: error code and the SID concerned.
            self.alerts: list[dict[str, Any]] = []
            #: Promises of the line that a call broke: recorded, a stranger's caller id, joined unscreened.
            self.violations: list[dict[str, Any]] = []

    def add_text(self, **fields: Any) -> Text:
        """Keep a text. Fields as in Text; `sid` is made up unless given."""
        with self.lock:
            now = self._clock.now()
            prefix = "MM" if fields.get("files") or fields.get("media") else "SM"
            made: dict[str, Any] = {"sid": new_sid(prefix), "created": now, "updated": now}
            text = Text(id=next(self._ids), **(made | fields))
            self.texts[text.sid] = text
            self.index.add(text)
            return text

    def change_text(self, text: Text, status: str, error_code: int | None = None) -> bool:
        """Move a text on; False when it is already final or deleted."""
        with self.lock:
            # A text that was delivered can still be read: https://www.twilio.com/docs/messaging
            read = (text.status, status) == ("delivered", "read")
            if (text.status in FINAL_TEXT and not read) or text.sid not in self.texts:
                return False
            text.status, text.updated = status, self._clock.now()
            text.error_code = error_code if error_code is not None else text.error_code
            if status == "sent" and text.sent is None:
                text.sent = text.updated
                self.index.sent(text)
            return True

    def delete_text(self, text: Text) -> None:
        """Twilio's record of the text goes; the phone that got it keeps it."""
        with self.lock:
            self.texts.pop(text.sid, None)

    def add_call(self, **fields: Any) -> Call:
        """Keep a leg of a call. Fields as in Call; the caller's number is shown unless told otherwise."""
        with self.lock:
            call = Call(sid=new_sid("CA"), created=self._clock.now(), **fields)
            call.caller_id = call.caller_id or call.from_
            self.calls[call.sid] = call
            return call

    def delete_call(self, call: Call) -> None:
        """Twilio's record of a leg goes."""
        with self.lock:
            self.calls.pop(call.sid, None)

    def persona(self, number: str) -> Persona:
        """How this number behaves: picks up and presses 1 unless told otherwise."""
        # One look into a dictionary needs no lock, and this is asked for every step of every text.
        return replace(self.personas.get(number, USUAL))

    def alert(self, code: int, sid: str, **details: Any) -> None:
        """Note what Twilio's debugger would show."""
        with self.lock:
            at = self._clock.now().isoformat()
            self.alerts.append({"error_code": code, "sid": sid, "at": at} | details)

    def violation(self, rule: str, sid: str) -> None:
        """Note that a call broke a promise of the line."""
        with self.lock:
            self.violations.append({"rule": rule, "sid": sid, "at": self._clock.now().isoformat()})
