"""/inbox/static/<version>/...: built files under an address that changes when they do, so kept for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, send_from_directory, url_for

from inbox.permits import Gate, permit

FOLDER = Path(__file__).parent / "static"
KEPT = "public, max-age=31536000, immutable"


@cache
def version() -> str:
    """A few letters of what all files are."""
    return hashlib.sha256((FOLDER / "digests.json").read_bytes()).hexdigest()[:12]


def address(path: str) -> str:
    """Where a page finds a built file."""
    return url_for("inbox.static_file", of=version(), path=path)


@permit(Gate.FILES)
def static_file(of: str, path: str) -> Response:
    """One file. A page from before an update gets today's, and keeps it for no time."""
    answer = send_from_directory(FOLDER, path)
    answer.headers["Cache-Control"] = KEPT if of == version() else "no-store"
    return answer
