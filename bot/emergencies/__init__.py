"""What somebody in an emergency hears: first words, next steps, until they say that it is over."""

from bot.emergencies.going_on import Said, answer, came_since, going_on, put_aside, was_put_aside
from bot.emergencies.scripts import CRISIS, first_words, script_for, scripts
from bot.emergencies.worried import ARE_YOU_SAFE, BEFORE, CRISIS_WORDS, may_ask, note_asked, open_crisis

__all__ = [
    "ARE_YOU_SAFE",
    "BEFORE",
    "CRISIS",
    "CRISIS_WORDS",
    "Said",
    "answer",
    "came_since",
    "first_words",
    "going_on",
    "may_ask",
    "note_asked",
    "open_crisis",
    "put_aside",
    "script_for",
    "scripts",
    "was_put_aside",
]
