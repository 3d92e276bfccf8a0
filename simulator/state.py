"""Everything the simulated Twilio remembers, in memory, under one lock."""

from collections import defaultdict
from dataclasses import replace
from itertools import count
from threading import RLock
from typing import Any

from simulator.config import Config
from simulator.records import Call, Persona, Text, new_sid, now

FINAL_TEXT = {"delivered", "undelivered", "failed", "canceled", "read"}
FINAL_CALL = {"completed", "busy", "failed", "no-answer", "canceled"}


class State:
    """Texts, calls, opt-outs and personas of one account."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.lock = RLock()
        self._ids = count(1)
        self.reset()

    def reset(self) -> None:
        """Forget everything; calls that go on are hung up. Ids go on counting."""
        with self.lock:
            for call in getattr(self, "calls", {}).values():
                call.hang_up()
            self.texts: dict[str, Text] = {}
            self.by_phone: dict[str, list[Text]] = defaultdict(list)
            self.calls: dict[str, Call] = {}
            self.personas: dict[str, Persona] = {}
            #: (line's sender, recipient) pairs that texted STOP.
            self.opted_out: set[tuple[str, str]] = set()
            #: What Twilio's debugger would show: error code and the SID concerned.
            self.alerts: list[dict[str, Any]] = []

    def add_text(self, **fields: Any) -> Text:
        """Keep a text. Fields as in Text; `sid` is made up unless given."""
        with self.lock:
            text = Text(id=next(self._ids), **({"sid": new_sid("SM")} | fields))
            self.texts[text.sid] = text
            self.by_phone[text.from_ if text.inbound else text.to].append(text)
            return text

    def change_text(self, text: Text, status: str, error_code: int | None = None) -> bool:
        """Move a text on; False when it is already final or deleted."""
        with self.lock:
            if text.status in FINAL_TEXT or text.sid not in self.texts:
                return False
            text.status, text.updated = status, now()
            text.error_code = error_code if error_code is not None else text.error_code
            if status == "sent" and text.sent is None:
                text.sent = text.updated
            return True

    def delete_text(self, text: Text) -> None:
        """Twilio's record of the text goes; the phone that got it keeps it."""
        with self.lock:
            self.texts.pop(text.sid, None)

    def add_call(self, **fields: Any) -> Call:
        """Keep a leg of a call. Fields as in Call; the caller's number is shown unless told otherwise."""
        with self.lock:
            call = Call(sid=new_sid("CA"), **fields)
            call.caller_id = call.caller_id or call.from_
            self.calls[call.sid] = call
            return call

    def persona(self, number: str) -> Persona:
        """How this number behaves: picks up and presses 1 unless told otherwise."""
        with self.lock:
            return replace(self.personas.get(number, Persona()))

    def alert(self, code: int, sid: str) -> None:
        """Note what Twilio's debugger would show."""
        with self.lock:
            self.alerts.append({"error_code": code, "sid": sid, "at": now().isoformat()})
