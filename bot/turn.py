"""The turn: what one text gets for an answer. Run durably, safe to run again after a crash anywhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from bot import (
    before_dialogue,
    cards,
    check_ins,
    emergencies,
    home_messages,
    home_plainly,
    joining,
    keyword_menu,
    outbox,
)
from bot.consent import CONFIRMATION, Wish, read_wish
from bot.db import reading, writing
from bot.errors import DialogueUnavailable
from bot.home_plainly import HomeRules
from bot.models import Direction, Message, MessageState
from bot.ports import Clock, DialogueModel, Durably, Reply

WELCOME = Reply("first_contact")
#: A text still unanswered after this has lost its worker or met an error.
STUCK_AFTER = timedelta(minutes=1)
#: An answer that comes later than this answers somebody who has gone elsewhere.
ANSWERED_WITHIN = timedelta(hours=1)
#: How often a text that the menu answered is tried again.
ANSWER_AGAIN_EVERY = timedelta(seconds=5)
#: Replies that speak of danger: they stand alone.
SAFETY = {emergencies.CRISIS_WORDS, emergencies.ARE_YOU_SAFE}
#: A case worker came while the dialogue was asked: only this is said of what it answered.
BESIDE_WORKER = {emergencies.CRISIS_WORDS, CONFIRMATION}
#: Said to a picture, once in so long: a second picture is not told the same.
ONLY_TEXT = "only_text"
ONLY_TEXT_ONCE_IN = timedelta(hours=1)
#: Replies that only repeat what the welcome has just said.
SAID_BY_WELCOME = {"greet", "menu"}


@dataclass(frozen=True)
class Asking:
    """A text as the turn needs it."""

    conversation: str
    body: str
    readable: bool
    wish: Wish
    asked_before: bool
    #: Earlier texts that only the menu answered: the dialogue must hear them first, in order.
    behind: tuple[tuple[int, str], ...] = ()


class Turn:
    """Answers texts one at a time per conversation (the queue's partition sees to that)."""

    def __init__(
        self,
        engine: Engine,
        dialogue: DialogueModel,
        durably: Durably,
        clock: Clock,
        homes: HomeRules | None = None,
    ) -> None:
        self._engine, self._dialogue, self._durably, self._clock = engine, dialogue, durably, clock
        self._homes = homes or HomeRules()

    def answer(self, message_id: int) -> MessageState:
        """Answer a text, once. Returns the state it ends in. Raises only what trying again may mend."""
        asking = self._begin(message_id)
        if asking is None:
            return MessageState.ANSWERED
        try:
            replies = self._decide(asking, message_id)
        except DialogueUnavailable:
            return self._finish_without_dialogue(message_id, asking)
        return self._finish(message_id, asking, replies)

    def _begin(self, message_id: int) -> Asking | None:
        with writing(self._engine) as session:
            message = session.get_one(Message, message_id)
            if message.state == MessageState.ANSWERED or self._needs_no_answer(session, message):
                return None
            if message.state == MessageState.MENU:
                newer = _newer(session, message)
                if newer and newer.state not in {MessageState.ANSWERED, MessageState.TO_WORKER}:
                    # Its turn tells the dialogue of this one; an answer to this one would be out of place.
                    return None
                if newer or message.created_at < self._clock() - ANSWERED_WITHIN:
                    message.state = MessageState.ANSWERED
                    return None
            person = message.conversation.person
            wish, _ = read_wish(message.body, opted_out=person.opted_out_at is not None)
            if self._answered_before_dialogue(session, message, wish):
                message.state = MessageState.ANSWERED
                return None
            readable = any(letter.isalnum() for letter in message.body)
            if message.num_media and not readable and _told_of_pictures(session, message, self._clock()):
                message.state = MessageState.ANSWERED
                return None
            asking = Asking(
                conversation=message.conversation.public_id,
                body=message.body,
                readable=readable,
                wish=wish,
                asked_before=message.state != MessageState.RECEIVED,
                behind=_only_menu_answered(session, message),
            )
            if message.state == MessageState.RECEIVED:
                message.state = MessageState.ASKED
            return asking

    def _needs_no_answer(self, session: Session, message: Message) -> bool:
        """Whether a text was answered with the webhook, or is a case worker's to answer."""
        if message.triage_kind is None:
            return joining.leave_to_worker(session, message, self._clock(), self._durably)
        # Its words have gone out with the webhook; more would only cover them.
        home_messages.heed(session, message, self._clock(), self._durably)
        if message.state != MessageState.TO_WORKER:
            message.state = MessageState.ANSWERED
        return True

    def _answered_before_dialogue(self, session: Session, message: Message, wish: Wish) -> bool:
        """Say what needs no dialogue; True when nothing is left for the dialogue to answer."""
        if message.state == MessageState.MENU:
            return False
        now = self._clock()
        said = before_dialogue.answer(session, message, wish, now, self._durably, self._homes)
        if said is None:
            return False
        if said.replies:
            # Without any the person may have been forgotten, and the text with them.
            cause = f"{emergencies.BEFORE}{message.id}"
            outbox.put(session, message.conversation, said.replies, cause, now, self._durably)
        return not said.goes_on

    def _decide(self, asking: Asking, message_id: int) -> list[Reply]:
        if asking.wish is Wish.START:
            return [Reply("welcome_back")]
        if asking.wish is Wish.LANGUAGE:
            return [Reply("language_set")]
        if asking.wish is Wish.INFO:
            return [Reply("help")]
        if not asking.readable:
            return [Reply(ONLY_TEXT)]
        if cards.asks_for_card(asking.body):
            return [Reply(cards.CARD_REPLY, attached=cards.CARD)]
        missed: list[Reply] = []
        for earlier_id, body in asking.behind:
            missed += self._tell(asking.conversation, earlier_id, body)
        # What the dialogue would have said to those is late by now, but for this.
        crisis = [reply for reply in missed if reply.key == emergencies.CRISIS_WORDS][:1]
        return crisis + _each_once(self._ask(asking, message_id))

    def _ask(self, asking: Asking, message_id: int) -> list[Reply]:
        if asking.asked_before:
            said = self._dialogue.already_said(asking.conversation, message_id)
            if said is not None:
                return said
        return self._dialogue.ask(asking.conversation, asking.body, message_id)

    def _tell(self, conversation: str, message_id: int, body: str) -> list[Reply]:
        said = self._dialogue.already_said(conversation, message_id)
        if said is None:
            said = self._dialogue.ask(conversation, body, message_id)
        with writing(self._engine) as session:
            session.get_one(Message, message_id).state = MessageState.ANSWERED
        return said

    def _finish(self, message_id: int, asking: Asking, replies: list[Reply]) -> MessageState:
        now = self._clock()
        with writing(self._engine) as session:
            message = session.get_one(Message, message_id)
            conversation = message.conversation
            if conversation.person.opted_out_at is not None:
                replies = [reply for reply in replies if reply.key == CONFIRMATION]
                conversation.welcomed_at = conversation.welcomed_at or now
            to_worker = joining.is_left_to_worker(session, message)
            if to_worker:
                replies = [reply for reply in replies if reply.key in BESIDE_WORKER]
            aside = emergencies.was_put_aside(session, message)
            replies, danger = self._with_safety(session, message, replies, now)
            if replies:
                if conversation.welcomed_at is None and not danger:
                    conversation.welcomed_at = now
                    replies = [WELCOME] + [reply for reply in replies if reply.key not in SAID_BY_WELCOME]
                # One that was put aside has had a first answer: the crisis words.
                cause = f"later-{message.id}" if aside else f"in-{message.id}"
                if message.state == MessageState.MENU:
                    said = outbox.said_for(session, cause)
                    replies = [
                        reply for reply in replies if outbox.words(conversation, reply, now) not in said
                    ]
                    cause = f"again-{message.id}"
                outbox.put(session, conversation, replies, cause, now, self._durably)
            message.state = MessageState.TO_WORKER if to_worker else MessageState.ANSWERED
            return MessageState(message.state)

    def _with_safety(
        self, session: Session, message: Message, replies: list[Reply], now: datetime
    ) -> tuple[list[Reply], bool]:
        """The replies after a look at what they mean for somebody's safety, and whether they mean some.

        An emergency told of since then is not covered with an answer to something else.
        """
        incident = emergencies.going_on(session, message.conversation)
        if incident is not None and emergencies.came_since(session, message):
            emergencies.put_aside(session, incident, message, now)
            return [], True
        if emergencies.was_put_aside(session, message):
            # Its danger is over; what else it asked for is answered now.
            return [reply for reply in replies if reply.key not in SAFETY], False
        keys = {reply.key for reply in replies}
        if emergencies.CRISIS_WORDS in keys:
            incident = emergencies.open_crisis(session, message, now, self._durably)
            if len(replies) > 1:
                emergencies.put_aside(session, incident, message, now)
            return [Reply(emergencies.CRISIS_WORDS)], True
        if emergencies.ARE_YOU_SAFE in keys:
            emergencies.note_asked(message.conversation, now)
        return replies, emergencies.ARE_YOU_SAFE in keys

    def _finish_without_dialogue(self, message_id: int, asking: Asking) -> MessageState:
        # Not under the write lock, which everybody waits for.
        keyword_menu.warm_up()
        now = self._clock()
        with writing(self._engine) as session:
            message = session.get_one(Message, message_id)
            if message.state == MessageState.MENU:
                return MessageState.MENU
            if joining.is_left_to_worker(session, message):
                message.state = MessageState.TO_WORKER
                return MessageState.TO_WORKER
            conversation = message.conversation
            settled: list[Reply] = []
            if conversation.person.opted_out_at is None:
                settled = check_ins.answer_without_dialogue(
                    session, conversation, message.body, now, self._durably
                )
                settled = settled or home_plainly.begin(session, message, now, self._homes)
                replies = settled or keyword_menu.answer(session, conversation, message.body, now)
                if conversation.welcomed_at is None:
                    conversation.welcomed_at = now
                    replies = [WELCOME] + [reply for reply in replies if reply.key not in SAID_BY_WELCOME]
                outbox.put(session, conversation, replies, f"in-{message.id}", now, self._durably)
            # What was about a check-in or home needs no better answer later.
            message.state = MessageState.ANSWERED if settled else MessageState.MENU
            return MessageState(message.state)


def _each_once(replies: list[Reply]) -> list[Reply]:
    """No reply twice: a dialogue whose actions died in the middle of a turn may repeat itself in the next."""
    once: list[Reply] = []
    for reply in replies:
        if reply not in once:
            once.append(reply)
    return once


def _only_menu_answered(session: Session, message: Message) -> tuple[tuple[int, str], ...]:
    earlier = session.scalars(
        _in_state(MessageState.MENU).where(
            Message.conversation_id == message.conversation_id, Message.id < message.id
        )
    )
    return tuple((text.id, text.body) for text in earlier)


def _told_of_pictures(session: Session, message: Message, now: datetime) -> bool:
    told = select(Message.id).where(
        Message.conversation_id == message.conversation_id,
        Message.direction == Direction.OUT,
        Message.reply_key == ONLY_TEXT,
        Message.created_at > now - ONLY_TEXT_ONCE_IN,
    )
    return session.scalars(told.limit(1)).first() is not None


def _newer(session: Session, message: Message) -> Message | None:
    later = select(Message).where(
        Message.conversation_id == message.conversation_id,
        Message.direction == Direction.IN,
        Message.id > message.id,
    )
    return session.scalars(later.order_by(Message.id.desc()).limit(1)).first()


def menu_answered(engine: Engine) -> bool:
    """Whether some text was answered from the keyword menu and waits for a proper answer."""
    with reading(engine) as session:
        return session.scalars(_in_state(MessageState.MENU).limit(1)).first() is not None


def answer_again(engine: Engine, durably: Durably, now: datetime) -> int:
    """Start the turns of texts the menu answered, now that the dialogue model is back. Returns how many."""
    with writing(engine) as session:
        waiting = session.scalars(_in_state(MessageState.MENU)).all()
        for message in waiting:
            attempt = int((now - message.created_at) / ANSWER_AGAIN_EVERY) + 1
            durably.turn(session, message.id, message.conversation_id, attempt=attempt)
        return len(waiting)


def resume_stuck(engine: Engine, durably: Durably, now: datetime) -> int:
    """Start again the turns of texts that have waited too long for an answer. Returns how many."""
    with writing(engine) as session:
        stuck = session.scalars(
            _in_state(MessageState.RECEIVED, MessageState.ASKED).where(Message.created_at < now - STUCK_AFTER)
        ).all()
        for message in stuck:
            # One new attempt a minute: the id carries it, so that several sweepers start one.
            attempt = int((now - message.created_at).total_seconds() // 60)
            durably.turn(session, message.id, message.conversation_id, attempt=attempt)
        return len(stuck)


def _in_state(*states: MessageState) -> Select[Message]:
    return (
        select(Message)
        .where(Message.direction == Direction.IN, Message.state.in_(states))
        .order_by(Message.id)
    )


def unanswered_since(engine: Engine) -> Message | None:
    """The oldest text still waiting for an answer, or None."""
    with reading(engine) as session:
        waiting = _in_state(MessageState.RECEIVED, MessageState.ASKED, MessageState.HELD)
        return session.scalars(waiting.limit(1)).first()
