"""Put the words of texts into the index, some seconds after they were written: nobody's text waits for it."""

from collections.abc import Iterable

from sqlalchemy import Engine, delete, insert, or_, select
from sqlalchemy.orm import Session

from bot.db import reading, writing
from bot.models import CaseNote, Direction, Message, SearchPending, SearchWord
from bot.people import insert_or_leave
from bot.sealing import cipher_of
from bot.search.words import sound_of, words_of

AT_ONCE = 200
#: Of the digest's 256 bits: so few that words share them, and a list of them names no word for certain.
BITS = 16


def digest_of(session: Session, word: str) -> int:
    """What stands for a folded word in the index: keyed, short, the same for words that sound alike."""
    digest = cipher_of(session.get_bind().dialect).index(f"search word {sound_of(word)}")
    return int(digest, 16) >> (256 - BITS)


def index_words(session: Session, conversation_id: int, texts: Iterable[str]) -> None:
    """Note of a conversation that the words of some texts are in it. What is noted is left as it is."""
    words = {word for text in texts for word in words_of(text)}
    rows = [
        {"digest": digest, "conversation_id": conversation_id}
        for digest in sorted({digest_of(session, word) for word in words})
    ]
    if rows:
        session.execute(insert_or_leave(session, SearchWord), rows)


def index_new(engine: Engine) -> int:
    """Take in texts whose words are not in the index yet. Returns how many. Any number may do it at once."""
    with reading(engine) as session:
        if session.scalars(select(SearchPending.message_id).limit(1)).first() is None:
            return 0
    with writing(engine) as session:
        pending = session.scalars(
            select(SearchPending)
            .order_by(SearchPending.message_id)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        ids = [one.message_id for one in pending]
        texts: dict[int, list[str]] = {}
        for message in session.scalars(select(Message).where(Message.id.in_(ids))):
            texts.setdefault(message.conversation_id, []).append(message.body)
        # In one order, so that no two clocks wait for each other.
        for conversation_id in sorted(texts):
            index_words(session, conversation_id, texts[conversation_id])
        session.execute(delete(SearchPending).where(SearchPending.message_id.in_(ids)))
        return len(ids)


def reindex(session: Session, conversation_id: int) -> None:
    """Forget the words of a conversation and read anew what is left in it: some of its texts were deleted.

    Also what must be done for all of them when SECRET_KEY changes.
    """
    session.execute(delete(SearchWord).where(SearchWord.conversation_id == conversation_id))
    notes = session.scalars(select(CaseNote.body).where(CaseNote.conversation_id == conversation_id))
    index_words(session, conversation_id, notes)
    left = select(Message.id).where(
        Message.conversation_id == conversation_id,
        or_(Message.direction == Direction.IN, Message.reply_key.is_(None)),
        Message.id.not_in(select(SearchPending.message_id)),
    )
    session.execute(insert(SearchPending).from_select(["message_id"], left))
