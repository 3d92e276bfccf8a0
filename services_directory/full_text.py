"""Full-text search: the rows that hold all of some words, whatever their case and accents."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from services_directory.folding import folded
from services_directory.models import FullText

#: Nobody means more; each word costs another look at every row that is left.
MOST_WORDS = 20
_WORD = re.compile(r"[^\W_]+")


def words_in(text: str) -> list[str]:
    """The different words of a text in their order, folded."""
    return list(dict.fromkeys(_WORD.findall(folded(text))))


def holding(entity: str, words: Iterable[str]) -> Select[Any]:
    """The ids of a table's rows that hold every one of the (folded) words, or a word that begins so."""
    found = select(FullText.id).where(FullText.entity == entity)
    return found.where(*(FullText.words.contains(f" {word}") for word in words))
