"""One person, case workers, and the line's own parts; outside are the shipped fakes, the clock is in hand."""

from uuid import uuid4

from sqlalchemy import select

from bot import joining, roster
from bot.db import reading, writing
from bot.joining import Patience, Written
from bot.models import CaseWorker, Message, PersonNeeded, Takeover, ThreadEvent
from bot.ports import Reply
from tests.integration.incident_world import LINE, PHONE, World

PATIENCE = Patience(minutes=10, danger_minutes=2)
FOOD = [Reply("ask_place_food")]


class JoiningWorld(World):
    """Heron and Wren work here; the person of PHONE has said hi and was answered."""

    def __init__(self, engine, clock, work, dialogue, messenger):
        super().__init__(engine, clock, work, dialogue, messenger)
        self.dialogue.script = {"im hungry": FOOD}
        with writing(engine) as session:
            self.heron, self.wren = (
                roster.add_worker(
                    session, name, name, f"+1206555200{at}", "America/Los_Angeles", LINE, clock()
                ).id
                for at, name in enumerate(("Heron", "Wren"), 1)
            )
        self.text("hi")
        self.send()
        self.conversation_id = self.conversation().id

    def take_over(self, worker=None, **how):
        with writing(self.engine) as session:
            return joining.take_over(
                session, self.conversation_id, worker or self.heron, self.clock(), self.work, PATIENCE, **how
            ).id

    def give_back(self, worker=None):
        with writing(self.engine) as session:
            joining.give_back(session, self.conversation_id, worker or self.heron, self.clock(), self.work)

    def newest(self):
        with reading(self.engine) as session:
            texts = select(Message.id).where(Message.conversation_id == self.conversation_id)
            return session.scalars(texts.order_by(Message.id.desc()).limit(1)).first() or 0

    def write(self, body, worker=None, after=None, draft=None, **more):
        """A case worker's text; sent at once. Returns its id."""
        written = Written(
            self.conversation_id,
            worker or self.heron,
            body,
            draft or uuid4().hex,
            self.newest() if after is None else after,
            **more,
        )
        with writing(self.engine) as session:
            row = joining.send(session, written, self.clock(), self.work)
        self.send()
        return row

    def says(self, body):
        """The person texts; what is said to it has left."""
        reception = self.text(body)
        self.send()
        return reception.message_id

    def wait(self, **how_long):
        """Time passes, and the clock of a worker looks."""
        self.clock.pass_by(**how_long)
        found = joining.return_unanswered(self.engine, self.clock(), self.work)
        self.send()
        return found

    def heard_since(self, count):
        return self.texts_to(PHONE)[count:]

    def state_of(self, message_id):
        with reading(self.engine) as session:
            return session.get_one(Message, message_id).state

    def takeovers(self):
        with reading(self.engine) as session:
            return list(session.scalars(select(Takeover).order_by(Takeover.id)))

    def done(self):
        with reading(self.engine) as session:
            return [event.kind for event in session.scalars(select(ThreadEvent).order_by(ThreadEvent.id))]

    def standing(self):
        with reading(self.engine) as session:
            return [
                need.reason
                for need in session.scalars(
                    select(PersonNeeded).where(PersonNeeded.settled_at.is_(None)).order_by(PersonNeeded.id)
                )
            ]

    def worker(self, session, worker_id):
        return session.get_one(CaseWorker, worker_id)
