"""Where the made-up services stand: the ZIP codes of the contiguous United States, crowded as cities are."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import zipcodes
from numpy.typing import NDArray

OUTSIDE = {"AK", "HI", "PR", "VI", "GU", "AS", "MP", "PW", "FM", "MH", "AA", "AE", "AP"}
#: Side of the squares in which ZIPs are counted to see how crowded a place is.
SQUARE_DEGREES = 1 / 3
#: The densest tenth of the ZIPs gets 45 % of the services, the emptier half 5 %.
STEEPNESS = 6.0


@dataclass(frozen=True)
class Ground:
    """ZIP codes in the library's order; `weight` sums to 1, `spread` is in degrees of latitude."""

    zips: tuple[str, ...]
    cities: tuple[str, ...]
    states: tuple[str, ...]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    zone: NDArray[np.int64]
    zones: tuple[str, ...]
    weight: NDArray[np.float64]
    spread: NDArray[np.float64]


@cache
def ground(states: frozenset[str] | None = None) -> Ground:
    """The 29,545 standard ZIPs in use of the 48 states and DC, or those of some states.

    The library has no populations, so they are ranked by how many ZIPs share their square of a third of a
    degree and weighted exp(-6 rank / n): an assumed rank-size law, not a census. Points are scattered round
    a ZIP's middle by half the radius that its square leaves to each ZIP.
    """
    rows = [row for row in zipcodes.list_all() if _usable(row) and (states is None or row["state"] in states)]
    latitude = np.array([float(row["lat"]) for row in rows])
    longitude = np.array([float(row["long"]) for row in rows])
    crowd = _neighbours(latitude, longitude)
    rank = np.empty(len(rows))
    rank[np.argsort(-crowd, kind="stable")] = np.arange(len(rows))
    weight = np.exp(-STEEPNESS * rank / len(rows))
    zones = sorted({row["timezone"] for row in rows})
    return Ground(
        tuple(row["zip_code"] for row in rows),
        tuple(row["city"] for row in rows),
        tuple(row["state"] for row in rows),
        latitude,
        longitude,
        np.array([zones.index(row["timezone"]) for row in rows]),
        tuple(zones),
        weight / weight.sum(),
        0.5 * SQUARE_DEGREES / np.sqrt(np.pi * crowd),
    )


def sample(where: Ground, crowded: int, anywhere: int, seed: int) -> tuple[str, ...]:
    """ZIPs to ask about: some as services lie, some from anywhere, which is mostly the country."""
    chance = np.random.default_rng(seed)
    size = len(where.zips)
    asked = [
        *chance.choice(size, min(crowded, size), replace=False, p=where.weight),
        *chance.choice(size, min(anywhere, size), replace=False),
    ]
    return tuple(where.zips[number] for number in asked)


def _usable(row: Mapping[str, Any]) -> bool:
    return bool(
        row["active"]
        and row["zip_code_type"] == "STANDARD"
        and row["state"] not in OUTSIDE
        and float(row["lat"])
        and "/" in (row["timezone"] or "")
    )


def _neighbours(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = np.stack([latitude // SQUARE_DEGREES, longitude // SQUARE_DEGREES], axis=1)
    _unique, square, counts = np.unique(squares, axis=0, return_inverse=True, return_counts=True)
    return counts[square.ravel()].astype(float)
