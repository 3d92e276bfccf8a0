"""Responses: JSON, problems (RFC 9457), streams of lines, and the headers all of them carry."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from flask import Response, request

JSON = "application/json"
LINES = "application/x-ndjson"
PROBLEM = "application/problem+json"
#: The form of our objects: change it with them, so that nobody keeps an old one.
FORM = "1"
SECONDS_KEPT = 60


def dumps(value: Any) -> bytes:
    """The bytes of a JSON value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def answered(value: Any, tag: str) -> Response:
    """A JSON value that clients may keep for a minute and then ask about by its tag."""
    return _kept(Response(dumps(value), content_type=JSON), tag)


def streamed(lines: Iterable[bytes], tag: str) -> Response:
    """One JSON value on each line, sent as they are found."""
    return _kept(Response(lines, content_type=LINES), tag)


def problem(status: int, title: str, detail: str, parameters: Sequence[tuple[str, str]] = ()) -> Response:
    """What went wrong, and which parameters are to blame."""
    told: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if parameters:
        told["invalid_params"] = [{"name": name, "reason": reason} for name, reason in parameters]
    response = Response(dumps(told), status=status, content_type=PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    return opened(response)


def tag_of(*parts: Any) -> str:
    """An entity tag for what these decide."""
    return hashlib.sha256(repr((FORM, *parts)).encode()).hexdigest()[:32]


def unchanged(tag: str) -> Response | None:
    """304 when the client has just this, else None."""
    return _kept(Response(status=304), tag) if request.if_none_match.contains_weak(tag) else None


def opened(response: Response) -> Response:
    """Let pages of any origin read it: it is open data, and there is nothing to write."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _kept(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    return response


class Stream:
    """Lines that give back their place among the requests when they end, are closed, or are forgotten."""

    def __init__(self, lines: Iterator[bytes], done: Callable[[], None]) -> None:
        self._lines = lines
        self._done: Callable[[], None] | None = done

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._lines
        finally:
            self.close()

    def close(self) -> None:
        """Stop, and give the place back once."""
        close = getattr(self._lines, "close", None)
        if close:
            close()
        done, self._done = self._done, None
        if done:
            done()

    def __del__(self) -> None:
        self.close()
