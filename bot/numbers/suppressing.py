"""Small cells are not told, nor what would give them away.

Fewer than 11 could be about somebody (the Centers for Medicare and Medicaid Services' cell size suppression
policy); nobody at all is told as 0. Where a sum stands beside the cells, one hidden cell could be worked out
from it, or two that are 1 and 1 from a sum of 2. So the next smallest are hidden as well, until at least two
are hidden that together are not few; and when there is none left to hide, the sum is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_TOLD = 11


@dataclass(frozen=True)
class Told:
    """Cells in their order and their sum; None is not told."""

    cells: tuple[int | None, ...]
    total: int | None


def suppressed(counts: Sequence[int], fewest: int = FEWEST_TOLD) -> Told:
    """What may be told of some counts and their sum."""
    hidden = {at for at, count in enumerate(counts) if 0 < count < fewest}
    total: int | None = sum(counts)
    while hidden and (len(hidden) == 1 or sum(counts[at] for at in hidden) < fewest):
        others = [(count, at) for at, count in enumerate(counts) if count and at not in hidden]
        if not others:
            total = None
            break
        hidden.add(min(others)[1])
    return Told(tuple(None if at in hidden else count for at, count in enumerate(counts)), total)
