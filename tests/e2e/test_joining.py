"""A case worker joins a conversation on the real line: real processes, the simulator for Twilio."""

import contextlib
import os
import time
from collections.abc import Iterator
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import select, update

from bot import joining, roster
from bot.bootstrap import Line
from bot.config import Settings
from bot.conversations.texts import texts_of
from bot.db import reading, writing
from bot.errors import NewerStands
from bot.joining import Written
from bot.models import Message, MessageState, Takeover
from bot.people import conversation_with
from launch.settings import read_file
from tests.e2e.running_line import Phone, RunningLine, wait_for

pytestmark = pytest.mark.e2e
LINE = "+12065550100"


class Desk:
    """A case worker at the running line's own database, as the inbox's pages are."""

    def __init__(self, running: RunningLine, phone: Phone) -> None:
        kept = read_file(running.var / "local.env")
        self.line = Line(
            Settings.from_env(
                {
                    "DATABASE_URL": os.environ.get(
                        "TEST_LINE_DATABASE_URL", f"sqlite:///{running.var / 'warmline.db'}"
                    ),
                    "FIELD_KEYS": kept["FIELD_KEYS"],
                    "SECRET_KEY": kept["SECRET_KEY"],
                    "PUBLIC_BASE_URL": running.url,
                    "TWILIO_ACCOUNT_SID": kept["SIMULATED_ACCOUNT_SID"],
                    "TWILIO_AUTH_TOKEN": kept["SIMULATED_AUTH_TOKEN"],
                    "TWILIO_FROM": LINE,
                    "TWILIO_API_BASE": running.simulator_url,
                }
            )
        )
        self.phone = phone
        with writing(self.line.engine) as session:
            self.worker = roster.add_worker(
                session,
                f"Heron {phone.number[-4:]}",
                "Heron",
                f"+1206777{phone.number[-4:]}",
                "America/Los_Angeles",
                LINE,
                self.line.clock(),
            ).id
            self.conversation = conversation_with(session, phone.number, self.line.clock()).id

    def take_over(self) -> None:
        with writing(self.line.engine) as session:
            joining.take_over(
                session,
                self.conversation,
                self.worker,
                self.line.clock(),
                self.line.durably,
                self.line.patience,
            )

    def give_back(self) -> None:
        with writing(self.line.engine) as session:
            joining.give_back(session, self.conversation, self.worker, self.line.clock(), self.line.durably)

    def write(self, body: str) -> int:
        """Write and send; what came in between is looked at first, as the page makes one do."""
        draft = uuid4().hex
        while True:
            newest = self.texts()[-1].id
            written = Written(self.conversation, self.worker, body, draft, newest)
            try:
                with writing(self.line.engine) as session:
                    return joining.send(session, written, self.line.clock(), self.line.durably)
            except NewerStands:
                continue

    def texts(self) -> list:
        with reading(self.line.engine) as session:
            theirs = select(Message).where(Message.conversation_id == self.conversation)
            return texts_of(session, session.scalars(theirs.order_by(Message.id)).all())

    def due_now(self) -> None:
        """Its minutes are over."""
        with writing(self.line.engine) as session:
            session.execute(
                update(Takeover)
                .where(Takeover.conversation_id == self.conversation, Takeover.ended_at.is_(None))
                .values(answer_by=self.line.clock())
            )

    def taken(self) -> bool:
        with reading(self.line.engine) as session:
            return joining.has(session, self.conversation)

    def close(self) -> None:
        self.line.durably.close()
        self.line.engine.dispose()
        self.line.durable_engine.dispose()


@pytest.fixture
def desk(line: RunningLine, phone: Phone) -> Iterator[Desk]:
    made = Desk(line, phone)
    yield made
    made.close()


def test_taken_over_answered_by_a_person_and_given_back(desk, phone):
    phone.says("im hungry", "ZIP")
    desk.take_over()
    phone.send("can i talk to somebody real")
    phone.hears_nothing(2)
    desk.write("Hi, this is Heron. What do you need most tonight?")
    phone.hears("What do you need most tonight?")
    # A ZIP code is what the dialogue had asked for; it is the case worker who is told.
    phone.send("98104")
    phone.hears_nothing(2)
    assert "911" in phone.send("my friend is not breathing")["twiml"]
    phone.send("OVER")
    desk.write("Medics are with you. I will give you back to the line now.")
    phone.hears("Medics are with you")
    desk.give_back()
    phone.hears("automated line")
    # Nothing of what was said meanwhile is answered, and the old question is not taken up.
    phone.hears_nothing(2)
    texts = desk.texts()
    assert [one.written_by is not None for one in texts if "Heron" in one.body or "Medics" in one.body] == [
        True,
        True,
    ]
    left = [one.body for one in texts if one.state == MessageState.TO_WORKER]
    assert left == ["can i talk to somebody real", "98104", "my friend is not breathing", "OVER"]


def test_after_it_was_given_back_the_dialogue_does_not_take_up_its_old_question(desk, phone):
    phone.says("im hungry", "ZIP")
    desk.take_over()
    desk.write("Heron here. I will be brief.")
    phone.hears("I will be brief")
    desk.give_back()
    phone.hears("automated line")
    phone.send("thanks")
    phone.hears("welcome")
    phone.says("treatment near 98104", "Near 98104")


def test_what_the_line_understood_is_kept_beside_the_text(desk, phone):
    phone.says("food near 98104", "Near 98104")
    asked = next(one for one in desk.texts() if one.body == "food near 98104")
    assert asked.understood is not None
    assert asked.understood.intent
    assert 0 < asked.understood.confidence <= 1
    assert "food" in str(asked.understood.detail)


def test_nobody_answers_and_the_worker_is_killed_the_person_hears_it_once(own_line):
    phone = Phone(own_line)
    desk = Desk(own_line, phone)
    try:
        phone.says("im hungry", "ZIP")
        desk.take_over()
        phone.send("is anybody there")
        phone.hears_nothing(1)
        # Its keeper starts it again, and it dies again, around the moment at which it is due.
        own_line.kill("worker")
        desk.due_now()
        for _ in range(3):
            time.sleep(1.5)
            # Between its death and its keeper there is none to kill.
            with contextlib.suppress(psutil.NoSuchProcess):
                own_line.kill("worker")
        phone.hears("Sorry, nobody on our team could answer", 60)
        wait_for("the line to be ready", own_line.is_ready, 60)
        phone.hears_nothing(3)
        assert not desk.taken()
        phone.says("food near 98104", "Near 98104")
    finally:
        desk.close()
