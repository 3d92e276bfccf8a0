"""What every table of the line's own shares. The directory's tables are in services_directory."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import LargeBinary, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from bot.db import UTCDateTime


class Base(DeclarativeBase):
    """The tables of people, what was said, and what was promised."""

    # Names for constraints, so that migrations can name what they drop on every database.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[type, TypeEngine[object]]] = {
        datetime: UTCDateTime(),  # type: ignore[dict-item]
        bytes: LargeBinary(),  # type: ignore[dict-item]
    }
