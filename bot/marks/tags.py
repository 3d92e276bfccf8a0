"""Tags: words that conversations are sorted by."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.errors import TagUnusable
from bot.marks.doing import Did, did, known, working
from bot.models import ConversationTag, Tag
from bot.people import insert_or_ignore

_NAME = re.compile(r"[^\W_](?:[^\W_]|[ -](?=[^\W_])){1,31}")


def add_tag(session: Session, conversation_id: int, worker_id: int, name: str, at: datetime) -> bool:
    """Tag a conversation; False when it has that tag. A tag nobody used yet is made. Raises TagUnusable."""
    known(session, conversation_id)
    working(session, worker_id)
    name = " ".join(name.split()).casefold()
    if not _NAME.fullmatch(name):
        raise TagUnusable
    insert_or_ignore(session, Tag, name=name, created_at=at)
    tag = session.scalars(select(Tag).where(Tag.name == name)).one()
    new = insert_or_ignore(
        session,
        ConversationTag,
        tag_id=tag.id,
        conversation_id=conversation_id,
        case_worker_id=worker_id,
        tagged_at=at,
    )
    if new:
        did(session, conversation_id, Did.TAGGED, at, worker_id, detail=name)
    return new


def remove_tag(session: Session, conversation_id: int, worker_id: int, name: str, at: datetime) -> bool:
    """Take a tag off; False when it is not on."""
    working(session, worker_id)
    tag = select(Tag.id).where(Tag.name == " ".join(name.split()).casefold()).scalar_subquery()
    gone = session.execute(
        delete(ConversationTag)
        .where(ConversationTag.conversation_id == conversation_id, ConversationTag.tag_id == tag)
        .returning(ConversationTag.tag_id)
    ).first()
    if gone is not None:
        did(session, conversation_id, Did.UNTAGGED, at, worker_id, detail=name.casefold())
    return gone is not None


def tags_of(session: Session, conversation_id: int) -> Sequence[str]:
    """The tags of a conversation, in order of the alphabet."""
    theirs = select(Tag.name).join(ConversationTag, ConversationTag.tag_id == Tag.id)
    return session.scalars(
        theirs.where(ConversationTag.conversation_id == conversation_id).order_by(Tag.name)
    ).all()


def every_tag(session: Session) -> Sequence[str]:
    """All tags there are."""
    return session.scalars(select(Tag.name).order_by(Tag.name)).all()
