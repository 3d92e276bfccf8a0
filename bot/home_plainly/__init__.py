"""A call or a text home by plain words alone, while the dialogue model is away: a question at a time."""

from bot.home_plainly.asking import HomeRules, begin, go_on
from bot.home_plainly.reading import patterns

__all__ = ["HomeRules", "begin", "go_on", "patterns"]
