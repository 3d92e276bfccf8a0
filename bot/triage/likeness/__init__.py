"""How like the written-down examples a text is: what no rule has words for is weighed against all of them."""

from bot.triage.likeness import meaning
from bot.triage.likeness.meaning import seconded
from bot.triage.likeness.signs import signs
from bot.triage.likeness.weighing import Likeness, weigh

__all__ = ["Likeness", "meaning", "seconded", "signs", "weigh"]
