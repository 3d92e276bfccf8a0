"""Passwords: Argon2id (RFC 9106), and which are good enough (NIST SP 800-63B: length, no riddles)."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from bot.errors import PasswordRefused, SignInBusy

SHORTEST, LONGEST = 12, 256
#: zxcvbn's "safely unguessable": more than 10^8 guesses. It looks at no more letters than it can do quickly.
SCORE, LOOKED_AT = 3, 72
#: Each takes 64 MiB for a moment, in the process that also answers texts.
AT_ONCE, PATIENCE_SECONDS = 2, 3.0


class Passwords:
    """Hashes and checks passwords. A test gives a `hasher` that costs less."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = BoundedSemaphore(AT_ONCE)
        # Whoever asks for a name that nobody has waits as long as for one that somebody has.
        self._nobody = self._hasher.hash("nobody's password")

    def hash(self, password: str) -> str:
        """What is stored. Raises SignInBusy."""
        with self._turn():
            return self._hasher.hash(password)

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether it is the password; takes its time when none is stored. Raises SignInBusy."""
        with self._turn():
            try:
                return self._hasher.verify(stored or self._nobody, password[:LONGEST]) and stored is not None
            except (VerificationError, InvalidHashError):
                return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE_SECONDS):
            raise SignInBusy
        try:
            yield
        finally:
            self._turns.release()


def judge(password: str, *known: str) -> None:
    """Let a password pass that is long enough and not soon guessed by whoever knows some words.

    Raises PasswordRefused.
    """
    if len(password) < SHORTEST:
        raise PasswordRefused("short")
    if len(password) > LONGEST:
        raise PasswordRefused("long")
    if zxcvbn(password[:LOOKED_AT], user_inputs=["warmline", *known])["score"] < SCORE:
        raise PasswordRefused("guessed")
