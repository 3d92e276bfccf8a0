"""Words made alike, to be compared."""

import unicodedata


def folded(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
