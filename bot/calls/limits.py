"""What calls may cost: minutes and calls of one person, and rings of one number, in any 24 hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.models import TO_HOMES, Call, CallPurpose, Conversation

DAY = timedelta(hours=24)
LONGEST = timedelta(minutes=30)
#: Less than this is no call.
SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True)
class CallLimits:
    """In any 24 hours: minutes and calls of one person, and how often one number is rung for anybody."""

    minutes: int = 60
    calls: int = 10
    to_number: int = 4
    #: The same of texts to home.
    messages: int = 3
    messages_to_number: int = 2

    def seconds_left(self, session: Session, conversation: Conversation, now: datetime) -> int:
        """How long a call of a person may last now, in seconds; 0 when there is too little left for one."""
        used = select(func.coalesce(func.sum(Call.seconds), 0)).where(
            Call.conversation_id == conversation.id,
            Call.purpose == CallPurpose.HOME,
            Call.created_at > now - DAY,
        )
        left = timedelta(minutes=self.minutes) - timedelta(seconds=session.scalars(used).one() or 0)
        return 0 if left < SHORTEST else int(min(left, LONGEST).total_seconds())

    def reached(
        self, session: Session, conversation: Conversation, home_index: str, now: datetime
    ) -> str | None:
        """The reply that says which limit is reached, or None."""
        if not self.seconds_left(session, conversation, now):
            return "call_limit_minutes"
        rung = select(func.count(Call.id)).where(
            Call.purpose.in_(TO_HOMES), Call.created_at > now - DAY, Call.placing_at.is_not(None)
        )
        if session.scalars(rung.where(Call.conversation_id == conversation.id)).one() >= self.calls:
            return "call_limit_calls"
        to_number = rung.where(Call.home_index == home_index, Call.dialed_at.is_not(None))
        return "call_limit_number" if session.scalars(to_number).one() >= self.to_number else None
