"""A check-in whose text was on its way as a case worker took the conversation: held like one not yet due."""

import re

from sqlalchemy.orm import Session

from bot.models import CheckIn, CheckInState, Message

_CAUSE = re.compile(r"ck-(\d+)(-again)?")


def hold_back(session: Session, message: Message) -> None:
    """Have a check-in wait for the conversation to be given back. Its text is being withheld by the caller.

    The gentle text after silence is let go of, and so is the silence: case workers who are there see for
    themselves. A text that is no check-in's is left as it is.
    """
    named = _CAUSE.fullmatch(message.cause or "")
    check_in = session.get(CheckIn, int(named[1])) if named else None
    if named is None or check_in is None:
        return
    check_in.follow_up_at = None
    if named[2] is None and check_in.state == CheckInState.SENT:
        check_in.state, check_in.sent_at = CheckInState.HELD, None
        # Room for the text that is put when the conversation is given back.
        message.cause = f"ck-{check_in.id}-held-{message.id}"
