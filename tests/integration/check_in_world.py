"""One phone, its promises, and the line's own parts, with the outside world faked and the clock in hand."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import event, select

from bot import check_ins
from bot.check_ins import Agreed, Wish
from bot.db import reading, writing
from bot.delivery import Delivery, Sender, Together
from bot.intake import InboundText, receive
from bot.models import CheckIn, CheckInSeries, Consent, Conversation, Message
from bot.turn import Turn

PHONE = "+12065550142"
SEATTLE = "America/Los_Angeles"


class Killed(Exception):
    """The process ends here."""


@contextmanager
def killed_at_commit(engine):
    """What writes within ends before its transaction does."""

    def die(_connection):
        raise Killed

    event.listen(engine, "commit", die)
    try:
        yield
    finally:
        event.remove(engine, "commit", die)


class CheckInWorld:
    """The clock begins at noon on Tuesday, 24 November 2026, in Seattle."""

    def __init__(self, engine, clock, work, dialogue, messenger):
        self.engine, self.clock, self.work = engine, clock, work
        self.dialogue, self.messenger = dialogue, messenger
        self.turn = Turn(engine, dialogue, work, clock)
        sender = Sender(messenger, work)
        self.delivery = Delivery(engine, sender, clock)
        self.together = Together(engine, sender, self.delivery, clock, hands=1)
        self.due_check_ins = check_ins.DueCheckIns(engine, work)
        self.sids = iter(range(1, 10_000))

    def at(self, year, month, day, hour, minute=0):
        self.clock.at = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(SEATTLE))

    def text(self, body):
        with writing(self.engine) as session:
            text = InboundText(f"MM{next(self.sids):032x}", PHONE, body)
            return receive(session, text, self.clock(), self.work).message_id

    def conversation(self, session):
        return session.scalars(select(Conversation)).one()

    def promise(self, body="check on me", *, message_id=None, **how):
        """A check-in so far ahead (timedelta's own words), asked for by a text. Returns its id."""
        ahead = {name: how.pop(name) for name in ("days", "hours", "minutes", "seconds") if name in how}
        asked_by = message_id or self.text(body)
        with writing(self.engine) as session:
            due_at = self.clock() + timedelta(**ahead)
            return check_ins.promise(
                session,
                self.conversation(session),
                due_at,
                how.pop("timezone", SEATTLE),
                asked_by,
                self.clock(),
                **how,
            ).id

    def promise_every(self, words, if_silent="nothing"):
        """A series, said and agreed to. Returns the ids of its check-ins."""
        asked_by = self.text(words)
        with writing(self.engine) as session:
            rule = check_ins.read_recurrence(words, self.clock(), SEATTLE)
            agreed = Agreed(words, "check_in_series_ask", asked_by, if_silent)
            series = check_ins.promise_series(
                session, self.conversation(session), rule, SEATTLE, agreed, self.clock()
            )
            return self._ids(session, series)

    def promise_ladder(self, listing_id=None, body="yes"):
        asked_by = self.text(body)
        with writing(self.engine) as session:
            agreed = Agreed(body, "offer_check_in", asked_by)
            series = check_ins.promise_ladder(
                session, self.conversation(session), SEATTLE, agreed, listing_id, self.clock()
            )
            return self._ids(session, series)

    @staticmethod
    def _ids(session, series: CheckInSeries):
        rows = select(CheckIn.id).where(CheckIn.series_id == series.id).order_by(CheckIn.occurrence)
        return list(session.scalars(rows))

    def keep(self, check_in_id):
        return check_ins.keep(self.engine, check_in_id, self.clock(), self.work)

    def sweep(self):
        """Both sweeps; how many they found."""
        kept = self.due_check_ins.keep(self.clock())
        return kept + check_ins.look_after(self.engine, self.clock(), self.work)

    def obey(self, body, chosen=None, wish=None):
        """What the line says to a wish. The dialogue, when there is one, does the same."""
        message_id = self.text(body)
        with writing(self.engine) as session:
            wish = wish or check_ins.read_wish(body)
            return check_ins.obey(
                session,
                self.conversation(session),
                wish or Wish.LIST,
                body,
                self.clock(),
                message_id,
                chosen=chosen,
            )

    def get(self, check_in_id) -> CheckIn:
        with reading(self.engine) as session:
            return session.get_one(CheckIn, check_in_id)

    def states(self):
        with reading(self.engine) as session:
            return list(session.scalars(select(CheckIn.state).order_by(CheckIn.id)))

    def due(self, check_in_id):
        return self.get(check_in_id).due_at.astimezone(ZoneInfo(SEATTLE)).strftime("%Y-%m-%d %H:%M")

    def dues(self):
        """When everything scheduled is due, in Seattle."""
        with reading(self.engine) as session:
            rows = select(CheckIn.due_at).where(CheckIn.state == "scheduled").order_by(CheckIn.due_at)
            return [
                due.astimezone(ZoneInfo(SEATTLE)).strftime("%m-%d %H:%M") for due in session.scalars(rows)
            ]

    def consents(self):
        with reading(self.engine) as session:
            return list(session.scalars(select(Consent).order_by(Consent.id)))

    def said(self):
        """Keys of all we have said."""
        with reading(self.engine) as session:
            rows = select(Message.reply_key).where(Message.direction == "out").order_by(Message.id)
            return list(session.scalars(rows))

    def words(self):
        """All we have said, in full."""
        with reading(self.engine) as session:
            rows = select(Message).where(Message.direction == "out").order_by(Message.id)
            return [message.body for message in session.scalars(rows)]

    def deliver_all(self):
        for row in self.work.named("out-"):
            self.delivery.deliver(row)
        while self.together.send():
            pass
        return [body for _, body, _ in self.messenger.sent]
