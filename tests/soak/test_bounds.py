"""Every row of the table of bounds, filled and filled on: what is held in memory stays level.

Held memory is measured, not time. The limits are small, so that it is quick, and ten times as large
in other tests: what counts another unit than what is held shows there.
"""

import pytest
from fluent_oms_simulator.domain import bounds

from ..support import limit
from .helpers.filling import FILLINGS, OTHERS, Filling, level, names

AT_ONCE = "jobs"
"""The one that takes a second; together the others take minutes."""


@pytest.mark.parametrize(
    "filling",
    [pytest.param(one, marks=[] if one.title == AT_ONCE else pytest.mark.slow) for one in FILLINGS],
    ids=names,
)
def test_what_is_held_stays_level_beyond_the_bound(
    monkeypatch: pytest.MonkeyPatch, filling: Filling
) -> None:
    check(monkeypatch, filling)


@pytest.mark.slow
@pytest.mark.parametrize("filling", FILLINGS, ids=names)
def test_it_stays_level_beyond_larger_bounds_too(
    monkeypatch: pytest.MonkeyPatch, filling: Filling
) -> None:
    check(monkeypatch, filling.scaled(10))


def check(monkeypatch: pytest.MonkeyPatch, filling: Filling) -> None:
    for name, most in {**OTHERS, **filling.room, **filling.limits}.items():
        limit(monkeypatch, name, most)
    found = level(filling)

    assert found.lost_at_last > 0, "the bound was never met"
    # A dictionary that is emptied at one end and filled at the other grows its table once: with
    # 20,000 reservations by 31 %, after which eight rounds stay level.
    assert found.held_at_last < 1.35 * found.held_when_full + 100_000
    assert found.held_at_last < filling.most_bytes()


def test_every_row_of_the_table_is_filled() -> None:
    filled = {name for filling in FILLINGS for name in filling.limits}

    rows = {name for name, row in vars(bounds).items() if isinstance(row, bounds.Bound)}
    assert filled == rows
    assert len(bounds.TABLE) == len(rows)
