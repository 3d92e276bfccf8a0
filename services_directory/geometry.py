"""Distances on the earth."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_MILES = 3958.8
MILES_PER_DEGREE = 69.0


def miles_between(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """Great-circle distance in miles between two points in degrees (haversine)."""
    lat1, lat2 = radians(latitude1), radians(latitude2)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(longitude2 - longitude1) / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(min(1.0, half)))
