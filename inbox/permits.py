"""Each page names the one permission it needs. A page that names none is refused to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from bot.staff.roles import Permission

View = TypeVar("View", bound=Callable[..., Any])


class Gate(StrEnum):
    """Pages on the way in, which no role opens."""

    ANYBODY = "anybody"
    #: Files that are the same for everybody: nobody's session is looked at, and no cookie is given.
    FILES = "files"
    #: Came with an invitation and sets up the second factor.
    SETUP = "setup"
    #: The password was right; the code is asked for.
    FACTOR = "factor"


@dataclass(frozen=True)
class Permit:
    """What a page needs, and whether a visit counts as somebody being there (a page that polls: no)."""

    needs: Permission | Gate
    awake: bool = True


def permit(needs: Permission | Gate, *, awake: bool = True) -> Callable[[View], View]:
    """Say what a page needs. Pages that ask by themselves again and again are not `awake`."""

    def named(view: View) -> View:
        view.permit = Permit(needs, awake)  # type: ignore[attr-defined]
        return view

    return named


def permit_of(view: Callable[..., Any]) -> Permit | None:
    """What a page has named."""
    return getattr(view, "permit", None)
