"""Twilio's own OpenAPI file judges what our client sends and what the simulator answers."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import requests
from flask import Flask, Response
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client
from werkzeug.serving import make_server

from bot.adapters.twilio import TwilioCaller, TwilioMessenger
from bot.adapters.twilio_host import make_client
from bot.bootstrap import now
from bot.config import Settings
from bot.errors import RecipientOptedOut
from simulator.app import create_app
from simulator.config import Config
from tests.integration.conftest import PHONE, SETTINGS
from tests.integration.twilio_schema.prism import VIOLATIONS, npm, proxy

LINE, SID, TOKEN = (SETTINGS[name] for name in ("TWILIO_FROM", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"))
ACCOUNT = f"/2010-04-01/Accounts/{SID}"


@dataclass
class Judged:
    """The line's settings, its client behind the judge, and what the judge found."""

    address: str
    simulator: str
    settings: Settings
    client: Client
    violations: list[str] = field(default_factory=list)
    exchanges: int = 0

    def hear(self, answer: requests.Response, *_: object, **__: object) -> None:
        self.exchanges += 1
        if found := answer.headers.get(VIOLATIONS):
            self.violations.append(f"{answer.request.method} {answer.request.path_url}: {found}")

    def order(self, path: str, wanted: dict) -> None:
        requests.post(f"{self.simulator}/simulator{path}", json=wanted, timeout=10).raise_for_status()

    def post(self, path: str, form: dict) -> requests.Response:
        return requests.post(self.address + ACCOUNT + path, data=form, auth=(SID, TOKEN), timeout=10)


def _serve(app: Flask, stack: list) -> str:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    stack.append(server)
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """Prism before a simulator, and a line that says nothing: the three addresses."""
    if npm() is None:
        if os.environ.get("CI_PRISM_REQUIRED"):
            pytest.fail("node and npm are needed here for Stoplight Prism")
        pytest.skip("node and npm are not installed, so Stoplight Prism cannot judge")
    servers: list = []
    line = Flask("line")
    line.route("/<path:_path>", methods=["GET", "POST"])(
        lambda _path: Response("<Response/>", mimetype="text/xml")
    )
    line_url = _serve(line, servers)
    app = create_app(
        Config(SID, TOKEN, LINE, line_url, messaging_service_sid="MG" + "0" * 32, step_seconds=0.01)
    )
    simulator = _serve(app, servers)
    with proxy(simulator, tmp_path_factory.mktemp("prism")) as address:
        yield address, simulator, line_url
    for server in servers:
        server.shutdown()
        server.server_close()
    app.extensions["simulator"].close()


@pytest.fixture
def judged(judge: tuple[str, str, str]) -> Iterator[Judged]:
    address, simulator, line_url = judge
    requests.post(f"{simulator}/simulator/reset", timeout=10).raise_for_status()
    settings = Settings.from_env(
        SETTINGS | {"DATABASE_URL": "sqlite://", "TWILIO_API_BASE": address} | {"PUBLIC_BASE_URL": line_url}
    )
    client = make_client(settings, now)
    found = Judged(address, simulator, settings, client)
    session = client.http_client.session
    session.hooks["response"].append(found.hear)
    yield found
    session.close()


def just_now() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


def test_the_lines_texts_and_how_it_looks_for_them_are_as_twilio_says(judged):
    messenger = TwilioMessenger(judged.client, judged.settings)
    sent = messenger.send(PHONE, "Where are you? ¿Dónde estás?", "7f3c", 60)

    assert sent.message_sid.startswith("SM")
    assert [one.message_sid for one in messenger.find(PHONE, "Where are you? ¿Dónde estás?", just_now())] == [
        sent.message_sid
    ]
    assert judged.violations == []
    assert judged.exchanges == 2


def test_the_lines_calls_are_as_twilio_says(judged):
    judged.order(f"/phones/{PHONE}/persona", {"rings_seconds": 20})
    caller = TwilioCaller(judged.client, judged.settings)
    sid = caller.place(PHONE, "7f3c")

    assert caller.find(PHONE, just_now()) == [sid]
    caller.hang_up(sid)
    assert judged.violations == []
    assert judged.exchanges == 3


def test_a_call_for_a_voice_box_is_as_twilio_says(judged):
    judged.order(f"/phones/{PHONE}/persona", {"rings_seconds": 20})
    caller = TwilioCaller(judged.client, judged.settings)
    caller.hang_up(caller.place(PHONE, "7f3c", for_machine=True))
    assert judged.violations == []


def test_refusals_are_worded_as_twilios(judged):
    judged.order(f"/phones/{PHONE}/texts", {"body": "STOP"})
    with pytest.raises(RecipientOptedOut):
        TwilioMessenger(judged.client, judged.settings).send(PHONE, "hi", "7f3c", 60)
    judged.order("/faults", {"messages": [{"status": 429}], "lists": [{"status": 500}]})
    with pytest.raises(TwilioRestException, match="Too Many Requests"):
        judged.client.messages.create(to=PHONE, from_=LINE, body="hi")
    with pytest.raises(TwilioException):
        judged.client.messages.list()
    with pytest.raises(TwilioRestException):
        judged.client.messages("SM" + "f" * 32).fetch()

    assert judged.violations == []
    assert judged.exchanges == 4


def test_everything_the_simulator_shows_of_texts_media_and_calls_has_twilios_fields(judged):
    picture = {"content_type": "image/png", "base64": "aGVsbG8="}
    judged.order(f"/phones/{PHONE}/texts", {"body": "look", "attachments": [picture]})
    judged.order(f"/phones/{PHONE}/persona", {"name": "unreachable"})
    client = judged.client
    client.messages.create(to=PHONE, messaging_service_sid="MG" + "0" * 32, body="one")
    later = datetime.now(UTC) + timedelta(hours=1)
    scheduled = client.messages.create(
        to=PHONE,
        messaging_service_sid="MG" + "0" * 32,
        body="two",
        schedule_type="fixed",
        send_at=later,
    )
    assert scheduled.update(status="canceled").status == "canceled"
    judged.order("/clock", {"advance": 5})
    texts = client.messages.list(page_size=2)
    assert [text.status for text in texts] == ["canceled", "undelivered", "received"]
    media = texts[-1].media.list()
    assert [one.content_type for one in media] == ["image/png"]
    assert media[0].fetch().parent_sid == texts[-1].sid
    assert media[0].delete()
    assert texts[-1].update(body="").body == ""
    assert texts[-1].delete()
    placed = client.calls.create(to=PHONE, from_=LINE, twiml="<Response/>")
    assert placed.fetch().to == PHONE

    assert judged.violations == []
    assert judged.exchanges >= 11


@pytest.mark.parametrize(
    "form",
    [
        {"From": LINE, "Body": "hi"},
        {"To": "2065550142", "From": LINE, "Body": "hi"},
        {"To": PHONE, "From": LINE},
        {"To": PHONE, "From": LINE, "Body": "a" * 1601},
        {"To": PHONE, "Body": "hi"},
        {"To": PHONE, "From": LINE, "Body": "hi", "ValidityPeriod": "99999"},
    ],
    ids=["no To", "no E.164", "no Body", "too long", "no sender", "valid too long"],
)
def test_the_judge_finds_what_is_wrong_with_a_request(judged, form):
    assert '"request"' in judged.post("/Messages.json", form).headers.get(VIOLATIONS, "")


def test_the_judge_finds_what_is_wrong_with_an_answer(judged):
    judged.order("/faults", {"messages": {"kind": "no_sid"}})
    answer = judged.post("/Messages.json", {"To": PHONE, "From": LINE, "Body": "hi"})

    assert "sid" in answer.headers.get(VIOLATIONS, "")
