"""Positions as real directories hold them: swapped, in metres, or none."""

from math import atan, degrees, pi, sinh

EARTH_RADIUS_METRES = 6_378_137.0
#: Half the width of the web-mercator map (EPSG:3857), metres.
HALF_WORLD_METRES = pi * EARTH_RADIUS_METRES
#: Every place of the United States is farther than this from where the map's axes cross, in both directions.
LEAST_METRES = 100_000


def mended(latitude: float | None, longitude: float | None) -> tuple[float | None, float | None, str | None]:
    """A position in degrees (WGS 84) and what had to be done to it, or no position and why."""
    if latitude is None or longitude is None:
        return None, None, None if latitude is longitude else "half a position: left out"
    if abs(latitude) < 0.01 and abs(longitude) < 0.01:
        return None, None, "position 0, 0: left out"
    if min(abs(latitude), abs(longitude)) > LEAST_METRES:
        return _from_mercator(latitude, longitude)
    if abs(latitude) > 90 >= abs(longitude) and abs(latitude) <= 180:
        return longitude, latitude, "latitude and longitude were swapped"
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None, None, "position out of range: left out"
    if -90 <= latitude < -60 and 15 < longitude < 72:
        # Antarctica has no services; the eastern United States the other way round has these.
        return longitude, latitude, "latitude and longitude were swapped"
    return latitude, longitude, None


def _from_mercator(y: float, x: float) -> tuple[float | None, float | None, str | None]:
    if abs(x) > HALF_WORLD_METRES or abs(y) > HALF_WORLD_METRES:
        return None, None, "position out of range: left out"
    if y < 0 < x:
        # Metres can be swapped too: the United States lie north of the equator and west of Greenwich.
        x, y = y, x
    latitude = degrees(atan(sinh(y / EARTH_RADIUS_METRES)))
    return latitude, x / HALF_WORLD_METRES * 180, "position was in web-mercator metres"
