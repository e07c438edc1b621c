"""A fault of the schema is told, whatever else is found at its place or left out of the report."""

from pathlib import Path
from typing import Any

import pytest
from fluent_oms_simulator.contracts.all_rules import RULES, rule
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.rule import Rule, Severity

from ..support import Client, batch, delta, deltas, record
from .helpers.validating import findings, validate, write

EVENT = "/api/v4.1/event/async"
BATCH = "/api/v4.1/job/{job}/batch"
JOB = "/api/v4.1/job"

REFUSED = {
    "a ref that ends with a line feed": (BATCH, batch(record("a\n", "L", 1))),
    "an id that ends with a tab": (EVENT, deltas(delta("A", "L", 1, "a\t"))),
    "a correction that is no number": (BATCH, batch(record("A", "L", 1, correctedQty=True))),
    "a status without a letter": (BATCH, batch(record("A", "L", 1, status=""))),
    "a setting that is a number": (
        JOB,
        {"name": "n", "retailerId": "1", "meta": {"preprocessing": 5}},
    ),
    "a misspelt field that is needed": (BATCH, {"Action": "UPSERT", **batch(record("A", "L", 1))}),
}
REFUSED["a misspelt field that is needed"][1].pop("action")


@pytest.mark.parametrize(("path", "document"), REFUSED.values(), ids=REFUSED)
def test_what_the_server_refuses_does_not_pass_with_a_warning(
    client: Client, tmp_path: Path, path: str, document: Any
) -> None:
    reply = client.post(path.replace("{job}", client.job()), document)

    assert reply.status_code == 400
    assert validate(write(tmp_path / "payload.json", document)).exit_code == 1


def test_the_same_or_a_worse_finding_still_stands_for_the_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "payload.json", batch(record("A", "L", -1)))

    assert [found.rule for found in findings(path)] == ["FOMS-B110"]


def test_without_the_rule_that_explains_it_the_fault_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "payload.json", batch(record("A", "L", -1)))

    assert [found.rule for found in findings(path, "--ignore", "FOMS-B110")] == ["FOMS-B000"]


@pytest.mark.parametrize("kind", RULES, ids=lambda kind: kind.id)
def test_no_warning_stands_for_an_error(kind: type[Rule]) -> None:
    """Whatever rule there will be: with a bad payload of its own, errors are told as without it."""
    shapes = [rule("FOMS-B000"), rule("FOMS-E000"), rule("FOMS-J000")]
    for observation in kind.bad:
        alone = Checker(shapes).check(observation)
        beside = Checker(list(dict.fromkeys([*shapes, kind]))).check(observation)
        if kind.severity is Severity.WARNING:
            assert [found for found in beside if found.severity is Severity.ERROR] == alone
        elif alone:
            assert any(found.severity is Severity.ERROR for found in beside)


@pytest.mark.slow
def test_more_faults_than_can_be_listed_are_still_an_error(tmp_path: Path) -> None:
    wrong = {"skuRef": 1, "locationRef": 2, "qty": None, "type": 3, "status": 4, "ref": 5}
    path = write(tmp_path / "records.json", [wrong] * 5_000)

    told = findings(path, "--max-findings", 30_000, "--kind", "records")

    assert len(told) > 20_000
    assert any(found.rule == "FOMS-B000" and found.pointer == "/0" for found in told)


def test_an_error_beyond_the_bound_of_the_report_still_fails_the_run(tmp_path: Path) -> None:
    padded = [record(f"A{number} ", "L", 1) for number in range(5)]
    first = write(tmp_path / "first.json", batch(*padded))
    second = write(tmp_path / "second.json", batch(record("B", "L", "seven")))

    result = validate(first, second, "--max-findings", 2)

    assert "error FOMS" not in result.stdout
    assert (result.exit_code, result.stdout.rstrip().rpartition(": ")[2]) == (1, "failed")
