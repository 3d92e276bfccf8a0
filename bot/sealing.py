"""Numbers and words at rest: sealed with rotating keys, found again by a keyed index."""

import hashlib
import hmac
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.types import TypeDecorator

from bot.errors import SealBroken


class FieldCipher:
    """Seals with the newest key, opens with any (MultiFernet: AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, keys: tuple[str, ...], index_secret: str) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._index_secret = index_secret.encode()
        self._index_key = self._key_for("number index")

    def seal(self, text: str) -> bytes:
        """The sealed bytes of a text; different each time."""
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass"))

    def open(self, sealed: bytes) -> str:
        """The text again. Raises SealBroken when no key fits."""
        try:
            return self._fernet.decrypt(sealed).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise SealBroken from None

    def index(self, text: str) -> str:
        """A keyed digest, the same each time, to look a number up without storing it readable."""
        return hmac.new(self._index_key, text.encode(), hashlib.sha256).hexdigest()

    def digest(self, purpose: str, text: str) -> str:
        """A keyed digest for one purpose. Nobody makes it without SECRET_KEY."""
        return hmac.new(
            self._key_for(purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256
        ).hexdigest()

    def _key_for(self, purpose: str) -> bytes:
        return hashlib.sha256(b"warmline " + purpose.encode() + b"\0" + self._index_secret).digest()


def key_name(key: str) -> str:
    """A name for a key that tells nothing of it."""
    return hashlib.sha256(b"warmline key name\0" + key.encode()).hexdigest()[:16]


class Sealed(TypeDecorator[str]):
    """A text column stored sealed. The cipher belongs to the engine (see `seal_with`), not to a global."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else cipher_of(dialect).seal(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else cipher_of(dialect).open(bytes(value))


def seal_with(engine: Engine, cipher: FieldCipher) -> None:
    """Give an engine the cipher its Sealed columns use."""
    engine.dialect.warmline_cipher = cipher  # type: ignore[attr-defined]


def cipher_of(dialect: Dialect) -> FieldCipher:
    """The cipher given to this engine. Raises SealBroken when none was."""
    cipher = getattr(dialect, "warmline_cipher", None)
    if not isinstance(cipher, FieldCipher):
        raise SealBroken("This engine was made without FIELD_KEYS.")
    return cipher
