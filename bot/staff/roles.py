"""Who may do what: roles, and the permissions that pages ask for."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml


class Role(StrEnum):
    WORKER = "worker"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    #: Officers: cards and totals only.
    CARD_MAKER = "card_maker"


class Permission(StrEnum):
    OWN_ACCOUNT = "own_account"
    READ_CONVERSATIONS = "read_conversations"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_AUDIT = "read_audit"
    READ_TOTALS = "read_totals"
    MAKE_CARDS = "make_cards"
    #: See what the line would answer, and make sure of listings.
    SEARCH_DIRECTORY = "search_directory"
    EDIT_DIRECTORY = "edit_directory"
    READ_NUMBERS = "read_numbers"


#: Those who take part in conversations, and so stand on the roster.
ON_ROSTER = frozenset({Role.WORKER, Role.SUPERVISOR})


def may(role: str, permission: Permission) -> bool:
    """Whether somebody of a role may do something. An unknown role may do nothing."""
    return permission in _granted().get(role, frozenset())


@cache
def _granted() -> dict[str, frozenset[Permission]]:
    page = yaml.safe_load((files("bot.staff") / "roles.yml").read_text("utf-8"))
    return {Role(role): frozenset(map(Permission, permissions)) for role, permissions in page.items()}
