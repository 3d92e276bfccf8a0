"""What bare clock times of a source mean: each import says so, and it is remembered."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_directory.models import DirectoryImport


def remembered_times(session: Session, source: str) -> str | None:
    """What bare clock times of a source meant when it was last imported; None for a new source."""
    last = (
        select(DirectoryImport.times)
        .where(DirectoryImport.directory_source == source)
        .order_by(DirectoryImport.id.desc())
        .limit(1)
    )
    return session.scalar(last)
