"""Distances on the globe."""

import pytest
from fluent_oms_simulator.domain.catalogue.distance import EARTH_RADIUS, Coordinates, distance
from hypothesis import given
from hypothesis import strategies as st

PLACES = st.builds(Coordinates, st.floats(-90, 90), st.floats(-180, 180))


def test_melbourne_is_some_seven_hundred_kilometres_from_sydney() -> None:
    assert distance(Coordinates(-37.81, 144.96), Coordinates(-33.87, 151.21)) == pytest.approx(
        713, abs=2
    )


@given(PLACES, PLACES)
def test_a_distance_is_the_same_both_ways_and_at_most_half_way_round(
    one: Coordinates, other: Coordinates
) -> None:
    there = distance(one, other)

    assert there == pytest.approx(distance(other, one), abs=1e-6)
    assert 0 <= there <= EARTH_RADIUS * 3.15
    assert distance(one, one) == 0
