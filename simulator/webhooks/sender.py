"""Webhooks: signed requests from Twilio to the line, with its retries."""

import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urldefrag, urlsplit
from uuid import uuid4

import requests

from simulator.config import Config
from simulator.journal import Journal
from simulator.webhooks.overrides import read_overrides
from simulator.webhooks.signing import Manner, sign

#: Twilio's error codes: https://www.twilio.com/docs/api/errors/11200 and 11205.
HTTP_FAILURE, CONNECTION_FAILURE = 11200, 11205
AS_USUAL = Manner()


@dataclass(frozen=True)
class Answer:
    """What a webhook answered: `status` is None when nothing did, `error_code` is Twilio's or 0."""

    status: int | None
    body: str = ""
    content_type: str = ""
    error_code: int = 0
    #: How it failed, in the words of connection overrides: ct, rt, 4xx, 5xx.
    failure: str = ""


class WebhookSender:
    """Signs and sends. Only addresses under PUBLIC_BASE_URL are ever contacted."""

    def __init__(self, config: Callable[[], Config], journal: Journal) -> None:
        self._config, self._journal = config, journal
        self._session = requests.Session()
        self._session.trust_env = False
        # A kept connection that the other side is about to drop looks like a failed webhook.
        self._session.headers.update(
            {"Connection": "close", "User-Agent": "TwilioProxy/1.1", "Accept": "*/*"}
        )

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()

    def is_ours(self, url: str) -> bool:
        """Whether a URL is the line's own."""
        base = self._config().public_base_url
        return url == base or url.startswith((base + "/", base + "?"))

    def post(
        self,
        url: str,
        fields: Mapping[str, str | list[str]],
        *,
        target: str,
        phone: str = "",
        headers: Mapping[str, str] | None = None,
        manner: Manner = AS_USUAL,
        attempted: Callable[[Answer], None] = lambda _: None,
    ) -> Answer:
        """Send signed fields, again as the URL's overrides say; `attempted` hears of each attempt."""
        config = self._config()
        plain, fragment = urldefrag(url)
        if not self.is_ours(plain):
            answer = Answer(None, error_code=HTTP_FAILURE)
            attempted(answer)
            return answer
        signed = sign(config, plain, fields, manner, fragment)
        request = self._session.prepare_request(
            requests.Request(
                signed.method,
                config.connect_base_url + signed.url.removeprefix(config.public_base_url),
                data=signed.body.encode() if signed.body is not None else None,
                # One token for all attempts at one webhook.
                headers={"I-Twilio-Idempotency-Token": str(uuid4()), **(headers or {}), **signed.headers},
            )
        )
        overrides = read_overrides(url, config.webhook_timeout)
        until = monotonic() + overrides.total
        sids = [str(fields[name]) for name in ("MessageSid", "CallSid") if fields.get(name)]
        answer = Answer(None, error_code=CONNECTION_FAILURE, failure="ct")
        for attempt in range(overrides.retries + 1):
            left = until - monotonic()
            if left <= 0:
                break
            began = monotonic()
            limits = (min(overrides.connect, left), min(overrides.read, left))
            answer = self._cut(request) if manner.cut and not attempt else self._send(request, limits)
            self._journal.note(
                "to the line",
                target,
                signed.method,
                urlsplit(signed.url).path,
                answer.status,
                sids=sids,
                phone=phone,
                request=request,
                error_code=answer.error_code,
                attempt=attempt,
                faults=list(manner.faults),
                seconds=round(monotonic() - began, 3),
            )
            attempted(answer)
            if not overrides.retries_after(answer.failure):
                break
        return answer

    def replay(self, request: requests.PreparedRequest, target: str) -> Answer:
        """Send an earlier webhook again, byte for byte."""
        answer = self._send(request, (5.0, self._config().webhook_timeout))
        path = urlsplit(str(request.url)).path
        self._journal.note(
            "to the line", target, str(request.method), path, answer.status, sids=[], faults=["replay"]
        )
        return answer

    def fetch(self, url: str) -> tuple[str, bytes] | None:
        """Get the line's own media, as Twilio does for MediaUrl: its type and content, or None."""
        config = self._config()
        where = config.connect_base_url + url.removeprefix(config.public_base_url)
        try:
            answer = self._session.get(where, timeout=config.webhook_timeout, allow_redirects=False)
        except requests.RequestException:
            answer = None
        status = answer.status_code if answer is not None else None
        # The address is the key to the media: the journal has only its first part.
        path = "/".join(urlsplit(url).path.split("/")[:2])
        self._journal.note("to the line", "media", "GET", path, status, sids=[])
        if answer is None or not answer.ok:
            return None
        return answer.headers.get("Content-Type", "").partition(";")[0].strip(), answer.content

    def _send(self, request: requests.PreparedRequest, limits: tuple[float, float]) -> Answer:
        try:
            answer = self._session.send(request, timeout=limits, allow_redirects=False)
        except (requests.ReadTimeout, requests.exceptions.ChunkedEncodingError):
            return Answer(None, error_code=CONNECTION_FAILURE, failure="rt")
        except requests.ConnectionError as error:
            refused = isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in repr(error)
            return Answer(None, error_code=CONNECTION_FAILURE, failure="ct" if refused else "rt")
        except requests.RequestException:
            return Answer(None, error_code=CONNECTION_FAILURE, failure="rt")
        failure = "" if answer.ok else f"{answer.status_code // 100}xx"
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        text = answer.content.decode("utf-8", "replace")
        return Answer(answer.status_code, text, kind, 0 if answer.ok else HTTP_FAILURE, failure)

    def _cut(self, request: requests.PreparedRequest) -> Answer:
        parts = urlsplit(str(request.url))
        body = request.body or b""
        head = f"{request.method} {request.path_url} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        try:
            with closing(socket.create_connection((parts.hostname or "", parts.port or 80), 5.0)) as wire:
                wire.sendall(head.encode() + b"\r\n" + (body if isinstance(body, bytes) else body.encode()))
        except OSError:
            return Answer(None, error_code=CONNECTION_FAILURE, failure="ct")
        return Answer(None, error_code=CONNECTION_FAILURE, failure="rt")
