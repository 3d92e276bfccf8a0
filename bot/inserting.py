"""Insert a row unless a unique key refuses it: the database decides, never a look beforehand."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.models import Base


def insert_or_ignore(session: Session, model: type[Base], **values: object) -> bool:
    """Insert a row unless a unique key refuses it; True when it went in. The database decides."""
    new = insert_or_leave(session, model).values(**values)
    return bool(session.execute(new.returning(*model.__mapper__.primary_key)).first())


def insert_or_leave(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert that leaves out what a unique key refuses, for one row or for many."""
    dialect = session.get_bind().dialect.name
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(model)
    return insert.on_conflict_do_nothing()
