"""What the line promises about calls; a call that breaks one is listed at GET /simulator/violations."""

RECORDED = "the call is recorded"
STRANGERS_CALLER_ID = "the second phone is shown a number that is not the line's"
UNSCREENED = "the second phone is joined without being asked"
