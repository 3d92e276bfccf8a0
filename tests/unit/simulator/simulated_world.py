"""What these tests share: numbers, a line that checks signatures, Twilio as a test reaches it."""

from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import requests
from flask import Response, request
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

SID, TOKEN = "AC" + "0" * 32, "a-token-of-the-tests"
LINE, PHONE, HOME = "+12065550100", "+12065550142", "+12065550177"


@dataclass
class Line:
    """Stands where the product would: records signed webhooks and answers what the test wants."""

    url: str = ""
    received: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    unsigned: int = 0
    #: Path -> what to answer: a document, a (document, status) or a function of the form.
    answers: dict[str, Any] = field(default_factory=dict)

    def take(self, path: str) -> Response:
        url = self.url + request.full_path.rstrip("?")
        signature = request.headers.get("X-Twilio-Signature", "")
        if not RequestValidator(TOKEN).validate(url, request.form, signature):
            self.unsigned += 1
            return Response("not signed", 403)
        self.received.append(("/" + path, request.form.to_dict(), dict(request.headers)))
        answer = self.answers.get("/" + path, "<Response/>")
        answer = answer(request.form) if callable(answer) else answer
        document, status = answer if isinstance(answer, tuple) else (answer, 200)
        return Response(document, status, mimetype="text/xml")

    def forms(self, path: str) -> list[dict[str, str]]:
        return [form for at, form, _ in self.received if at == path]


@dataclass
class Twilio:
    """The simulator as a test reaches it."""

    url: str
    client: Client
    http: requests.Session

    def text(self, body: str, **options: Any) -> dict[str, Any]:
        return self.post(f"/phones/{PHONE}/texts", {"body": body} | options)

    def post(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        answer = self.http.post(f"{self.url}/simulator{path}", json=asked, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def get(self, path: str) -> Any:
        answer = self.http.get(f"{self.url}/simulator{path}", timeout=20)
        answer.raise_for_status()
        return answer.json()

    def messages(self, phone: str = PHONE, after: int = 0) -> list[dict[str, Any]]:
        return self.get(f"/phones/{phone}/messages?after={after}")

    def finished_call(self) -> dict[str, Any]:
        return until(lambda: next((call for call in self.get("/calls") if call["ended"]), None))


def until(found: Any, seconds: float = 10.0) -> Any:
    """What a function finds, as soon as it finds something."""
    end = monotonic() + seconds
    while not (result := found()):
        assert monotonic() < end, "waited too long"
        sleep(0.01)
    return result


class ThisHost(TwilioHttpClient):
    """Twilio's own client, pointed at the simulator."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=10)
        self.base = base
        self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(
            method, self.base + url.removeprefix("https://api.twilio.com"), *args, **kwargs
        )
