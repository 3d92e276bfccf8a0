"""Webhooks: signed form posts from Twilio to the line."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag

import requests
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from simulator.config import Config

#: Twilio's error codes: https://www.twilio.com/docs/api/errors/11200 and 11205.
HTTP_FAILURE, CONNECTION_FAILURE = 11200, 11205
CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class Answer:
    """What a webhook answered: `status` is None when nothing did, `error_code` is Twilio's or 0."""

    status: int | None
    body: str = ""
    content_type: str = ""
    error_code: int = 0


class WebhookSender:
    """Signs and posts. Only addresses under PUBLIC_BASE_URL are ever contacted."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._validator = RequestValidator(config.auth_token)
        self._session = requests.Session()
        self._session.trust_env = False
        # A kept connection that the other side is about to drop looks like a failed webhook.
        self._session.headers.update({"Connection": "close", "User-Agent": "TwilioProxy/1.1"})

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()

    def post(
        self,
        url: str,
        fields: Mapping[str, str | list[str]],
        *,
        headers: Mapping[str, str] | None = None,
        signature: str = "right",
    ) -> Answer:
        """Post signed fields. `signature` may be "right", "wrong" or "none"."""
        url = urldefrag(url).url
        base = self._config.public_base_url
        if url != base and not url.startswith((base + "/", base + "?")):
            return Answer(None, error_code=HTTP_FAILURE)
        form: MultiDict[str, str] = MultiDict(fields)
        sent = dict(headers or {})
        if signature != "none":
            sent["X-Twilio-Signature"] = self._validator.compute_signature(url, form)
        if signature == "wrong":
            sent["X-Twilio-Signature"] = self._validator.compute_signature(url + "!", form)
        try:
            answer = self._session.post(
                self._config.connect_base_url + url.removeprefix(base),
                data=list(form.items(multi=True)),
                headers=sent,
                timeout=(CONNECT_SECONDS, self._config.webhook_timeout),
                allow_redirects=False,
            )
        except requests.RequestException:
            return Answer(None, error_code=CONNECTION_FAILURE)
        error = 0 if answer.ok else HTTP_FAILURE
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Answer(answer.status_code, answer.content.decode("utf-8", "replace"), kind, error)
