"""What the Twilio adapter makes of answers, good and bad, over real HTTP."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet

from bot.adapters.twilio import TwilioCaller, TwilioMessenger
from bot.adapters.twilio_host import make_client
from bot.bootstrap import now
from bot.config import Settings
from bot.errors import OutcomeUnknown, RecipientOptedOut, Refused, TryAgain

CUT = "cut"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass
class Provider:
    """Answers each request with the next of `answers`: a status and a body, or CUT."""

    answers: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    port: int = 0


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            made.asked.append((self.path, parse_qs(self.rfile.read(length).decode())))
            answer = made.answers.pop(0)
            if answer == CUT:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, body = answer
            raw = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_POST = do_GET = answer  # noqa: N815

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def messenger(provider):
    return _messenger(provider.port)


def _messenger(port, clock=now):
    return _made(TwilioMessenger, port, clock)


def _made(adapter, port, clock=now):
    settings = Settings.from_env(
        {
            "PUBLIC_BASE_URL": "https://line.example.org",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "an-auth-token",
            "TWILIO_FROM": "+12065550100",
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "SECRET_KEY": "s" * 40,
            "TWILIO_API_BASE": f"http://127.0.0.1:{port}",
        }
    )
    return adapter(make_client(settings, clock), settings)


def send(messenger):
    return messenger.send("+12065550142", "hello", "abc", 600)


def test_a_text_is_handed_over_with_our_own_id_and_how_long_it_is_worth_sending(provider, messenger):
    provider.answers = [(201, {"sid": "SM1", "status": "queued"})]
    assert send(messenger).message_sid == "SM1"
    (_, form), *_ = provider.asked
    assert form["StatusCallback"] == ["https://line.example.org/twilio/status/abc"]
    assert form["ValidityPeriod"] == ["600"]


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        # Case 22: a status that some proxy gave, not Twilio.
        ((401, "<html>no</html>"), Refused, 20003),
        ((401, {"code": 20003, "message": "Authenticate", "status": 401}), Refused, 20003),
        # Case 23.
        ((429, {"code": 20429, "message": "Too Many Requests", "status": 429}), TryAgain, 20429),
        ((429, "slow down"), TryAgain, 20429),
        ((429, {"code": 63038, "message": "daily limit", "status": 429}), TryAgain, 63038),
        # Case 24.
        ((400, {"code": 1001, "message": "no", "status": 400}), Refused, 1001),
        # Case 25.
        ((400, {"code": 21610, "message": "unsubscribed", "status": 400}), RecipientOptedOut, 21610),
    ],
)
def test_a_refusal_keeps_its_code(provider, messenger, answer, error, code):
    """Cases 22, 23, 24 and 25."""
    provider.answers = [answer]
    with pytest.raises(error) as raised:
        send(messenger)
    assert type(raised.value) is error
    assert raised.value.code == code


@pytest.mark.parametrize(
    "answer", [(201, {}), (200, ""), (201, "not json"), (201, "[]"), (500, "oh"), (503, "{}"), CUT]
)
def test_an_answer_that_says_nothing_certain_leaves_the_outcome_unknown(provider, messenger, answer):
    """Cases 26 and 29: taken without a SID, the server's own error, the connection cut."""
    provider.answers = [answer]
    with pytest.raises(OutcomeUnknown):
        send(messenger)


def test_where_nobody_listens_nothing_was_taken():
    """Case 29."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TryAgain) as raised:
        send(_messenger(port))
    assert type(raised.value) is TryAgain


def _listed(sid, **more):
    return {
        "sid": sid, "status": "delivered", "body": "hello", "from": "+12065550100", "to": "+12065550142",
        "direction": "outbound-api", "date_created": "Tue, 24 Nov 2026 12:00:00 +0000",
        "date_sent": "Tue, 24 Nov 2026 12:00:01 +0000", "num_media": "0", "error_code": None,
    } | more  # fmt: skip


def test_a_text_is_found_by_its_words_even_before_it_was_sent(provider, messenger):
    found = [
        _listed("SM3", body="other"),
        _listed("SM2", date_sent=None),
        _listed("SM1", date_created="Mon, 23 Nov 2026 12:00:00 +0000"),
    ]
    provider.answers = [(200, {"messages": found, "next_page_uri": None})]
    assert [sent.message_sid for sent in messenger.find("+12065550142", "hello", NOON)] == ["SM2"]
    assert "DateSent" not in provider.asked[0][0]


def test_a_trial_account_s_prefix_does_not_hide_a_text(provider, messenger):
    found = _listed("SM1", body="Sent from your Twilio trial account - hello")
    provider.answers = [(200, {"messages": [found], "next_page_uri": None})]
    assert messenger.find("+12065550142", "hello", NOON)


def test_a_call_is_found_though_it_waits_and_the_leg_of_another_s_call_is_not_taken_for_it(provider):
    """Taken for ours, that leg would keep this person's phone from ringing at all."""

    def listed(sid, direction, created, started=None):
        return {"sid": sid, "direction": direction, "date_created": created, "start_time": started}

    noon, before = "Tue, 24 Nov 2026 12:00:00 +0000", "Mon, 23 Nov 2026 12:00:00 +0000"
    found = [
        listed("CA3", "outbound-dial", noon, noon),
        listed("CA2", "outbound-api", noon),
        listed("CA1", "outbound-api", before, before),
    ]
    provider.answers = [(200, {"calls": found, "next_page_uri": None})]
    caller = _made(TwilioCaller, provider.port)
    assert caller.find("+12065550142", NOON) == ["CA2"]
    assert "StartTime" not in provider.asked[0][0]


def test_a_list_is_read_page_by_page_and_a_page_that_fails_says_so(provider, messenger):
    first = {
        "messages": [_listed("SM2", direction="inbound", **{"from": "+12065550142", "to": "+12065550100"})],
        "next_page_uri": "/2010-04-01/Accounts/AC0/Messages.json?Page=1",
    }
    provider.answers = [(200, first), (503, "away")]
    pages = messenger.list_inbound(NOON, NOON.replace(hour=13))
    text = next(pages)
    assert (text.message_sid, text.number, text.at.second) == ("SM2", "+12065550142", 1)
    with pytest.raises(TryAgain):
        next(pages)
    query = parse_qs(urlsplit(provider.asked[0][0]).query)
    assert query["To"] == ["+12065550100"]
    assert query["DateSent>"] == ["2026-11-24T12:00:00Z"]


def test_a_clock_of_ours_that_is_an_hour_ahead_finds_what_twilio_dated_by_its_own(provider):
    """Twilio says its time with every answer. Not found, a text of unknown outcome would be sent twice."""
    ahead = _messenger(provider.port, lambda: now() + timedelta(hours=1))
    taken = {"sid": "SM1", "status": "sent", "body": "hello", "date_created": format_datetime(now())}
    provider.answers = [(200, {"messages": [taken]})]
    since = now() + timedelta(minutes=58)
    assert [sent.message_sid for sent in ahead.find("+12065550142", "hello", since)] == ["SM1"]
    provider.answers = [(200, {"messages": []})]
    list(ahead.list_inbound(since, now() + timedelta(hours=1)))
    asked = parse_qs(urlsplit(provider.asked[-1][0]).query)
    (before,) = asked["DateSent<"]
    assert abs(datetime.fromisoformat(before) - now()) < timedelta(minutes=1)
