"""The code of an incident: what an alert names and an answer repeats. It says nothing of the person."""

import re
import secrets

#: Without those that look or sound like others, so that K7QF is read off a lock screen and typed back.
LETTERS = "ACDEFGHJKMNPQRTWXY"
DIGITS = "34679"
#: So many random codes may be taken already before longer ones are tried.
TRIES_AT_A_LENGTH = 8
_CODE = re.compile(rf"[{LETTERS}][{DIGITS}][{LETTERS}]{{2,5}}")


def new_code(attempt: int = 0) -> str:
    """A random code: a letter, a digit, letters; longer after every eighth attempt that was taken."""
    letters = min(2 + attempt // TRIES_AT_A_LENGTH, 5)
    tail = "".join(secrets.choice(LETTERS) for _ in range(letters))
    return secrets.choice(LETTERS) + secrets.choice(DIGITS) + tail


def looks_like_a_code(text: str) -> bool:
    """Whether a text in capitals without spaces may be a code: no word is."""
    return bool(_CODE.fullmatch(text))
