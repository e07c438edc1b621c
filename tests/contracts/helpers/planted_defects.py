"""Every defect that is planted in the simulator, and the contract that must catch it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest

from . import planted_answers, planted_events, planted_quantities, planted_stock, planted_work

Plant = Callable[[pytest.MonkeyPatch], None]

OBSERVED: Mapping[Plant, str] = {
    planted_stock.repeat_accumulates: "delta.duplicate",
    planted_stock.retired_delta_comes_back: "delta.duplicate",
    planted_work.never_preprocessed: "preprocessing.account_setting",
    planted_work.negative_count_taken: "batch.negative_count",
}
"""Defects that are allowed behaviour elsewhere, and the switch that says it is not so here."""


class Defect(NamedTuple):
    """Something wrong; `contract` is a part of a contract's name.

    Where `switch` is named, the contract only observes, and what was observed contradicts it.
    """

    name: str
    description: str
    plant: Plant
    contract: str
    switch: str = ""


DEFECTS = [
    Defect(plant.__name__, plant.__doc__ or "", plant, contract, OBSERVED.get(plant, ""))
    for part in (planted_stock, planted_work, planted_events, planted_answers, planted_quantities)
    for plant, contract in part.CAUGHT_BY.items()
]
