"""The exact answer, by looking at everything in memory; and the fastest way known to us, a BallTree."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from benchmarks.directory_world.weeks import weeks
from benchmarks.directory_world.world import FLAGS, World
from services_directory.geometry import EARTH_RADIUS_MILES
from services_directory.hours import OpenKind
from services_directory.who import Who

#: In the order in which they are told.
KINDS = (OpenKind.OPEN, OpenKind.OPENS_LATER, OpenKind.UNKNOWN, OpenKind.CLOSED_TODAY)


class Answer(NamedTuple):
    """One listing of an answer. `kind` is an index of KINDS."""

    service_at_location_id: str
    kind: int
    miles: float


class Oracle:
    """Everything that answers one need, as arrays."""

    def __init__(self, world: World, need: str) -> None:
        self.world = world
        self.rows = world.rows_for(need)
        self.latitude = np.radians(world.latitude[self.rows])
        self.longitude = np.radians(world.longitude[self.rows])
        self.zone = world.zone[self.rows]
        self.week = world.week[self.rows]
        self._kinds: dict[datetime, NDArray[np.int8]] = {}
        self._fits: dict[Who, NDArray[np.bool_]] = {}

    def kinds(self, at: datetime) -> NDArray[np.int8]:
        """What every listing is at an instant, in its own zone."""
        if at not in self._kinds:
            local = [at.astimezone(ZoneInfo(zone)) for zone in self.world.ground.zones]
            table = [[KINDS.index(week.kind(time)) for time in local] for week in weeks()]
            self._kinds[at] = np.array(table, dtype=np.int8)[self.week, self.zone]
        return self._kinds[at]

    def fits(self, who: Who) -> NDArray[np.bool_]:
        """Which listings do not say no to somebody."""
        if who not in self._fits:
            allowed = np.ones(len(self.rows), dtype=bool)
            for name in FLAGS:
                takes = [_takes(name, value, who) for value in FLAGS[name]]
                allowed &= np.array(takes)[self.world.flags[name][self.rows]]
            self._fits[who] = allowed
        return self._fits[who]

    def answer(
        self, latitude: float, longitude: float, at: datetime, who: Who, limit: int, radius_miles: float
    ) -> list[Answer]:
        """The best within the radius: open, opening later, unknown, closed; each by distance, then id."""
        miles = self.miles(latitude, longitude)
        near = np.flatnonzero((miles <= radius_miles) & self.fits(who))
        kinds = self.kinds(at)[near]
        best = near[np.lexsort((self.rows[near], miles[near], kinds))[:limit]]
        ids = self.world.at_ids
        return [
            Answer(ids[self.rows[one]], int(self.kinds(at)[one]), float(miles[one])) for one in best.tolist()
        ]

    def miles(self, latitude: float, longitude: float) -> NDArray[np.float64]:
        """Great-circle distance to every listing (haversine)."""
        north, east = np.radians(latitude), np.radians(longitude)
        half = np.sin((self.latitude - north) / 2) ** 2
        half += np.cos(north) * np.cos(self.latitude) * np.sin((self.longitude - east) / 2) ** 2
        return 2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(half))


class Tree:
    """scikit-learn's BallTree over the same listings: the limit, with everything in memory beforehand."""

    def __init__(self, oracle: Oracle) -> None:
        # The tests need the oracle without this library's second of start-up.
        from sklearn.neighbors import BallTree

        self.tree = BallTree(np.stack([oracle.latitude, oracle.longitude], axis=1), metric="haversine")
        self.size = len(oracle.rows)

    def nearest_open(
        self, latitude: float, longitude: float, is_open: NDArray[np.bool_], limit: int, radius_miles: float
    ) -> NDArray[np.int64]:
        """Numbers of the nearest open listings within the radius; `is_open` is made beforehand."""
        point, most = np.radians([[latitude, longitude]]), min(16, self.size)
        while True:
            angle, found = self.tree.query(point, k=most)
            near = angle[0] * EARTH_RADIUS_MILES <= radius_miles
            chosen = found[0][near & is_open[found[0]]]
            if len(chosen) >= limit or not near.all() or most == self.size:
                return chosen[:limit]
            most = min(most * 4, self.size)


def _takes(name: str, value: object, who: Who) -> bool:
    """Whether a listing with this value of a flag would take them. One that says nothing would."""
    if value is None:
        return True
    match name:
        case "minimum_age":
            return who.age is None or value <= who.age
        case "maximum_age":
            return who.age is None or value >= who.age
        case "gender":
            return who.gender in {None, value}
        case "veterans_only":
            return not (value and who.veteran is False)
        case "languages":
            return who.language in {None, "en"} or f",{who.language}," in str(value)
        case _:
            wish = {"families": "with_children", "pets": "with_pet"}.get(name, name)
            return not getattr(who, wish) or bool(value)
