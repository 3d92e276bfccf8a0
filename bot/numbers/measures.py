"""What is counted."""

from enum import StrEnum


class Measure(StrEnum):
    """A measure of daily_count, and what its parts are."""

    #: How old the day was, in days, when it was last counted.
    COUNTED = "counted"
    #: "in", "out".
    TEXTS = "texts"
    #: "texted" that day, and "new" on it.
    PEOPLE = "people"
    #: "median" and "slow" (the 95th percentile) in milliseconds, over "texts".
    ANSWERED = "answered"
    #: "found", "wish" (one wish stood in the way), "none".
    PLACES = "places"
    #: "answered", "silent", of those due that day and sent.
    CHECK_INS = "check_ins"
    #: Kinds of emergencies.
    EMERGENCIES = "emergencies"
    #: Needs for which places were looked for. Counted as it happens: no row tells it later.
    NEEDS = "needs"
    #: First three digits of the ZIPs places were looked for near; "unknown". Counted as it happens.
    ZIP3 = "zip3"


#: Counted when a day is over, and again while answers may still come.
AFTERWARDS = (
    Measure.TEXTS, Measure.PEOPLE, Measure.ANSWERED, Measure.PLACES, Measure.CHECK_INS, Measure.EMERGENCIES,
)  # fmt: skip
