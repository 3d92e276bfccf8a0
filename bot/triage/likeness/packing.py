"""Several whole numbers in one: adding two of them adds every number to its fellow, at one sum's price."""

from collections.abc import Iterable
from functools import cache

#: Bits a number: room for 100 million pieces of a text, each as heavy as the heaviest.
BITS = 56
_MASK, _HALF = (1 << BITS) - 1, 1 << (BITS - 1)


def pack(numbers: Iterable[int]) -> int:
    """The numbers as one, the first lowest. Each, and each sum, must stay below 2**55 either way."""
    return sum(number << (BITS * at) for at, number in enumerate(numbers))


def unpack(packed: int, count: int) -> list[int]:
    """The numbers that were packed, or the sums of those that were added."""
    # With a half more each, none is below nothing and borrows of its neighbour.
    packed += _lift(count)
    return [((packed >> at) & _MASK) - _HALF for at in range(0, count * BITS, BITS)]


def first(packed: int, count: int) -> int:
    """The first of the numbers alone."""
    return ((packed + _lift(count)) & _MASK) - _HALF


@cache
def _lift(count: int) -> int:
    return pack([_HALF] * count)
