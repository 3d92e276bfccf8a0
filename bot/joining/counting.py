"""What a text costs and whether it can be sent, before it is sent."""

from dataclasses import dataclass

import smsutil

#: The most that Twilio takes for one text (error 21617).
LONGEST = 1600


@dataclass(frozen=True)
class Count:
    """How a text goes out."""

    letters: int
    segments: int
    #: In the alphabet of 160 letters a segment; else 70.
    gsm: bool
    #: What keeps it from that alphabet, each once.
    odd: str
    #: "empty" or "long"; None when it can be sent.
    problem: str | None


def count(text: str) -> Count:
    """Count a text as carriers do: one odd letter makes all of it cost double."""
    text = text.strip()
    split = smsutil.split(text)
    odd = "".join(dict.fromkeys(letter for letter in text if not smsutil.is_valid_gsm(letter)))
    problem = "empty" if not text else "long" if len(text) > LONGEST else None
    return Count(len(text), len(split.parts) if text else 0, not odd, odd, problem)
