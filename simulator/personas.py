"""How a simulated phone behaves when it rings and when it is texted."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

NAMED: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("personas.yml").read_text("utf-8"))
#: AnsweredBy: https://www.twilio.com/docs/voice/answering-machine-detection
GREETING_ENDS = {"beep", "silence", "other"}
TEXT_STATUSES = {"delivered", "read", "sent", "undelivered", "failed", "never"}


@dataclass
class Persona:
    """How a number behaves. Waits in seconds; `digits` a string for every Gather, or a list, one for each."""

    answers: bool = True
    busy: bool = False
    #: The network cannot reach the number at all.
    fails: bool = False
    digits: str | list[str] = "1"
    #: What is said at a Gather that listens to speech, where no key is pressed: as `digits`.
    says: str | list[str] = ""
    #: Puts the phone down at the first thing it hears.
    hangs_up: bool = False
    #: What answering machine detection says, where it was asked for: human, machine_start, fax, unknown.
    answered_by: str = "human"
    #: How long a voice box greets, and how that ends: beep, silence or other (machine_end_beep and so on).
    greeting_seconds: float = 0.0
    greeting_ends: str = "beep"
    #: Somebody presses Answer, digits and Hang up on the phone page; `answers` and `digits` mean nothing.
    by_hand: bool = False
    rings_seconds: float = 0.1
    #: How long each sentence is listened to.
    listens_seconds: float = 0.0
    #: How long before this phone is put down once two are joined.
    talk_seconds: float = 0.1
    #: What becomes of a text: delivered, read, sent (a carrier that never confirms), undelivered, failed, or
    #: never (it stays queued until its validity is over).
    text_status: str = "delivered"
    text_error_code: int | None = None
    #: Cannot get texts at all: sends to it are refused.
    landline: bool = False


def persona_of(asked: dict[str, Any]) -> Persona:
    """The persona of {"name": ...} with what else is given. Raises ValueError or TypeError."""
    given = dict(asked)
    name = given.pop("name", None)
    if name is not None and name not in NAMED:
        raise ValueError(f"personas are {', '.join(NAMED)}")
    persona = Persona(**(NAMED.get(name or "", {}) | given))
    if persona.text_status not in TEXT_STATUSES:
        raise ValueError(f"text_status is one of {', '.join(sorted(TEXT_STATUSES))}")
    if persona.greeting_ends not in GREETING_ENDS:
        raise ValueError(f"greeting_ends is one of {', '.join(sorted(GREETING_ENDS))}")
    return persona
