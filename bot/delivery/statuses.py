"""How far a text has come, by what the provider says of it. Callbacks come in any order, and more than once.

A status is a step on one ladder and a text only climbs: what is learned is the same in whatever order it was
heard. An error stands above success, since a text of several segments may bring both and must not count as
received (opengovsg/postmangovsg#1150). Names: Twilio's MessageStatus (its OpenAPI file, message_enum_status).
"""

from collections.abc import Iterable
from dataclasses import dataclass

RANK = {
    "scheduled": 0,
    "accepted": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "partially_delivered": 5,
    "delivered": 6,
    "canceled": 7,
    "undelivered": 8,
    "failed": 9,
    # Somebody has it in front of them.
    "read": 10,
}
FINAL = frozenset({"delivered", "canceled", "undelivered", "failed", "read"})
LOST = frozenset({"undelivered", "failed"})


@dataclass(frozen=True)
class Standing:
    """The highest status heard, and the error that goes with the highest status that had one."""

    status: str = ""
    error_code: str = ""
    error_rank: int = -1

    @property
    def lost(self) -> bool:
        """The provider has given it up."""
        return self.status in LOST


def known(status: str) -> bool:
    """Whether it is one of Twilio's statuses for a text going out."""
    return status in RANK


def advance(standing: Standing, status: str, error_code: str = "") -> Standing:
    """What is known after one more callback. An unknown status moves nothing; an error is never cleared."""
    rank = RANK.get(status, -1)
    reached = status if rank > RANK.get(standing.status, -1) else standing.status
    error = (standing.error_rank, standing.error_code)
    if error_code:
        # Two of one rank: either will do, but it must be the same one in whatever order they came.
        error = max(error, (rank, error_code))
    return Standing(reached, error[1], error[0])


def standing_of(heard: Iterable[tuple[str, str]]) -> Standing:
    """What is known from all (status, error code) pairs heard of one SID."""
    standing = Standing()
    for status, error_code in heard:
        standing = advance(standing, status, error_code)
    return standing
