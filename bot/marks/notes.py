"""Notes that case workers write for each other."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import search
from bot.errors import NoteUnusable
from bot.marks.doing import Did, did, known, working
from bot.models import CaseNote
from bot.people import insert_or_ignore

LONGEST = 10_000


def add_note(
    session: Session, conversation_id: int, worker_id: int, body: str, draft_id: str, at: datetime
) -> CaseNote:
    """Keep a note, sealed. The same draft twice is one note. Raises NoteUnusable, Unknown...

    There is no changing one: what somebody relied on stays, and a later note says otherwise.
    """
    known(session, conversation_id)
    working(session, worker_id)
    if not body.strip() or len(body) > LONGEST:
        raise NoteUnusable
    new = insert_or_ignore(
        session,
        CaseNote,
        conversation_id=conversation_id,
        case_worker_id=worker_id,
        body=body.strip(),
        draft_id=draft_id,
        created_at=at,
    )
    if new:
        search.index_words(session, conversation_id, [body])
        did(session, conversation_id, Did.NOTED, at, worker_id)
    return session.scalars(select(CaseNote).where(CaseNote.draft_id == draft_id)).one()
