"""What every action shares: the line, and a way to say a reply by its key."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.bootstrap import Line
from bot.models import Conversation
from services_directory.places import Place

#: Replies after which a form's question is worth repeating: answers to a question in between.
IN_BETWEEN = {
    "help", "privacy", "identity", "language_set", "abuse", "minor", "pain",
    "cost_free", "cost_paid", "cost_unknown", "cost_insurance", "cost_line",
    "eligible_yes", "eligible_no", "eligible_unknown", "eligible_ages", "eligible_bring",
    "directions", "service_details", "alert", "check_in_list",
}  # fmt: skip


class LineAction(Action):  # type: ignore[misc]
    """An action of this line. Subclasses say their `called` name as the domain has it."""

    called = ""

    def __init__(self, line: Line) -> None:
        self.line = line

    def name(self) -> str:
        """The name in the domain."""
        return self.called


def say(dispatcher: CollectingDispatcher, key: str, fill: Mapping[str, Any] | None = None) -> None:
    """Answer with a reply of the replies files."""
    dispatcher.utter_message(json_message={"reply": key, "with": dict(fill or {})})


def conversation_of(session: Session, tracker: Tracker) -> Conversation:
    """The conversation this dialogue is about. Raises NoResultFound for one we do not know."""
    return session.scalars(select(Conversation).where(Conversation.public_id == tracker.sender_id)).one()


def message_id_of(tracker: Tracker) -> int | None:
    """The row of the text being answered; None for a text typed in a terminal."""
    metadata = tracker.latest_message.get("metadata") or {}
    return metadata.get("message_id") or None


def text_of(tracker: Tracker) -> str:
    """The text being answered."""
    return tracker.latest_message.get("text") or ""


def intent_of(tracker: Tracker) -> str:
    """What Rasa took it for."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def confidence_of(tracker: Tracker) -> float:
    """How sure Rasa is of that, from 0 to 1."""
    return float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)


def said_before(tracker: Tracker) -> str:
    """The text before the one being answered, or an empty text."""
    texts = [str(event.get("text") or "") for event in tracker.events if event.get("event") == "user"]
    return texts[-2] if len(texts) > 1 else ""


def loop_of(tracker: Tracker) -> str:
    """The form going on, or an empty text."""
    return str((tracker.active_loop or {}).get("name") or "")


def requested(tracker: Tracker) -> str:
    """The slot a form has just asked for, or an empty text."""
    return str(tracker.get_slot("requested_slot") or "") if loop_of(tracker) else ""


def since_the_text(tracker: Tracker) -> list[dict[str, Any]]:
    """Events of this turn so far."""
    last = max((at for at, event in enumerate(tracker.events) if event.get("event") == "user"), default=-1)
    return list(tracker.events[last + 1 :])


def asks_again(tracker: Tracker) -> bool:
    """Whether a form should put its question (again) after what has been said in this turn.

    A form that begins asks. Rasa also runs a form again after every interruption: after a question in between
    that is right; after a thank you, a goodbye or a "sorry, I didn't get that" it would be pushing.
    """
    heard = str(tracker.get_slot("heard"))
    if begins(tracker) or (heard.startswith("action_ask_") and not has_run(tracker, heard)):
        return True
    return all(key in IN_BETWEEN for key in said_so_far(tracker))


def has_run(tracker: Tracker, action: str) -> bool:
    """Whether an action was run for this text by itself, and not by a form."""
    return any(
        event.get("event") == "action" and event.get("name") == action for event in since_the_text(tracker)
    )


def begins(tracker: Tracker) -> bool:
    """Whether the form going on was begun by this text."""
    return any(
        event.get("event") == "active_loop" and event.get("name") == loop_of(tracker)
        for event in since_the_text(tracker)
    )


def said_so_far(tracker: Tracker) -> list[str]:
    """The keys of the replies to this text so far."""
    told = [event.get("data") or {} for event in since_the_text(tracker) if event.get("event") == "bot"]
    return [str((one.get("custom") or {}).get("reply")) for one in told]


def told_now(tracker: Tracker, slot: str) -> bool:
    """Whether this text filled a slot."""
    return any(
        event.get("event") == "slot" and event.get("name") == slot and event.get("value") is not None
        for event in since_the_text(tracker)
    )


def before_the_text(tracker: Tracker, slot: str) -> Any:
    """What a slot held when this text came."""
    last = max((at for at, event in enumerate(tracker.events) if event.get("event") == "user"), default=0)
    held = [
        event.get("value")
        for event in tracker.events[:last]
        if event.get("event") == "slot" and event.get("name") == slot
    ]
    return held[-1] if held else None


def place_slot(place: Place) -> dict[str, Any]:
    """A place as a slot keeps it."""
    return {
        "label": place.label,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "zip": place.zip,
        "timezone": place.timezone,
        "kind": place.kind,
    }


def place_of(tracker: Tracker) -> Place | None:
    """The place the dialogue is about."""
    kept = tracker.get_slot("place")
    return Place(**kept) if kept else None
