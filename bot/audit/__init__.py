"""The log of who looked at what and who changed what: append, read, verify."""

from bot.audit.appending import OPERATOR, Actor, append
from bot.audit.chain import GENESIS
from bot.audit.reading import PAGE, Wanted, actions, entries
from bot.audit.verifying import Verdict, verify

__all__ = [
    "GENESIS",
    "OPERATOR",
    "PAGE",
    "Actor",
    "Verdict",
    "Wanted",
    "actions",
    "append",
    "entries",
    "verify",
]
