"""How long single units of work wait: by their distribution, and by what they are themselves."""

import pytest
from fluent_oms_simulator.domain.settling import Delay, Distribution

UNITS = [b"unit %d" % number for number in range(2_000)]
DRAWS = [
    (Delay(Distribution.UNIFORM, (100, 900), 7), 100, 900, 500),
    (Delay(Distribution.LOGNORMAL, (300, 0.8), 7), 1, 1_000_000_000, 300),
    (Delay(Distribution.LOGNORMAL, (300, 5), 7), 0, 1_000_000_000, 300),
]


@pytest.mark.parametrize(("delay", "least", "most", "median"), DRAWS, ids=str)
def test_delays_are_of_their_distribution(delay: Delay, least: int, most: int, median: int) -> None:
    drawn = sorted(map(delay.of, UNITS))

    assert least <= drawn[0] <= drawn[len(drawn) // 10] < median < drawn[-1] <= most
    shorter = sum(one < median for one in drawn)
    assert 900 < shorter < 1_100


@pytest.mark.parametrize("delay", [delay for delay, *_ in DRAWS], ids=str)
def test_a_unit_takes_the_same_time_for_the_same_seed_alone(delay: Delay) -> None:
    again = delay._replace(seed=8)

    assert [delay.of(unit) for unit in reversed(UNITS)] == [delay.of(unit) for unit in UNITS][::-1]
    assert [again.of(unit) for unit in UNITS] != [delay.of(unit) for unit in UNITS]
