"""Who is asked for the nearest open food, how long each takes, and whether the answer is right."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select

from benchmarks.directory_world.oracle import KINDS, Oracle, Tree
from bot.db import reading
from services_directory import search
from services_directory.models import ServiceSearch
from services_directory.nearby import may_be_open
from services_directory.places import Place, zip_place
from services_directory.taxonomy import categories_for
from services_directory.who import Who

NEED, LIMIT = "food", 5
#: Finer than any distance matters, coarser than the last digits of two ways to compute it.
SAME_MILES = 1e-5


@dataclass(frozen=True)
class Question:
    """What is near this place at this instant?"""

    place: Place
    at: datetime


#: Milliseconds, one a question.
Took = list[float]
Ask = Callable[[Question], Any]


def questions(zips: Iterable[str], local: datetime) -> list[Question]:
    """The same wall time everywhere, each place by its own clock."""
    places = [place for one in zips if (place := zip_place(one))]
    return [Question(place, local.replace(tzinfo=ZoneInfo(place.timezone))) for place in places]


def finding(engine: Engine) -> Ask:
    """The line's own search, in a transaction of its own each time."""

    def ask(question: Question) -> search.Results:
        with reading(engine) as session:
            return search.find(session, NEED, question.place, question.at, None, LIMIT)

    return ask


def scanning(engine: Engine) -> Ask:
    """Every row of the need that may be open, by exact distance, with no index to help."""

    def ask(question: Question) -> Sequence[Any]:
        row = ServiceSearch.__table__.c
        north, east = func.radians(question.place.latitude), func.radians(question.place.longitude)
        up = func.sin((func.radians(row.latitude) - north) / 2)
        along = func.sin((func.radians(row.longitude) - east) / 2)
        half = up * up + func.cos(north) * func.cos(func.radians(row.latitude)) * along * along
        scan = (
            select(ServiceSearch.__table__)
            # No index serves what has had something added to it.
            .where((row.category + "").in_(categories_for(NEED)), may_be_open(question.at, question.place))
            .order_by(func.asin(func.sqrt(half)))
            .limit(LIMIT)
        )
        with reading(engine) as session:
            return session.execute(scan).all()

    return ask


def in_memory(oracle: Oracle) -> Ask:
    """The limit: row numbers from a BallTree, with who is open worked out before."""
    tree = Tree(oracle)

    @cache
    def is_open(at: datetime) -> NDArray[np.bool_]:
        return oracle.kinds(at) == 0

    def ask(question: Question) -> NDArray[np.int64]:
        place = question.place
        return tree.nearest_open(
            place.latitude, place.longitude, is_open(question.at), LIMIT, search.RADIUS_MILES
        )

    return ask


def measure(contestants: dict[str, Ask], asked: Sequence[Question], seconds: float) -> dict[str, Took]:
    """Each question to each contestant in turn, three times or for longer; the quickest answer to each.

    Taking turns gives every contestant the same share of whatever else the machine does, and the quickest is
    the one that this disturbed least.
    """
    runs: dict[str, list[Took]] = {name: [[] for _ in asked] for name in contestants}
    end, rounds = time.monotonic() + seconds, 0
    # The first round warms the caches and is not counted.
    while rounds < 4 or time.monotonic() < end:
        for number, question in enumerate(asked):
            for name, ask in contestants.items():
                began = time.perf_counter()
                ask(question)
                runs[name][number].append((time.perf_counter() - began) * 1000)
        rounds += 1
    return {name: [min(took[1:]) for took in each] for name, each in runs.items()}


def disagreements(oracle: Oracle, ask: Ask, asked: Sequence[Question]) -> int:
    """How many answers of `search.find` differ from the exact one in a listing's state or distance."""
    wrong = 0
    for question in asked:
        exact = [(KINDS[one.kind], one.miles) for one in _exact(oracle, question)]
        wrong += not _same([(match.hours.kind, match.miles) for match in ask(question)], exact)
    return wrong


def tree_disagreements(oracle: Oracle, ask: Ask, asked: Sequence[Question]) -> int:
    """The same of the BallTree, which knows only what is open."""
    wrong = 0
    for question in asked:
        miles = oracle.miles(question.place.latitude, question.place.longitude)
        exact = [(KINDS[0], one.miles) for one in _exact(oracle, question) if one.kind == 0]
        wrong += not _same([(KINDS[0], float(miles[row])) for row in ask(question)], exact)
    return wrong


def all_open(oracle: Oracle, asked: Sequence[Question]) -> int:
    """How many questions have as many open listings within the radius as were asked for."""
    return sum(sum(one.kind == 0 for one in _exact(oracle, question)) == LIMIT for question in asked)


def _exact(oracle: Oracle, question: Question) -> list[Any]:
    place = question.place
    return oracle.answer(place.latitude, place.longitude, question.at, Who(), LIMIT, search.RADIUS_MILES)


def _same(given: list[tuple[Any, float]], exact: list[tuple[Any, float]]) -> bool:
    return len(given) == len(exact) and all(
        ours[0] == theirs[0] and abs(ours[1] - theirs[1]) < SAME_MILES
        for ours, theirs in zip(given, exact, strict=True)
    )
