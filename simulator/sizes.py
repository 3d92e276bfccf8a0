"""How many segments a text takes on the air."""

import smsutil

LONGEST_BODY = 1600


def segments(body: str) -> int:
    """Segments of a body; an empty one still takes one."""
    return max(1, len(smsutil.split(body).parts))
