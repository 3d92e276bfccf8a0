"""STOP, START and HELP as Twilio handles them before and beside the webhook.

Keywords: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out (single words, whole body).
"""

from simulator.state import State

STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
START = {"START", "YES", "UNSTOP"}
HELP = {"HELP", "INFO"}
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)


def is_opted_out(state: State, line: str, phone: str) -> bool:
    """Whether sends from the line to the phone are refused with 21610."""
    return (line, phone) in state.opted_out


def keyword_type(body: str) -> str:
    """STOP, START, HELP or "" for a text's whole body."""
    word = body.strip().upper()
    for name, words in (("STOP", STOP), ("START", START), ("HELP", HELP)):
        if word in words:
            return name
    return ""


def note_keyword(state: State, line: str, phone: str, kind: str, help_answer: str) -> str:
    """Block or unblock the pair; returns Twilio's own answer, or "" when it has none.

    The answer comes only when something changed: a YES from a phone that never stopped is an ordinary text.
    """
    pair = (line, phone)
    with state.lock:
        if kind == "STOP" and pair not in state.opted_out:
            state.opted_out.add(pair)
            return STOPPED
        if kind == "START" and pair in state.opted_out:
            state.opted_out.remove(pair)
            return STARTED
    return help_answer if kind == "HELP" else ""
