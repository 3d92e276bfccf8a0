"""What a text tells of a call or a text home: a number, a name, words, a yes or a time."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from bot import calls, home_messages, phone_numbers
from bot.actions.action import confidence_of, conversation_of, intent_of, loop_of, requested, text_of
from bot.actions.check_in_times import zone_of
from bot.actions.hearing import SURE
from bot.bootstrap import Line
from bot.calls.naming import NO_NAME, read_name
from bot.check_in_times import read_time
from bot.db import reading
from bot.errors import TimeNotPossible, TimeNotUnderstood
from bot.home_plainly.reading import READY_MADE
from bot.phone_numbers import Unfit
from bot.phrases import says
from bot.replies import load_replies

CALL_FORM, MESSAGE_FORM = "call_home_form", "message_home_form"
FORMS = {CALL_FORM, MESSAGE_FORM}
HOME_SLOTS = ("home_number", "home_name", "home_confirmed", "home_message", "message_confirmed")
#: What `home_confirmed` holds for a call at once; else it holds the instant in ISO 8601.
NOW = "now"
#: Texts that are no name and no words for home, if Rasa is sure of them.
ABOUT_THE_LINE = {
    "crisis", "stop", "cancel_call", "cancel_checkin", "using_alone", "privacy_question", "identity_question",
    "help", "start", "change_language", "talk_to_person",
}  # fmt: skip
#: Words that may be somebody's last: they are home's only when Rasa is quite sure that they are not for us.
QUITE_SURE = 0.85
#: "no", "no thanks": longer ones may begin so and be for home.
SHORT = 12


def read_home(tracker: Tracker, line: Line) -> list[dict[str, Any]]:
    """The slots of a call or a text home that a text fills."""
    text, asked, intent, loop = text_of(tracker), requested(tracker), intent_of(tracker), loop_of(tracker)
    begins = loop not in FORMS
    if begins and intent not in {"call_home", "inform_phone"} and not says("message_home", text):
        return []
    if asked == "home_message":
        return _words(tracker)
    number = _number(tracker, line)
    if number:
        # A number given anew, also instead of a yes, asks for a new yes.
        none = [SlotSet(name, None) for name in ("home_confirmed", "message_confirmed")]
        return [SlotSet("home_number", number), *none]
    if asked == "home_name" and not _about_the_line(tracker, SURE):
        name = read_name(text)
        return [SlotSet("home_name", name)] if name else []
    if asked == "home_confirmed":
        return _confirmed(tracker, line)
    if asked == "message_confirmed" and intent == "affirm":
        return [SlotSet("message_confirmed", True)]
    return _last_number(tracker, line) if begins and says("message_home", text) else []


def given_name(tracker: Tracker) -> str | None:
    """The name home is told, or None for none."""
    name = tracker.get_slot("home_name")
    return None if name in {None, NO_NAME} else str(name)


def number_problem(tracker: Tracker, line: Line) -> str | None:
    """The reply that says what is wrong with the number in a text; None when it holds none."""
    given = phone_numbers.read(text_of(tracker), line.settings.call_countries)
    if given.number is None:
        return None if given.unfit in {None, Unfit.NONE} else calls.UNFIT[given.unfit]
    return _problem(tracker, line, given.number)


def when_problem(tracker: Tracker, line: Line) -> str | None:
    """The reply that says what is wrong with the time in an answer to "call now?", or None."""
    if requested(tracker) != "home_confirmed":
        return None
    try:
        read_time(text_of(tracker), line.clock(), zone_of(tracker, line))
    except TimeNotPossible:
        return "home_when_not_possible"
    except TimeNotUnderstood:
        return None
    return None


def words_of(tracker: Tracker, line: Line) -> str:
    """The words for home, those ready made in the person's language."""
    words = str(tracker.get_slot("home_message"))
    ready = READY_MADE.match(words)
    if ready is None:
        return words
    with reading(line.engine) as session:
        language = conversation_of(session, tracker).person.language
    return load_replies(language).replies[f"home_message_{ready[1]}"]


def _number(tracker: Tracker, line: Line) -> str | None:
    number = phone_numbers.read(text_of(tracker), line.settings.call_countries).number
    return number if number and _problem(tracker, line, number) is None else None


def _problem(tracker: Tracker, line: Line, number: str) -> str | None:
    now, about_text = line.clock(), loop_of(tracker) == MESSAGE_FORM or says("message_home", text_of(tracker))
    with reading(line.engine) as session:
        conversation = conversation_of(session, tracker)
        wrong = calls.problem(session, conversation, number, line.settings.twilio_from, line.call_limits, now)
        if about_text and (wrong is None or wrong.startswith("call_limit")):
            return home_messages.may_not_send(session, conversation, number, now, line.call_limits)
    return wrong


def _confirmed(tracker: Tracker, line: Line) -> list[dict[str, Any]]:
    text, intent = text_of(tracker), intent_of(tracker)
    try:
        due_at = read_time(text, line.clock(), zone_of(tracker, line))
        return [SlotSet("home_confirmed", due_at.isoformat())]
    except (TimeNotUnderstood, TimeNotPossible):
        pass
    if intent == "deny":
        return [SlotSet("home_number", None), SlotSet("home_confirmed", None)]
    if intent == "affirm" or says("now", text):
        return [SlotSet("home_confirmed", NOW)]
    return []


def _words(tracker: Tracker) -> list[dict[str, Any]]:
    text = text_of(tracker).strip()
    if _about_the_line(tracker, QUITE_SURE) or (intent_of(tracker) == "deny" and len(text) < SHORT):
        return []
    if READY_MADE.match(text):
        return [SlotSet("home_message", text)]
    return [] if home_messages.unusable(text) else [SlotSet("home_message", text)]


def _last_number(tracker: Tracker, line: Line) -> list[dict[str, Any]]:
    """After a call that did not come about, MESSAGE means the same number and name."""
    with reading(line.engine) as session:
        last = calls.last_home(session, conversation_of(session, tracker), line.clock())
        number, name = (last.home_number, last.name) if last else (None, None)
    if number is None or _problem(tracker, line, number) is not None:
        return []
    return [SlotSet("home_number", number), SlotSet("home_name", name or NO_NAME)]


def _about_the_line(tracker: Tracker, sure: float) -> bool:
    return intent_of(tracker) in ABOUT_THE_LINE and confidence_of(tracker) >= sure
