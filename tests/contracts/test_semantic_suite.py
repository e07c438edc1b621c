"""The semantic contracts: the simulator honours them, whatever its switches are."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from fluent_oms_simulator.behaviour import values_of
from fluent_oms_simulator.contracts.reporting.run_report import Verdict

from .helpers.suite_runs import broken, checks_of, contradicted, in_a_hurry, suite_read_anew

FEW = 4
OTHERWISE = [
    {
        "delta.duplicate": "accumulate",
        "delta.missing_position": "create",
        "batch.invalid_record": "refuse_record",
        "event.audit": "off",
        "event.success_status": "COMPLETE",
        "position.first_status": "CREATED",
    },
    {
        "delta.duplicate": "reject",
        "delta.missing_position": "skip",
        "batch.results": "empty",
        "preprocessing.account_setting": "false",
        "event.invalid_attributes": "fail",
        "event.order": "oldest_first",
        "graphql.unknown_entity": "error",
    },
    values_of("documented"),
]
IDS = ["first", "second", "documented"]
OTHER_SWITCHES = pytest.mark.parametrize("behaviours", OTHERWISE, ids=IDS)


def honours_the_contracts(behaviours: Mapping[str, str], examples: int) -> None:
    """Fail unless what is open is observed, as the switches say, and all else holds."""
    with suite_read_anew(), in_a_hurry(with_shape=False):
        checks = checks_of("semantic", behaviours=behaviours, examples=examples)

    assert len(checks) > 100
    unsound = {Verdict.FAILED, Verdict.ERROR, Verdict.SKIPPED}
    assert not [check for check in checks if check.verdict in unsound]
    assert not contradicted(checks, behaviours)
    assert any(check.verdict is Verdict.OBSERVED for check in checks) == bool(behaviours)


def test_the_simulator_honours_every_semantic_contract() -> None:
    honours_the_contracts({}, FEW)


@pytest.mark.slow
@OTHER_SWITCHES
def test_what_is_open_is_observed_and_no_failure(behaviours: Mapping[str, str]) -> None:
    honours_the_contracts(behaviours, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("behaviours", [{}, *OTHERWISE], ids=["default", *IDS])
def test_it_honours_them_with_many_examples(behaviours: Mapping[str, str]) -> None:
    honours_the_contracts(behaviours, 100)


def test_a_repeat_that_counts_again_is_observed_where_the_switch_says_so() -> None:
    behaviours = {"delta.duplicate": "accumulate"}
    (check,) = checks_of("an event sent twice counts once", behaviours=behaviours)

    assert check.verdict is Verdict.OBSERVED
    assert "delta.duplicate = accumulate" in check.message
    assert contradicted([check], behaviours) == []
    assert contradicted([check]) == ["delta.duplicate"]
    assert not broken([check])
