"""Keep what is due for many people in one transaction: each alone waits for SQLite's one write lock."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from bot import outbox
from bot.check_ins.allowing import Busy, busy_among
from bot.check_ins.keeping import asked, decide
from bot.db import reading, writing
from bot.models import CheckIn, CheckInState, Conversation
from bot.ports import Durably

#: How many one transaction keeps. It holds SQLite's write lock for about a millisecond each.
AT_ONCE = 50
#: No more are put into the outbox while so many texts wait there: whatever comes next, an answer or word of
#: an emergency, stands behind no more than these.
MOST_WAITING = 100
#: What waits for longer does not count: it may be stuck, and must not keep promises from being kept.
STUCK_AFTER = timedelta(minutes=5)


def due(engine: Engine, now: datetime, left_out: Collection[int]) -> list[int]:
    """The ids of check-ins to keep now, the longest due first, as many as the outbox has room for."""
    scheduled = select(CheckIn.id).where(CheckIn.state == CheckInState.SCHEDULED, CheckIn.due_at <= now)
    found = scheduled.where(CheckIn.id.not_in(left_out)).order_by(CheckIn.due_at, CheckIn.id)
    with reading(engine) as session:
        some = list(session.scalars(found.limit(AT_ONCE)))
        room = MOST_WAITING - outbox.waiting(session, now - STUCK_AFTER, MOST_WAITING) if some else 0
    return some[:room]


def keep_together(engine: Engine, check_in_ids: Collection[int], now: datetime, durably: Durably) -> int:
    """Keep those of these promises that still stand, all or, when it raises, none. Returns how many.

    Of one person's the first alone; and nobody's whom another transaction holds. The others are still due.
    """
    with writing(engine) as session:
        held = _held(session, check_in_ids, now)
        busy = busy_among(session, [check_in.conversation_id for check_in in held], now)
        texts, sent = [], []
        for check_in in held:
            conversation = check_in.conversation
            decided = decide(session, conversation, check_in, busy.get(conversation.id, Busy.NOBODY), now)
            if isinstance(decided, CheckInState):
                check_in.state = decided
            else:
                texts.append(decided)
                sent.append(check_in)
        outbox.put_unprompted_together(session, texts, now, durably)
        asked(session, sent, now)
        return len(held)


def _held(session: Session, check_in_ids: Collection[int], now: datetime) -> list[CheckIn]:
    # The person before the promise, as everything that changes promises does. In no one's way, this waits for
    # none of them either: two workers with the same list share it out.
    theirs = select(CheckIn.conversation_id).where(CheckIn.id.in_(check_in_ids))
    people = session.scalars(
        select(Conversation)
        .options(joinedload(Conversation.person, innerjoin=True))
        .where(Conversation.id.in_(theirs))
        .with_for_update(of=Conversation, skip_locked=True)
    ).all()
    standing = session.scalars(
        select(CheckIn)
        .options(joinedload(CheckIn.consent))
        .where(
            CheckIn.id.in_(check_in_ids),
            CheckIn.conversation_id.in_([conversation.id for conversation in people]),
            CheckIn.state == CheckInState.SCHEDULED,
            CheckIn.due_at <= now,
        )
        .order_by(CheckIn.due_at, CheckIn.id)
        .with_for_update(of=CheckIn)
    )
    first: dict[int, CheckIn] = {}
    for check_in in standing:
        first.setdefault(check_in.conversation_id, check_in)
    return list(first.values())
