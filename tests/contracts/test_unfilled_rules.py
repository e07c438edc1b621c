"""Fields besides the refs in which no value was filled in: found, and nothing that is meant."""

from __future__ import annotations

from typing import Any

import pytest
from fluent_oms_simulator.contracts.all_rules import select
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.rule import Batch, Event, Finding, Job, Severity
from fluent_oms_simulator.contracts.rules.samples import a_batch, a_delta, a_delta_event, a_record

NONE = ("${type}", "{{type}}", "undefined", "UNDEFINED", "null", "None", "#N/A", "[object Object]")
NO_RETAILER = (
    "{{retailer.id}}",
    "undefined",
    "null",
    "NaN",
    " 1",
    "1 ",
    "+1",
    "1.0",
    "\u0661",
    1.0,
)
"""The Arabic digit is one to Python, and none to a server."""
RETAILERS = ("1", 1, "0", 0, "197", "20 digits".replace(" digits", "0" * 18))
TYPES = ("LAST_ON_HAND", "DELTA", "RESERVED", "LAYBY", "EXPECTED", "NONE", "NA", "ON ORDER", "nul")
NAMES = ("INVENTORY_DELTA", "UpdateInventoryQty", "Order Placed", "UndefinedOrderSweep", "Null")
ACCOUNTS = ("FCTRAIN1001", "NULLARBOR", "acme-dev", "NA")


def found(*observed: Batch | Event | Job) -> list[Finding]:
    checker = Checker(select(["FOMS-B3", "FOMS-E46", "FOMS-E47", "FOMS-J04"]))
    return [finding for observation in observed for finding in checker.check(observation)]


def told(*observed: Batch | Event | Job) -> list[tuple[str, str]]:
    findings = found(*observed)
    assert {finding.severity for finding in findings} <= {Severity.ERROR}
    return [(finding.rule_id, finding.pointer) for finding in findings]


def an_event(**changes: Any) -> Event:
    return a_delta_event(a_delta(), **changes)


@pytest.mark.parametrize("kind", NONE)
def test_a_record_whose_type_was_never_filled_in_is_an_error(kind: str) -> None:
    batch = a_batch(a_record(type="DELTA"), a_record(type=kind), a_record(type=kind))

    assert told(batch) == [
        ("FOMS-B310", "/entities/1/type"),
        ("FOMS-B310", "/entities/2/type"),
    ]


@pytest.mark.parametrize("retailer", NO_RETAILER)
def test_an_id_that_no_retailer_can_have_is_an_error_wherever_it_is_sent(retailer: object) -> None:
    batch = a_batch(*(a_record(retailerId=each) for each in ("7", retailer, retailer)))
    event = an_event(retailerId=retailer)
    job = Job({"name": "Nightly load", "retailerId": retailer})

    assert told(batch, event, job) == [
        ("FOMS-B320", "/entities/1/retailerId"),
        ("FOMS-E460", "/retailerId"),
        ("FOMS-J040", "/retailerId"),
    ]


@pytest.mark.parametrize("value", [*NONE, "A\u200b", "\ufeffA"])
@pytest.mark.parametrize("field", ["name", "accountId"])
def test_an_event_whose_name_or_account_was_never_filled_in_is_an_error(
    field: str, value: str
) -> None:
    assert told(an_event(**{field: value})) == [("FOMS-E470", f"/{field}")]


def test_an_account_with_a_blank_at_its_end_is_an_error() -> None:
    assert told(an_event(accountId="FCTRAIN1001 ")) == [("FOMS-E470", "/accountId")]


def test_a_documented_name_with_what_nobody_sees_is_told_once() -> None:
    checker = Checker(select())
    findings = checker.check(an_event(name="INVENTORY_DELTA\u200b"))

    assert [finding.rule_id for finding in findings] == ["FOMS-E010"]


def test_types_names_accounts_and_retailers_that_are_meant_are_left_alone() -> None:
    meant: tuple[Batch | Event | Job, ...] = (
        a_batch(*(a_record(type=kind, skuRef=f"SKU_{kind}") for kind in TYPES)),
        *(a_batch(a_record(retailerId=retailer)) for retailer in RETAILERS),
        *(an_event(retailerId=retailer) for retailer in RETAILERS),
        *(Job({"name": "Nightly load", "retailerId": retailer}) for retailer in RETAILERS),
        *(an_event(name=name) for name in NAMES),
        *(an_event(accountId=account) for account in ACCOUNTS),
    )

    assert told(*meant) == []
