"""What answers somebody while their emergency goes on: the steps of its script, until they say it is over.

It needs no model. Whatever they write is answered, and no step is said for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot import incidents
from bot.consent import Wish
from bot.emergencies.law import law_for, state_of
from bot.emergencies.reading import Answer, read, read_yes_or_no
from bot.emergencies.scripts import USUALLY, Script, script_for
from bot.incidents import Happened
from bot.models import (
    Conversation,
    Direction,
    Incident,
    IncidentEvent,
    IncidentSource,
    Message,
    MessageState,
    UnpromptedText,
)
from bot.needs import read_needs
from bot.ports import Durably, Reply

IS_IT_OVER = ("is_it_over", "is_it_over_again")
MOST_TIMES = 2
#: Where somebody is was said lately, or it may be another phone's owner by now.
SAID_LATELY = timedelta(hours=12)
TEXTS_LOOKED_AT = 20
#: What the line asked so long before the emergency is not come back to.
ASKED_LATELY = timedelta(hours=1)
#: The id of the turn that takes up a text put aside: apart from those of retries, which count minutes.
TAKEN_UP = 9000


@dataclass(frozen=True)
class Said:
    """What the line says to a text, and whether the dialogue hears that text as well."""

    replies: Sequence[Reply]
    goes_on: bool = False


@cache
def _back() -> Mapping[str, str]:
    page: dict[str, str] = yaml.safe_load((files("bot.emergencies") / "back.yml").read_text("utf-8"))
    return page


def going_on(session: Session, conversation: Conversation) -> Incident | None:
    """The emergency of a conversation that is not over, as they themselves told of it; else None."""
    incident = incidents.open_of(session, conversation)
    if incident is None or incident.over_at is not None or incident.source not in incidents.WRITTEN:
        return None
    return incident if script_for(incident.kind, incident.danger_to) else None


def answer(session: Session, message: Message, wish: Wish, now: datetime, durably: Durably) -> Said | None:
    """What the line says to a text while an emergency goes on; None when none does."""
    conversation = message.conversation
    incident = incidents.open_of(session, conversation)
    if incident is None or incident.over_at is not None:
        return None
    if incidents.gone_quiet(session, incident, message.id, now):
        incidents.over(session, incident, now, "quiet", message.id)
        return None
    script = script_for(incident.kind, incident.danger_to)
    if script is None:
        return None
    if incident.source not in incidents.WRITTEN:
        return _begun_by_silence(session, message, incident, script, now, durably)
    if came_since(session, message):
        put_aside(session, incident, message, now)
        return Said([])
    return _Going(session, message, incident, script, now, durably).answer(wish)


def came_since(session: Session, message: Message) -> bool:
    """Whether an emergency that goes on was told of in a later text: an answer to this one would cover it."""
    incident = going_on(session, message.conversation)
    if incident is None:
        return False
    later = select(Message.id).where(
        Message.conversation_id == message.conversation_id,
        Message.direction == Direction.IN,
        Message.id > message.id,
        Message.triage_kind.is_not(None),
        Message.created_at >= incident.opened_at,
    )
    return session.scalars(later.limit(1)).first() is not None


def put_aside(session: Session, incident: Incident, message: Message, now: datetime) -> None:
    """Keep a text until the danger is over; the newest is then answered."""
    key = f"aside-{message.id}"
    incidents.record(session, incident, Happened.PUT_ASIDE, key, now, message_id=message.id)


def _begun_by_silence(
    session: Session, message: Message, incident: Incident, script: Script, now: datetime, durably: Durably
) -> Said:
    # A timer ran out and now they ask for help: from here on it is what they say.
    conversation = message.conversation
    incidents.open_incident(
        session,
        conversation,
        IncidentSource.DIALOGUE,
        incident.kind,
        now,
        durably,
        danger_to=incident.danger_to,
        message_id=message.id,
    )
    conversation.emergency_kind, conversation.emergency_at = incident.kind, now
    return Said([Reply(script.steps[0].say)])


def was_put_aside(session: Session, message: Message) -> bool:
    """Whether a text has waited for an emergency to be over."""
    kept = select(IncidentEvent.id).where(
        IncidentEvent.message_id == message.id, IncidentEvent.kind == Happened.PUT_ASIDE
    )
    return session.scalars(kept.limit(1)).first() is not None


@dataclass(frozen=True)
class _Going:
    """One text in one emergency."""

    session: Session
    message: Message
    incident: Incident
    script: Script
    now: datetime
    durably: Durably

    @property
    def danger_to(self) -> str:
        """Whose being well ends it."""
        return self.incident.danger_to or USUALLY[self.incident.kind]

    def answer(self, wish: Wish) -> Said:
        """The next thing to say."""
        if wish is Wish.LANGUAGE:
            return self._again()
        # Other needs in it: "they took him, im still hungry".
        wanted = [need for need in read_needs(self.message.body).wanted if need not in self.script.part_of_it]
        said = read(self.message.body, self.danger_to)
        if self._last_said() in IS_IT_OVER and said is not Answer.OVER:
            over = read_yes_or_no(self.message.body)
            if over is not None:
                said = Answer.OVER if over else Answer.QUESTION
        if said is Answer.OVER:
            return self._over(goes_on=bool(wanted))
        if wanted or said is Answer.MAYBE_OVER:
            return self._is_it_over(aside=bool(wanted))
        if said is Answer.POLICE:
            return self._capped(self._law() or self.script.police.say)
        if said is Answer.NO_NALOXONE and self.script.no_naloxone:
            return self._capped(self.script.no_naloxone.say)
        step = self.script.steps[self.incident.script_step]
        if said is Answer.NONE_HERE and step.if_no and self._last_said() == step.say:
            return self._capped(step.if_no)
        return self._again() if said is Answer.QUESTION else self._next()

    def _next(self) -> Said:
        if self.incident.script_step + 1 < len(self.script.steps):
            self.incident.script_step += 1
        return self._again()

    def _again(self) -> Said:
        return self._capped(self.script.steps[self.incident.script_step].say)

    def _capped(self, key: str) -> Said:
        if self._times(key) < MOST_TIMES:
            return Said([Reply(key)])
        # Never the same again and again, and never nothing: who to call, in other words each time.
        turns = [self.script.holds[0], IS_IT_OVER[0], *self.script.holds[1:], IS_IT_OVER[1]]
        said = sum(self._times(turn) for turn in turns)
        return Said([Reply(turns[said % len(turns)])])

    def _is_it_over(self, *, aside: bool) -> Said:
        if aside:
            put_aside(self.session, self.incident, self.message, self.now)
        return Said([Reply(IS_IT_OVER[min(1, self._times(IS_IT_OVER[0]))])])

    def _over(self, *, goes_on: bool) -> Said:
        incidents.over(self.session, self.incident, self.now, "words", self.message.id)
        replies = [Reply(self.script.over.say)]
        if goes_on:
            return Said(replies, goes_on=True)
        waiting = self._put_aside()
        if waiting is not None:
            take_up(self.session, waiting, self.durably)
        else:
            asked = self._asked_before()
            replies += [Reply(_back()[asked])] if asked and asked in _back() else []
        return Said(replies)

    def _put_aside(self) -> Message | None:
        kept = select(IncidentEvent.message_id).where(
            IncidentEvent.incident_id == self.incident.id, IncidentEvent.kind == Happened.PUT_ASIDE
        )
        newest = self.session.scalars(kept.order_by(IncidentEvent.message_id.desc()).limit(1)).first()
        return self.session.get(Message, newest) if newest else None

    def _law(self) -> str | None:
        texts = self.session.scalars(
            select(Message)
            .where(
                Message.conversation_id == self.message.conversation_id,
                Message.direction == Direction.IN,
                Message.id <= self.message.id,
                Message.created_at > self.now - SAID_LATELY,
            )
            .order_by(Message.id.desc())
            .limit(TEXTS_LOOKED_AT)
        )
        return law_for(self.incident.kind, state_of(text.body for text in texts))

    def _said(self) -> Select[Message]:
        """Replies since the emergency words were said last."""
        since = self.message.conversation.emergency_at or self.incident.opened_at
        return select(Message).where(
            Message.conversation_id == self.message.conversation_id,
            Message.direction == Direction.OUT,
            Message.created_at >= since,
        )

    def _times(self, key: str) -> int:
        said = self._said().with_only_columns(func.count()).where(Message.reply_key == key)
        return int(self.session.scalar(said) or 0)

    def _last_said(self) -> str | None:
        """The last reply to a text of theirs: what comes unasked, as word of our team, asks nothing."""
        said = self._said().where(Message.id.not_in(select(UnpromptedText.message_id)))
        last = self.session.scalars(said.order_by(Message.id.desc()).limit(1)).first()
        return last.reply_key if last else None

    def _asked_before(self) -> str | None:
        before = select(Message).where(
            Message.conversation_id == self.message.conversation_id,
            Message.direction == Direction.OUT,
            Message.created_at > self.incident.opened_at - ASKED_LATELY,
            Message.created_at < self.incident.opened_at,
        )
        last = self.session.scalars(before.order_by(Message.id.desc()).limit(1)).first()
        return last.reply_key if last else None


def take_up(session: Session, message: Message, durably: Durably) -> None:
    """Answer after all a text that was put aside: its turn comes after this one."""
    # Not as new: the dialogue may have been asked already, and answers twice to nothing.
    message.state = MessageState.ASKED
    session.flush()
    durably.turn(session, message.id, message.conversation_id, attempt=TAKEN_UP)
