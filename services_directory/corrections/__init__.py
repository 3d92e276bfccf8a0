"""What somebody found out about a listing: told instead of what its source says, until that says so too.

A correction stands beside the source's rows. An import brings those up to date and leaves it standing; when
the source has changed what was corrected, both are shown until somebody decides (docs/adr/0027).
"""

from services_directory.corrections.after_import import reapply
from services_directory.corrections.changing import (
    add_closure,
    checked,
    correct,
    keep,
    remove_closure,
    undo,
)
from services_directory.corrections.kinds import (
    OURS,
    Kind,
    ListingUnknown,
    history,
    in_conflict,
    standing,
    state,
)

__all__ = [
    "OURS",
    "Kind",
    "ListingUnknown",
    "add_closure",
    "checked",
    "correct",
    "history",
    "in_conflict",
    "keep",
    "reapply",
    "remove_closure",
    "standing",
    "state",
    "undo",
]
