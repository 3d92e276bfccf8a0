"""People in danger, case workers on call, and the line's own parts; outside are the shipped fakes."""

from sqlalchemy import select

from bot import calling, incidents, roster
from bot.adapters.memory import MemoryCaller
from bot.calling import Calling
from bot.db import reading, writing
from bot.delivery import Delivery, Sender, note_status
from bot.errors import Refused
from bot.intake import InboundText, receive
from bot.models import (
    Call,
    CaseWorker,
    Conversation,
    Incident,
    IncidentEvent,
    IncidentState,
    Message,
    MessageState,
)
from bot.turn import Turn

LINE = "+12065550100"
PHONE = "+12065550142"
OVERDOSE = "my friend is not breathing"


class World:
    """Everything that happens does so at the world's clock; `look` is one round of the worker."""

    def __init__(self, engine, clock, work, dialogue, messenger):
        self.engine, self.clock, self.work = engine, clock, work
        self.dialogue, self.messenger, self.caller = dialogue, messenger, MemoryCaller()
        self.turn = Turn(engine, dialogue, work, clock)
        self.delivery = Delivery(engine, Sender(messenger, work), clock)
        self.calling = Calling(engine, self.caller, work, clock)
        self.sids = iter(range(1, 100_000))
        self.settled: set[str] = set()
        #: What the network says of texts to a number, when not "delivered".
        self.statuses: dict[str, str | None] = {}
        self.unreachable: set[str] = set()

    def on_call(self, *pseudonyms, position=None):
        """Case workers on call at every hour, the first told first. Returns their phones."""
        phones = []
        with writing(self.engine) as session:
            before = session.query(CaseWorker).count()
            for at, pseudonym in enumerate(pseudonyms, before + 1):
                phone = f"+1206555{1000 + at}"
                worker = roster.add_worker(
                    session, pseudonym, f"Name {at}", phone, "America/Los_Angeles", LINE, self.clock()
                )
                for day in range(7):
                    taken = roster.TakenShift(day, 0, 1440, "America/Los_Angeles", position or at)
                    roster.take_shift(session, worker, taken, self.clock())
                phones.append(phone)
        return phones

    def text(self, body, phone=PHONE, **more):
        """Somebody texts, and is answered."""
        inbound = InboundText(f"MM{next(self.sids):032x}", phone, body, **more)
        with writing(self.engine) as session:
            reception = receive(session, inbound, self.clock(), self.work)
        while turns := [
            (name, row)
            for name, row in sorted(self.work.started.items())
            if name.startswith("in-") and name not in self.settled
        ]:
            name, row = turns[0]
            self.settled.add(name)
            self.turn.answer(row)
        return reception

    def look(self):
        """One round: steps that are due, calls, texts on their way and what became of them."""
        incidents.step_overdue(self.engine, self.clock(), self.work)
        self.send()
        incidents.step_overdue(self.engine, self.clock(), self.work)
        self.send()

    def send(self):
        for name, row in sorted(self.work.started.items()):
            if name in self.settled:
                continue
            if name.startswith("out-"):
                self.settled.add(name)
                self._deliver(row)
            elif name.startswith("call-"):
                self.settled.add(name)
                self.calling.place(row)

    def _deliver(self, row):
        if self.delivery.deliver(row) != MessageState.SENT:
            return
        with reading(self.engine) as session:
            message = session.get_one(Message, row)
            to, callback, sid = message.conversation.person.number, message.callback_id, message.message_sid
        status = self.statuses.get(to, "delivered")
        if status:
            note_status(self.engine, callback, sid, status, "", self.clock(), self.work)

    def minutes(self, number):
        """Time passes, a round every half minute."""
        for _ in range(int(number * 2)):
            self.clock.pass_by(seconds=30)
            self.look()

    def heard(self, phone=PHONE):
        """The keys of all that was said to a phone, in order; withheld ones are not said."""
        return [message.reply_key for message in self.messages(phone) if message.direction == "out"]

    def texts_to(self, phone):
        return [body for to, body, _ in self.messenger.sent if to == phone]

    def messages(self, phone=PHONE):
        with reading(self.engine) as session:
            return [
                message
                for message in session.scalars(select(Message).order_by(Message.id))
                if message.conversation.person.number == phone and message.state != MessageState.WITHHELD
            ]

    def incident(self):
        with reading(self.engine) as session:
            found = session.scalars(select(Incident).order_by(Incident.id.desc()).limit(1)).one()
            # Read while the session is open.
            _ = found.conversation, found.acknowledged_by
            return found

    def incidents(self):
        with reading(self.engine) as session:
            return list(session.scalars(select(Incident).order_by(Incident.id)))

    def happened(self):
        with reading(self.engine) as session:
            return [
                (event.kind, event.key)
                for event in session.scalars(select(IncidentEvent).order_by(IncidentEvent.id))
            ]

    def kinds(self):
        return [kind for kind, _ in self.happened()]

    def calls(self):
        return [number for number, _ in self.caller.placed]

    def ends(self, number, outcome="no-answer"):
        """The call of a phone ends."""
        with reading(self.engine) as session:
            ids = [
                call.public_id
                for call in session.scalars(select(Call).order_by(Call.id))
                if call.conversation.person.number == number
            ]
        calling.note(self.engine, ids[-1], self.clock(), self.work, leg_status=outcome)

    def conversation(self, phone=PHONE):
        with reading(self.engine) as session:
            return next(one for one in session.scalars(select(Conversation)) if one.person.number == phone)

    def state(self):
        return IncidentState(self.incident().state)


class DeadLine(MemoryCaller):
    """A provider that refuses to ring a number."""

    def place(self, to, call_public_id, *, for_machine=False):
        raise Refused(21211)
