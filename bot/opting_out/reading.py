"""Does a text ask the line to be silent? Keywords and plain words of both languages; a pure function."""

import re
from functools import cache
from importlib.resources import files

import yaml

from bot.models import OptOutBy
from bot.triage.assess import normalise

#: Twilio's own list (its Advanced Opt-Out documentation), each a whole text: Twilio answers these itself.
TWILIO_STOP = frozenset({"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"})
OPT_OUT_TYPE = "STOP"
#: A wish said in plain words is short. Longer texts have more in them, and would take long to read.
MOST_WORDS = 24
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")


def is_keyword(body: str) -> bool:
    """Whether a text is one of Twilio's keywords and nothing else but marks around it ("STOP." too)."""
    return _EDGES.sub("", body.casefold()) in TWILIO_STOP


def asks_for_silence(body: str) -> bool:
    """Whether a text asks in words for no more texts and says nothing else ("please stop texting me")."""
    plain = normalise(body)
    return plain.count(" ") < MOST_WORDS and any(pattern.fullmatch(plain) for pattern in _patterns())


def how(body: str, opt_out_type: str = "") -> OptOutBy:
    """Whether Twilio has obeyed and confirmed an opt-out itself, or it is words that only we understand.

    Twilio takes a keyword for one only if nothing at all stands beside it.
    """
    known = opt_out_type == OPT_OUT_TYPE or body.strip().casefold() in TWILIO_STOP
    return OptOutBy.KEYWORD if known else OptOutBy.WORDS


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    page = yaml.safe_load((files("bot.opting_out") / "wording.yml").read_text("utf-8"))
    made = []
    for words in page.values():
        wish, beside = "|".join(words["wishes"]), "|".join(words["beside"])
        made.append(re.compile(rf"(?:(?:{beside}) )*(?:{wish})(?: (?:{beside}|{wish}))*"))
    return tuple(made)
