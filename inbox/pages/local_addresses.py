"""Where to go after a sign-in: only to a page of the inbox, whatever the address asks for."""

from urllib.parse import urlsplit


def local_page(wanted: str | None, otherwise: str) -> str:
    """`wanted` when it is a path of the inbox, else `otherwise`."""
    if not wanted or len(wanted) > 2000 or any(ord(letter) < 33 or letter == "\\" for letter in wanted):
        return otherwise
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    path = parts.path
    ours = path == "/inbox" or path.startswith("/inbox/")
    odd = ".." in path.split("/") or "//" in path or "%" in path
    return wanted if ours and not odd and not parts.scheme and not parts.netloc else otherwise
