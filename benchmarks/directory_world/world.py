"""A made-up directory: columns as arrays, from one seed, whatever the size."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.directory_world.ground import Ground, ground
from benchmarks.directory_world.weeks import weeks
from services_directory.taxonomy import categories_for, every_category

FOOD_SHARE = 0.15
#: Of the services for food, how many are both of its categories.
BOTH_SHARE = 0.05
SERVICES_PER_LOCATION = 4
LOCATIONS_PER_ORGANIZATION = 2
#: For each flag of a search row, how likely each of its values is; None: the listing does not say.
FLAGS: dict[str, dict[Any, float]] = {
    "free": {True: 0.6, False: 0.1, None: 0.3},
    "walk_in": {True: 0.2, False: 0.2, None: 0.6},
    "wheelchair": {True: 0.3, None: 0.7},
    "languages": {",en,": 0.2, ",en,es,": 0.18, ",es,": 0.02, None: 0.6},
    "minimum_age": {18.0: 0.2, 55.0: 0.03, None: 0.77},
    "maximum_age": {24.0: 0.04, None: 0.96},
    "gender": {"women": 0.05, "men": 0.04, None: 0.91},
    "families": {True: 0.2, False: 0.1, None: 0.7},
    "veterans_only": {True: 0.03, None: 0.97},
    "pets": {True: 0.05, False: 0.15, None: 0.8},
}


@dataclass(frozen=True, eq=False)
class World:
    """Services at locations, one a row.

    Ids of every table are in ascending order and independent of the place, as random ids are.
    """

    seed: int
    ground: Ground
    zip_of_location: NDArray[np.int64]
    latitude_of_location: NDArray[np.float64]
    longitude_of_location: NDArray[np.float64]
    location: NDArray[np.int64]
    #: Of a row's service: each service is at one location.
    service: NDArray[np.int64]
    week: NDArray[np.int64]
    categories: tuple[str, ...]
    category: NDArray[np.int64]
    #: Rows that stand in a second category too, and which.
    doubled: NDArray[np.int64]
    second: NDArray[np.int64]
    flags: dict[str, NDArray[np.int64]]
    at_ids: tuple[str, ...]

    @property
    def latitude(self) -> NDArray[np.float64]:
        return self.latitude_of_location[self.location]

    @property
    def longitude(self) -> NDArray[np.float64]:
        return self.longitude_of_location[self.location]

    @property
    def zone(self) -> NDArray[np.int64]:
        return self.ground.zone[self.zip_of_location[self.location]]

    def rows_for(self, need: str) -> NDArray[np.int64]:
        """Numbers of the services at locations that answer a need, ascending."""
        wanted = [self.categories.index(name) for name in categories_for(need)]
        also = self.doubled[np.isin(self.second, wanted)]
        return np.union1d(np.flatnonzero(np.isin(self.category, wanted)), also)


def build(search_rows: int, seed: int = 1, states: frozenset[str] | None = None) -> World:
    """A directory of exactly so many search rows, over the whole country or some states."""
    chance = np.random.default_rng(seed)
    where = ground(states)
    doubles = round(search_rows * FOOD_SHARE * BOTH_SHARE)
    size = search_rows - doubles
    locations = max(1, size // SERVICES_PER_LOCATION)
    zips = chance.choice(len(where.zips), locations, p=where.weight)
    stretch = 1 / np.cos(np.radians(where.latitude[zips]))
    scatter = chance.normal(size=(2, locations)) * where.spread[zips]
    names = every_category()
    food = [names.index(name) for name in categories_for("food")]
    category = chance.choice(len(names), size, p=_shares(names))
    doubled = np.sort(chance.choice(np.flatnonzero(np.isin(category, food)), doubles, replace=False))
    kinds = np.array([week.share for week in weeks()])
    return World(
        seed=seed,
        ground=where,
        zip_of_location=zips,
        latitude_of_location=np.round(where.latitude[zips] + scatter[0], 6),
        longitude_of_location=np.round(where.longitude[zips] + scatter[1] * stretch, 6),
        location=chance.integers(locations, size=size),
        service=chance.permutation(size),
        week=chance.choice(len(kinds), size, p=kinds / kinds.sum()),
        categories=names,
        category=category,
        doubled=doubled,
        second=np.where(category[doubled] == food[0], food[1], food[0]),
        flags={
            name: chance.choice(len(values), size, p=list(values.values())) for name, values in FLAGS.items()
        },
        at_ids=ids(size, seed, "service_at_location"),
    )


def ids(count: int, seed: int, table: str) -> tuple[str, ...]:
    """UUIDs in ascending order."""
    chance = np.random.default_rng([seed, *table.encode()])
    digits = chance.bytes(16 * count).hex()
    return tuple(
        sorted(
            f"{digits[at : at + 8]}-{digits[at + 8 : at + 12]}-{digits[at + 12 : at + 16]}"
            f"-{digits[at + 16 : at + 20]}-{digits[at + 20 : at + 32]}"
            for at in range(0, 32 * count, 32)
        )
    )


def _shares(names: tuple[str, ...]) -> NDArray[np.float64]:
    """Food has its share, three fifths of it pantries; the others fall by their rank in the list."""
    meal, pantry = names.index("meal"), names.index("food_pantry")
    shares = 1 / (np.arange(len(names)) + 5.0)
    shares[[meal, pantry]] = 0
    shares *= (1 - FOOD_SHARE) / shares.sum()
    shares[meal], shares[pantry] = FOOD_SHARE * 0.4, FOOD_SHARE * 0.6
    return shares
