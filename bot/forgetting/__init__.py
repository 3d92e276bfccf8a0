"""Forget people: by their own text, by an operator, after the time that things are kept. docs/privacy.md"""

from bot.forgetting.erasing import erase
from bot.forgetting.hearing import answer, concerns
from bot.forgetting.held import Held, why
from bot.forgetting.wishes import asks

__all__ = ["Held", "answer", "asks", "concerns", "erase", "why"]
