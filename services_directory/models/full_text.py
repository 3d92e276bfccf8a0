"""What full-text search looks in."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services_directory.models.base import Base


class FullText(Base):
    """The different words of one row of the standard, folded, each after a space.

    A word's beginning is found with LIKE on a narrow table, alike on every database and without an extension
    (docs/adr/0014). Written by every import of its source.
    """

    __tablename__ = "full_text"
    #: The table that `id` is of.
    entity: Mapped[str] = mapped_column(String(24), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    directory_source: Mapped[str] = mapped_column(String(64), index=True)
    words: Mapped[str] = mapped_column(Text)
