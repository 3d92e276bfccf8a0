"""A short message on home's voicemail: asked for, said back whole, agreed to, and never anything private."""

from bot.voicemail.leaving import answer

__all__ = ["answer"]
