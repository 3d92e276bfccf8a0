"""What these tests share: numbers, a line that checks signatures, Twilio as a test reaches it."""

from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import requests
from flask import Response, request
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import SIGNATURE_SETTINGS_HEADER, RequestValidator, get_signature_algorithm
from twilio.rest import Client

SID, TOKEN = "AC" + "0" * 32, "a-token-of-the-tests"
LINE, PHONE, HOME = "+12065550100", "+12065550142", "+12065550177"


@dataclass
class Line:
    """Stands where the product would: records signed webhooks and answers what the test wants."""

    url: str = ""
    received: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    unsigned: int = 0
    secret: str = TOKEN
    #: Path -> what to answer: a document, a (document, status) or a function of the form.
    answers: dict[str, Any] = field(default_factory=dict)
    #: Path -> what anybody gets, signed or not.
    open: dict[str, Response] = field(default_factory=dict)

    def take(self, path: str) -> Response:
        if "/" + path in self.open:
            return self.open["/" + path]
        # As it came over the wire: Flask's own address is rewritten.
        url = self.url + request.environ["RAW_URI"]
        signature = request.headers.get("X-Twilio-Signature", "")
        algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER))
        signed = request.get_data(as_text=True) if request.is_json else request.form
        if not RequestValidator(self.secret).validate(url, signed, signature, algorithm):
            self.unsigned += 1
            return Response("not signed", 403)
        form = request.get_json() if request.is_json else (request.form or request.args).to_dict()
        self.received.append(("/" + path, form, dict(request.headers)))
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

    def order(self, **faults: Any) -> dict[str, Any]:
        return self.post("/faults", faults)

    def settle(self, **settings: Any) -> dict[str, Any]:
        return self.post("/settings", settings)

    def behave(self, phone: str = PHONE, **persona: Any) -> None:
        self.post(f"/phones/{phone}/persona", persona)

    def send(self, body: str = "Hi", **options: Any) -> Any:
        return self.client.messages.create(**({"to": PHONE, "from_": LINE, "body": body} | options))

    def freeze(self) -> None:
        self.post("/clock", {"frozen": True})

    def advance(self, seconds: float) -> None:
        self.post("/clock", {"advance": seconds})

    def journal(self, **wanted: Any) -> list[dict[str, Any]]:
        """Entries that have all the values wanted."""
        return [
            entry
            for entry in self.get("/journal")
            if all(entry.get(name) == value for name, value in wanted.items())
        ]

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
