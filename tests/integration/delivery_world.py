"""The outbox with a provider that fails as it is told, and time that passes as it is told."""

from datetime import datetime

from sqlalchemy import select

from bot import outbox
from bot.consent_ledger import agree
from bot.db import reading, writing
from bot.delivery import Delivery, Pace, Sender, Together, match_parked, note_status, resume_stuck
from bot.intake import InboundText, receive
from bot.models import Conversation, DeliveryAlert, Message, MessageState, MessageStatusEvent, Purpose
from bot.people import conversation_with
from bot.ports import Reply

PHONE = "+12065550142"
OTHER = "+12065550143"


class DeliveryWorld:
    """`run` wakes whatever is due, in order, as the durable queues would."""

    def __init__(self, engine, clock, work, messenger, mps=0.0, address_of=None):
        self.engine, self.clock, self.work, self.messenger = engine, clock, work, messenger
        messenger.clock = clock
        sender = Sender(messenger, work, pace=Pace(mps), chance=lambda: 0.5, address_of=address_of)
        self.delivery = Delivery(engine, sender, clock)
        # One after the other, so that what is sent in which order is known.
        self.together = Together(engine, sender, self.delivery, clock, hands=1)
        self.done: set[str] = set()
        self.sids = iter(range(1, 100_000))
        self.causes = iter(range(1, 100_000))

    def put(self, *keys, phone=PHONE, **fill):
        """Queue answers. Returns their rows' ids."""
        with writing(self.engine) as session:
            there = conversation_with(session, phone, self.clock())
            cause = f"in-{next(self.causes)}"
            return outbox.put(
                session, there, [Reply(key, fill) for key in keys], cause, self.clock(), self.work
            )

    def put_attached(self, key, attached, phone=PHONE):
        """Queue an answer that something goes with."""
        with writing(self.engine) as session:
            there = conversation_with(session, phone, self.clock())
            cause = f"in-{next(self.causes)}"
            reply = Reply(key, attached=attached)
            return outbox.put(session, there, [reply], cause, self.clock(), self.work)

    def put_unprompted(self, key, purpose=Purpose.CHECK_IN, phone=PHONE, cause=None, **fill):
        """Queue one text that nobody waits for. Returns its row's id."""
        with writing(self.engine) as session:
            there = conversation_with(session, phone, self.clock())
            consent = agree(session, there, purpose, "yes", self.clock())
            cause = cause or f"made-{next(self.causes)}"
            (row,) = outbox.put_unprompted(
                session, there, [Reply(key, fill)], cause, self.clock(), self.work, consent
            )
            return row

    def text(self, body, phone=PHONE):
        with writing(self.engine) as session:
            inbound = InboundText(f"MM{next(self.sids):032x}", phone, body)
            return receive(session, inbound, self.clock(), self.work).message_id

    def run(self):
        """Everything that is due now, the urgent first; what it starts for now is due as well."""
        while (due := self._due()) or self.together.send():
            for name in due:
                self.done.add(name)
                self.delivery.deliver(self.work.started[name])

    def _due(self):
        started = [name for name in self.work.started if name.startswith("out-") and name not in self.done]
        due = [
            name for name in started if self.work.due.get(name) is None or self.work.due[name] <= self.clock()
        ]
        return sorted(due, key=lambda name: (name not in self.work.urgent, name))

    def wait(self, seconds, every=1.0):
        """Time passes."""
        for _ in range(round(seconds / every)):
            self.clock.pass_by(seconds=every)
            self.run()

    def sweep(self):
        """One round of the worker's clock."""
        resumed = resume_stuck(self.engine, self.work, self.clock())
        match_parked(self.engine, self.clock(), self.work)
        return resumed

    def message(self, row) -> Message:
        with reading(self.engine) as session:
            found = session.get_one(Message, row)
            _ = found.conversation.person
            return found

    def state(self, row):
        return MessageState(self.message(row).state)

    def status(self, status, row=None, sid=None, code="", callback=None):
        """The provider says something of a text: by our own id and its SID unless told otherwise."""
        message = self.message(row) if row else None
        if callback is None:
            callback = message.callback_id if message else ""
        sid = sid or message.message_sid
        return note_status(
            self.engine, callback, sid, status, code, self.clock(), self.work, chance=lambda: 0.5
        )

    def events(self):
        with reading(self.engine) as session:
            rows = session.scalars(select(MessageStatusEvent).order_by(MessageStatusEvent.id)).all()
            return [(row.message_status, row.error_code) for row in rows]

    def alerts(self):
        """Standing alerts: code to how often."""
        with reading(self.engine) as session:
            rows = session.scalars(select(DeliveryAlert).where(DeliveryAlert.cleared_at.is_(None)))
            return {row.code: row.count for row in rows}

    def person(self, phone=PHONE):
        with reading(self.engine) as session:
            return next(
                one.person for one in session.scalars(select(Conversation)) if one.person.number == phone
            )

    def bodies(self, phone=None):
        return [body for to, body, _ in self.messenger.sent if phone in {None, to}]

    def sent_at(self) -> list[datetime]:
        return list(self.messenger.taken_at)
