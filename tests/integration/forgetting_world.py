"""Somebody of whom the line knows everything there is to know, and the parts that forget them."""

from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import func, make_url, select

from bot import check_ins, home_messages, using_alone
from bot.adapters.memory import MemoryCaller, MemoryDialogue, MemoryMessenger
from bot.adapters.memory_copies import MemoryCopies
from bot.calling import Calling, note
from bot.calls import request
from bot.db import reading, writing
from bot.delivery import Delivery, Sender
from bot.forgetting.afterwards import Afterwards
from bot.intake import InboundText, Media, receive
from bot.models import Call, Conversation, DialogueTracker, Erasure, Message, MessageState
from bot.people import conversation_with
from bot.turn import Turn
from bot.using_alone import Wanted
from services_directory.verification import report_closed
from tests.planted import in_database, in_files

PERSON, HOME, CONTACT, OTHER = "+12065550142", "+12065550177", "+12065550178", "+12065550143"
SENTENCES = (
    "the blue tent behind the violet laundromat",
    "tell mom the heron is well",
    "sleeping near the copper fountain",
    "my picture of the amber door",
)
SECRETS = (PERSON, PERSON.removeprefix("+1"), HOME, CONTACT, "Rosalind Quill", *SENTENCES)


class ForgettingWorld:
    """The clock of the tests decides; outside are the shipped fakes; durable work is DBOS's own rows."""

    def __init__(self, line, clock):
        self.line, self.engine, self.clock = line, line.engine, clock
        self.messenger, self.copies, self.caller = (
            MemoryMessenger(clock=clock),
            MemoryCopies(),
            MemoryCaller(),
        )
        self.dialogue = MemoryDialogue()
        self.turn = Turn(self.engine, self.dialogue, line.durably, clock)
        self.delivery = Delivery(self.engine, Sender(self.messenger, line.durably), clock)
        self.calling = Calling(self.engine, self.caller, line.durably, clock)
        self.afterwards = Afterwards(self.engine, self.messenger, self.copies, line.durably, clock)
        self.sids = iter(range(1, 10_000))

    def text(self, body, phone=PERSON, **more):
        """Somebody texts and is answered; what the provider has of it is noted there. Returns the SID."""
        sid = f"SM{next(self.sids):032x}".replace("SM0", "SMf", 1)
        self.copies.texts[sid] = (phone, self.clock())
        self.copies.media[sid] = len(more.get("media", ()))
        with writing(self.engine) as session:
            text = InboundText(sid, phone, body, **more)
            reception = receive(session, text, self.clock(), self.line.durably)
        if reception.state == MessageState.RECEIVED and not reception.repeated:
            self.turn.answer(reception.message_id)
        self.clock.pass_by(seconds=3)
        return sid

    def deliver(self):
        """What waits to be sent is sent."""
        with reading(self.engine) as session:
            waiting = session.scalars(
                select(Message.id).where(Message.state == MessageState.QUEUED).order_by(Message.id)
            ).all()
        for row in waiting:
            self.delivery.deliver(row)
        for sid, (number, _, _) in zip(self.messenger.sids, self.messenger.sent, strict=True):
            self.copies.texts.setdefault(sid, (number, self.clock()))

    def said(self, phone=PERSON):
        """Keys of all that was said to a phone whose person the line knows."""
        with reading(self.engine) as session:
            theirs = [row.id for row in session.scalars(select(Conversation)) if row.person.number == phone]
            rows = select(Message.reply_key).where(
                Message.conversation_id.in_(theirs), Message.direction == "out"
            )
            return list(session.scalars(rows.order_by(Message.id)))

    def with_everything(self):
        """Texts, a picture, a check-in, a timer, a call and a text home, an incident, a refusal."""
        clock, durably = self.clock, self.line.durably
        self.text(f"hi im {SENTENCES[0]}")
        self.text("", num_media=1, media=(Media(f"https://api.twilio.com/{SENTENCES[3]}", "image/jpeg"),))
        asked = self.text(f"check on me tomorrow {SENTENCES[2]}")
        with writing(self.engine) as session:
            conversation = conversation_with(session, PERSON, clock())
            message = session.scalars(select(Message.id).where(Message.message_sid == asked)).one()
            due = clock() + timedelta(days=1)
            check_ins.promise(session, conversation, due, "America/Los_Angeles", message, clock())
            request(session, conversation, HOME, message, clock(), durably, name="Rosalind Quill")
            report_closed(session, "place", conversation.public_id, clock().date())
            session.add(
                DialogueTracker(
                    sender_id=conversation.public_id,
                    tracker=Fernet(self.line.settings.field_keys[0]).encrypt(SENTENCES[0].encode()),
                    saved_at=clock(),
                )
            )
        self._calls_home()
        self._texts_home()
        self._runs_a_timer()
        self._is_in_danger()
        self.deliver()

    def _calls_home(self):
        with reading(self.engine) as session:
            row, public_id = session.execute(select(Call.id, Call.public_id)).one()
        self.calling.place(row)
        self.copies.calls["CA" + f"{1:032x}"] = (PERSON, self.clock())
        note(
            self.engine,
            public_id,
            self.clock(),
            self.line.durably,
            leg_status="completed",
            seconds=0,
            settled=True,
        )

    def _texts_home(self):
        with writing(self.engine) as session:
            home_messages.send(
                session,
                conversation_with(session, PERSON, self.clock()),
                HOME,
                SENTENCES[1],
                "yes",
                None,
                self.clock(),
                self.line.durably,
                self.line.call_limits,
                name="Rosalind Quill",
            )
        self.deliver()
        self.text(f"thank you, {SENTENCES[1]}", phone=HOME)
        self.text("wrong number", phone=HOME)

    def _runs_a_timer(self):
        with writing(self.engine) as session:
            wanted = Wanted(10, SENTENCES[2], CONTACT)
            conversation = conversation_with(session, PERSON, self.clock())
            timer, _ = using_alone.start(
                session, conversation, wanted, "yes", None, self.clock(), self.line.durably
            )
            using_alone.escalate(session, timer.id, self.clock(), self.line.durably)
        self.deliver()
        self.text("im ok")

    def _is_in_danger(self):
        self.text(f"my friend is not breathing, {SENTENCES[0]}")
        self.text("OVER")

    def goes_on(self, erasure_id=1):
        """The worker takes it up until it is finished; says how often."""
        for times in range(1, 20):
            if self.afterwards.go_on(erasure_id) == "finished":
                return times
            self.clock.pass_by(minutes=3)
        raise AssertionError("never finished")

    def receipt(self):
        with reading(self.engine) as session:
            return session.scalars(select(Erasure).order_by(Erasure.id.desc())).first()

    def count(self, model):
        with reading(self.engine) as session:
            return session.scalars(select(func.count()).select_from(model)).one()

    def found(self, secrets=SECRETS):
        """Where any of it still is."""
        keys = self.line.settings.field_keys
        where = in_database(self.engine, secrets, keys)
        if self.engine.dialect.name == "sqlite":
            database = make_url(self.line.settings.database_url).database or ""
            where += in_files(Path(database), secrets, keys)
        return where
