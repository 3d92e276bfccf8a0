"""The questions of a call or a text home, asked without any model.

Nothing is kept beside the texts themselves: what was asked last says what a text answers, and the text that
a question followed holds the number or the words. Such a question is answered here also when the dialogue
is back by then, which knows nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import calls, home_messages, phone_numbers
from bot.calls import CallLimits
from bot.home_plainly.reading import READY_MADE, asks_again, asks_to_text
from bot.models import CallState, Conversation, Direction, Message
from bot.needs import CALL_HOME, read_needs
from bot.phone_numbers import COUNTRIES, Unfit
from bot.ports import Durably, Reply
from bot.presenting import phone_words
from bot.replies import load_replies
from bot.triage import assess
from bot.voicemail.reading import yes_or_no

CALL_NUMBER, CALL_CONFIRM = "plain_call_number", "plain_call_confirm"
TEXT_NUMBER, TEXT_WORDS, TEXT_CONFIRM = "plain_text_number", "plain_text_words", "plain_text_confirm"
QUESTIONS = {CALL_NUMBER, CALL_CONFIRM, TEXT_NUMBER, TEXT_WORDS, TEXT_CONFIRM}
ASKED_FOR = timedelta(hours=1)
#: A need named in so few letters is asked of the line, and no words for home.
SHORT = 20


@dataclass(frozen=True)
class HomeRules:
    """Whom the line calls and texts for people, and how much."""

    line_number: str = ""
    countries: Sequence[str] = tuple(sorted(COUNTRIES))
    limits: CallLimits = field(default_factory=CallLimits)


@dataclass(frozen=True)
class _Asked:
    """A question as it stands: its key, and the text that it followed."""

    key: str
    after: Message


def begin(session: Session, message: Message, now: datetime, rules: HomeRules) -> list[Reply]:
    """The first question of a call or a text home; nothing when a text asks for neither."""
    text, wanted = message.body, read_needs(message.body).wanted
    texts = asks_to_text(text)
    if any(need != CALL_HOME for need in wanted) or not (texts or asks_again(text) or CALL_HOME in wanted):
        return []
    ask = TEXT_NUMBER if texts else CALL_NUMBER
    given = phone_numbers.read(text, rules.countries)
    if given.number is None and given.unfit not in {None, Unfit.NONE}:
        return [Reply(calls.UNFIT[given.unfit]), Reply(ask)]
    if given.number is None and not texts and not asks_again(text):
        return [Reply(ask)]
    number, name = _number(session, message, now, rules)
    return [Reply(ask)] if number is None else _given(session, message, number, name, now, rules, texts=texts)


def go_on(
    session: Session, message: Message, now: datetime, durably: Durably, rules: HomeRules
) -> Sequence[Reply] | None:
    """What is said to an answer to one of these questions; None when a text is none."""
    asked = _asked(session, message, now)
    if asked is None or assess(message.body).unsure:
        return None
    agreed = yes_or_no(message.body)
    if agreed is False:
        return [Reply("call_canceled" if asked.key in {CALL_NUMBER, CALL_CONFIRM} else "message_none")]
    if asked.key in {CALL_NUMBER, TEXT_NUMBER}:
        return _take_number(session, message, asked, now, rules)
    if asked.key == TEXT_WORDS:
        return _take_words(session, message, asked, now, rules)
    if agreed is None:
        return None
    done = _call if asked.key == CALL_CONFIRM else _send
    return [done(session, message, asked, now, durably, rules)]


def _take_number(
    session: Session, message: Message, asked: _Asked, now: datetime, rules: HomeRules
) -> list[Reply] | None:
    given = phone_numbers.read(message.body, rules.countries)
    if given.number is not None:
        texts = asked.key == TEXT_NUMBER
        return _given(session, message, given.number, None, now, rules, texts=texts)
    if not any(letter.isdigit() for letter in message.body):
        return None
    return [Reply(calls.UNFIT[given.unfit or Unfit.NONE]), Reply(asked.key)]


def _given(
    session: Session,
    message: Message,
    number: str,
    name: str | None,
    now: datetime,
    rules: HomeRules,
    *,
    texts: bool,
) -> list[Reply]:
    wrong = _problem(session, message.conversation, number, now, rules, texts=texts)
    if wrong:
        return [Reply(wrong)]
    fill = {"number": phone_words(number), "name": name}
    return [Reply(TEXT_WORDS if texts else CALL_CONFIRM, fill)]


def _problem(
    session: Session, conversation: Conversation, number: str, now: datetime, rules: HomeRules, *, texts: bool
) -> str | None:
    wrong = calls.problem(session, conversation, number, rules.line_number, rules.limits, now)
    if texts and (wrong is None or wrong.startswith("call_limit")):
        return home_messages.may_not_send(session, conversation, number, now, rules.limits)
    return wrong


def _take_words(
    session: Session, message: Message, asked: _Asked, now: datetime, rules: HomeRules
) -> list[Reply] | None:
    text = message.body
    if len(text) < SHORT and (read_needs(text).wanted or asks_again(text) or asks_to_text(text)):
        return None
    number, name = _number(session, asked.after, now, rules)
    wrong = home_messages.unusable(text)
    if wrong and not READY_MADE.match(text):
        # Told what is wrong; MESSAGE begins anew, so that no words slip through a question twice removed.
        return [Reply(wrong), Reply("plain_text_again")]
    if number is None:
        return [Reply("call_no_one_yet")]
    return [Reply(TEXT_CONFIRM, {"name": name, "words": _words(message)})]


def _call(
    session: Session, message: Message, asked: _Asked, now: datetime, durably: Durably, rules: HomeRules
) -> Reply:
    number, name = _number(session, asked.after, now, rules)
    if number is None:
        return Reply("call_no_one_yet")
    wrong = _problem(session, message.conversation, number, now, rules, texts=False)
    if wrong:
        return Reply(wrong)
    made = calls.request(session, message.conversation, number, message.id, now, durably, name=name)
    under_way = not made.new and made.call.state != CallState.REQUESTED
    return Reply("call_already" if under_way else "calling")


def _send(
    session: Session, message: Message, asked: _Asked, now: datetime, durably: Durably, rules: HomeRules
) -> Reply:
    # The words are what this question followed; the number is in what the question for the words followed.
    before = _asked(session, asked.after, now)
    number, name = _number(session, before.after, now, rules) if before else (None, None)
    if number is None:
        return Reply("call_no_one_yet")
    wrong = _problem(session, message.conversation, number, now, rules, texts=True)
    if wrong:
        return Reply(wrong)
    done = home_messages.send(
        session,
        message.conversation,
        number,
        _words(asked.after),
        message.body,
        message.id,
        now,
        durably,
        rules.limits,
        name=name,
    )
    return Reply(done)


def _number(
    session: Session, message: Message, now: datetime, rules: HomeRules
) -> tuple[str | None, str | None]:
    """The number in a text, or the last call's with its name."""
    number = phone_numbers.read(message.body, rules.countries).number
    if number is not None:
        return number, None
    last = calls.last_home(session, message.conversation, now)
    return (last.home_number, last.name) if last else (None, None)


def _words(message: Message) -> str:
    ready = READY_MADE.match(message.body)
    if ready is None:
        return message.body.strip()
    return load_replies(message.conversation.person.language).replies[f"home_message_{ready[1]}"]


def _asked(session: Session, message: Message, now: datetime) -> _Asked | None:
    """The question that stood when a text came: the last thing said before it, within the hour."""
    said = select(Message).where(
        Message.conversation_id == message.conversation_id,
        Message.direction == Direction.OUT,
        Message.id < message.id,
    )
    last = session.scalars(said.order_by(Message.id.desc()).limit(1)).first()
    if last is None or last.reply_key not in QUESTIONS or last.created_at < now - ASKED_FOR:
        return None
    # "in-7": the text it answered.
    _, _, answered = (last.cause or "").rpartition("-")
    after = session.get(Message, int(answered)) if answered.isdecimal() else None
    return _Asked(last.reply_key, after) if after is not None else None
