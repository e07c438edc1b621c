"""The contracts, tried on a simulator with a defect: each one must be caught."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fluent_oms_simulator.contracts.reporting.run_report import Outcome, Verdict
from fluent_oms_simulator.contracts.rules.rule import Severity
from fluent_oms_simulator.contracts.running.contract_run import run
from fluent_oms_simulator.contracts.running.options import Options
from fluent_oms_simulator.operations.access_tokens import Tokens

from .helpers.planted_defects import DEFECTS, Defect
from .helpers.planted_stock import CAUGHT_BY as STOCK_DEFECTS
from .helpers.suite_runs import (
    IMPATIENCE,
    broken,
    checks_of,
    contradicted,
    in_a_hurry,
    suite_read_anew,
)

OF_SHAPE = ("answers as described", "each link of the description")
SEEN_BY_THE_MODEL = (
    "only_the_last_delta_counts",
    "reservations_retired",
    "cancelling_keeps_the_reservation",
)
SPREAD = DEFECTS[::6]
"""Some of every kind: a run of the whole suite takes most of a minute."""
THE_OTHERS = [defect for defect in DEFECTS if defect not in SPREAD]
PATIENCE = 5.0
EVERY_DEFECT = pytest.mark.parametrize(
    "defect",
    [pytest.param(one, marks=[pytest.mark.slow] if one in THE_OTHERS else []) for one in DEFECTS],
    ids=lambda defect: defect.name,
)


@pytest.fixture(scope="module", autouse=True)
def as_many_examples_as_needed() -> Iterator[None]:
    """Whatever the tests before have made of the suite."""
    with suite_read_anew():
        yield


TRIES = 20


def needs_shape(defect: Defect) -> bool:
    """Whether its contract is made from the API's description, which takes time to read."""
    return any(part in defect.contract for part in OF_SHAPE)


@EVERY_DEFECT
def test_a_simulator_with_a_defect_is_caught(
    monkeypatch: pytest.MonkeyPatch, defect: Defect
) -> None:
    with in_a_hurry(with_shape=needs_shape(defect), patience=IMPATIENCE):
        defect.plant(monkeypatch)
        # Some defects show for a moment only, which a busy machine may miss.
        for _ in range(TRIES):
            checks = checks_of(defect.contract)
            caught = defect.switch in contradicted(checks) if defect.switch else broken(checks)
            if caught:
                break

    assert caught, [check.verdict for check in checks]


@pytest.mark.slow
def test_without_a_defect_the_same_contracts_hold() -> None:
    with in_a_hurry(with_shape=True):
        checks = checks_of(*{defect.contract for defect in DEFECTS})

    assert not broken(checks)
    assert not contradicted(checks)
    held = [check.name for check in checks if check.verdict in (Verdict.PASSED, Verdict.OBSERVED)]
    unheld = [one.contract for one in DEFECTS if not any(one.contract in name for name in held)]
    assert not unheld


def test_every_defect_is_told_apart_and_described() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 60
    assert all(defect.description.endswith(".") for defect in DEFECTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEN_BY_THE_MODEL)
def test_the_plain_model_sees_it_too(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (plant,) = (plant for plant in STOCK_DEFECTS if plant.__name__ == name)
    with in_a_hurry(with_shape=False, patience=IMPATIENCE):
        plant(monkeypatch)

        assert broken(checks_of("the server agrees with a plain model"))


def test_of_a_server_that_lets_everybody_in_every_operation_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Tokens, "verify", lambda *_: None)
    with in_a_hurry(with_shape=False):
        checks = checks_of("no spelling of a path lets anybody in")

    assert len(checks) == 10
    assert broken(checks) == checks


@pytest.mark.parametrize("defect", SPREAD, ids=lambda defect: defect.name)
@pytest.mark.slow
def test_a_run_with_default_options_says_that_the_contract_is_broken(
    monkeypatch: pytest.MonkeyPatch, defect: Defect
) -> None:
    says_that_it_is_broken(monkeypatch, defect)


@pytest.mark.parametrize("defect", THE_OTHERS, ids=lambda defect: defect.name)
@pytest.mark.exhaustive
def test_so_says_a_run_with_every_other_defect(
    monkeypatch: pytest.MonkeyPatch, defect: Defect
) -> None:
    says_that_it_is_broken(monkeypatch, defect)


def says_that_it_is_broken(monkeypatch: pytest.MonkeyPatch, defect: Defect) -> None:
    with in_a_hurry(with_shape=True, patience=PATIENCE):
        defect.plant(monkeypatch)
        report = run(Options(seed=1))

    checks = list(report.checks)
    if not (defect.switch and defect.switch in contradicted(checks)):
        assert broken(checks)
        # Beside it, a defect may keep other contracts from a verdict.
        assert report.outcome(Severity.ERROR) in (Outcome.FAILED, Outcome.INCOMPLETE)
