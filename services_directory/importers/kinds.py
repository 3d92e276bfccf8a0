"""Of which of our categories a service is: by its taxonomy terms, its name, and what else is said of it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from services_directory.importers.staging import Staging
from services_directory.taxonomy import (
    Kinds,
    category_named,
    kinds_in_description,
    kinds_in_name,
    kinds_of_term,
)

#: No list of terms is deeper.
_DEEPEST = 8
#: An organization that does more things than this says nothing of one service of its.
MOST_OF_AN_ORGANIZATION = 2
_NONE = Kinds()
_NOTHING: frozenset[str] = frozenset()


class Marks(NamedTuple):
    """What the terms of one row mean. `own` are our own categories, named as such."""

    own: frozenset[str]
    sure: frozenset[str]
    broad: frozenset[str]


UNMARKED = Marks(_NOTHING, _NOTHING, _NOTHING)
#: The marks of what is around a service, and what it is called.
Around = tuple[Sequence[Marks], Sequence[str | None]]


def sort_terms(staging: Staging) -> None:
    """Work out once what each term means; one that means nothing itself means what the one above does."""
    terms = {
        row[0]: row[1:]
        for row in staging.db.execute("SELECT id, code, name, taxonomy, parent_id FROM taxonomy_term")
    }
    # Terms that are pointed at and not there: the id may be a code or a name.
    for row_id, text in staging.db.execute(
        "SELECT id, text FROM spelling WHERE tbl = 'taxonomy_term'"
        " AND id NOT IN (SELECT id FROM taxonomy_term)"
    ):
        terms[row_id] = (text, text, None, None)
    rows = []
    for row_id, (code, _name, _taxonomy, _parent) in terms.items():
        own = category_named(code) if code else None
        kinds, above = _NONE, row_id
        for _step in range(_DEEPEST):
            if above not in terms:
                break
            found = kinds_of_term(*terms[above][:3])
            # A branch's broad name, such as "Food", says too little of a leaf, such as "Community Gardens".
            kinds = found if above == row_id else Kinds(found.sure)
            if kinds.sure or kinds.broad:
                break
            above = terms[above][3]
        rows.append((row_id, own, ",".join(sorted(kinds.sure)), ",".join(sorted(kinds.broad))))
    staging.db.executemany("INSERT INTO term_kind VALUES (?, ?, ?, ?)", rows)


def marks_of(staging: Staging, owners: Sequence[str]) -> dict[str, Marks]:
    """What the terms of rows mean, by the rows' ids."""
    marks = ", ".join("?" * len(owners))
    said: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for owner, own, sure, broad, label, value in staging.db.execute(
        "SELECT link_id, own, sure, broad, label, value FROM attribute"  # noqa: S608
        f" LEFT JOIN term_kind ON term_kind.id = taxonomy_term_id WHERE link_id IN ({marks})",
        owners,
    ):
        words = (sure, broad) if sure or broad else _in_words(label, value)
        said[owner].append((own or "", *words))
    return {owner: _combined(tuple(sorted(set(three)))) for owner, three in said.items()}


@lru_cache(maxsize=8192)
def _combined(said: tuple[tuple[str, str, str], ...]) -> Marks:
    columns = zip(*said, strict=True)
    return Marks(*(frozenset(one for text in column for one in text.split(",") if one) for column in columns))


def categories(
    mine: Sequence[Marks], names: Sequence[str | None], description: str, around: Callable[[], Around]
) -> frozenset[str]:
    """The categories of a service at a location; none when nothing tells.

    `mine` are the marks of the service and of the service at the location, `names` what it is called;
    `around` tells of its program, place and organization, and is asked only when the rest says nothing.
    """
    own = _NOTHING.union(*[one.own for one in mine])
    if own:
        return own
    called = [kinds_in_name(name) for name in names if name]
    sure = _NOTHING.union(*[one.sure for one in mine], *[one.sure for one in called])
    if sure:
        return sure
    broad = _NOTHING.union(*[one.broad for one in mine], *[one.broad for one in called])
    told = kinds_in_description(description) if description else _NOTHING
    if broad or told:
        return broad | told
    marks, others = around()
    above = _NOTHING.union(
        *[one.own | one.sure for one in marks], *[kinds_in_name(name).sure for name in others if name]
    )
    return above if len(above) <= MOST_OF_AN_ORGANIZATION else _NOTHING


def _in_words(label: str | None, value: str | None) -> tuple[str, str]:
    for said in (label, value):
        kinds = kinds_in_name(said) if said else _NONE
        if kinds.sure or kinds.broad:
            return ",".join(sorted(kinds.sure)), ",".join(sorted(kinds.broad))
    return "", ""
