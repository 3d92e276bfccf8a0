"""Somebody who wants to call home: signed webhooks, a provider that remembers, a worker by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from bot import calls, outbox
from bot.adapters.memory import MemoryCaller
from bot.bootstrap import Line
from bot.calling import Calling
from bot.calls import CallLimits
from bot.db import reading, writing
from bot.models import Call, CallPurpose, Conversation, HomeMessage, Message
from bot.people import conversation_with
from bot.ports import Reply
from tests.integration.twiml_rules import broken_rules

PERSON, HOME, OTHER = "+12065550142", "+12065550177", "+12065550178"
BASE, TOKEN = "https://line.example.org", "an-auth-token"
ROUTES = "/twilio/voice"
#: Where the person's own phone is not: these documents run at home, or at a case worker's.
SECOND_LEG = ("/screen", "/accept", "/menu-person-screen", "/menu-person-accept")


class CallWorld:
    """What a test does and sees."""

    def __init__(self, line: Line, client: FlaskClient, routes: frozenset[str]) -> None:
        self.line, self.client, self.routes = line, client, routes
        self.caller = MemoryCaller()
        # Line makes its parts once: what is put in their place is what its processes use.
        line.__dict__["caller"] = self.caller
        self.later = timedelta()
        self.calling = Calling(line.engine, self.caller, line.durably, self.now)
        self.visited: set[str] = set()

    def now(self):
        return self.line.clock() + self.later

    @contextmanager
    def talking(self) -> Iterator[tuple[Session, Conversation]]:
        with writing(self.line.engine) as session:
            yield session, conversation_with(session, PERSON, self.now())

    def asks(self, number: str = HOME, name: str | None = "Danny", **more) -> Call:
        """The person has said yes."""
        with self.talking() as (session, conversation):
            calls.request(
                session, conversation, number, None, self.now(), self.line.durably, name=name, **more
            )
        return self.call()

    def rings(self, **more) -> str:
        """The person has said yes and their phone rings. Returns the call's public id."""
        call = self.asks(**more)
        self.calling.place(call.id)
        return call.public_id

    def posts(self, path: str, **form: str) -> str:
        """Twilio asks; what it is answered is TwiML that Twilio would run."""
        path = ROUTES + path
        form = {"CallSid": "CA" + "5" * 32, **form}
        signature = RequestValidator(TOKEN).compute_signature(BASE + path, form)
        answer = self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})
        step = path.split("?")[0]
        self.visited.add(step)
        assert answer.status_code in {200, 204}, f"{step}: {answer.status_code}"
        if answer.status_code == 200:
            at_number = step.removeprefix(ROUTES) in SECOND_LEG
            assert broken_rules(answer.text, at_number=at_number, routes=self.routes) == [], answer.text
        return answer.text

    def call(self, purpose: CallPurpose = CallPurpose.HOME) -> Call:
        with reading(self.line.engine) as session:
            return session.scalars(
                select(Call).where(Call.purpose == purpose).order_by(Call.id.desc()).limit(1)
            ).one()

    def texts(self, number: str = PERSON) -> list[str]:
        """The keys of all that was said to a number by text."""
        with reading(self.line.engine) as session:
            rows = session.scalars(select(Message).where(Message.direction == "out").order_by(Message.id))
            return [row.reply_key for row in rows if row.conversation.person.number == number]

    def bodies(self, number: str = PERSON) -> list[str]:
        with reading(self.line.engine) as session:
            rows = session.scalars(select(Message).where(Message.direction == "out").order_by(Message.id))
            return [row.body for row in rows if row.conversation.person.number == number]

    def told(self, number: str, key: str) -> None:
        """The dialogue has answered a number."""
        with writing(self.line.engine) as session:
            conversation = conversation_with(session, number, self.now())
            cause = f"in-{self.now().timestamp()}"
            outbox.put(session, conversation, [Reply(key)], cause, self.now(), self.line.durably)

    def home_message(self) -> HomeMessage:
        with reading(self.line.engine) as session:
            return session.scalars(select(HomeMessage).order_by(HomeMessage.id.desc()).limit(1)).one()

    def limits(self, **limits: int) -> None:
        """What calls may cost here."""
        settings = self.line.settings
        names = {
            "minutes": "call_minutes_per_day",
            "calls": "calls_per_day",
            "to_number": "calls_to_number_per_day",
        }
        for name, value in limits.items():
            object.__setattr__(settings, names[name], value)
        assert self.line.call_limits == CallLimits(**{**self.line.call_limits.__dict__, **limits})

    def caller_sid(self) -> str:
        """The SID the provider gave the last call."""
        return f"CA{len(self.caller.placed):032x}"
