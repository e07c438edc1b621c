"""How far two places are from each other."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS = 6_371.0
"""Kilometres, on average."""


class Coordinates(NamedTuple):
    """A place on the globe, in degrees."""

    latitude: float
    longitude: float


def distance(one: Coordinates, other: Coordinates) -> float:
    """Kilometres along a great circle, by the haversine formula."""
    north, north_of_other = radians(one.latitude), radians(other.latitude)
    up = sin((north_of_other - north) / 2) ** 2
    along = sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(up + cos(north) * cos(north_of_other) * along)))
