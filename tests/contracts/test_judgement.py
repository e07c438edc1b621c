"""A good server is never called bad by a fault of ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.reporting.run_report import Outcome, Report, Verdict
from fluent_oms_simulator.contracts.rules.rule import Severity
from fluent_oms_simulator.contracts.running import contract_run
from fluent_oms_simulator.contracts.running.options import Options
from fluent_oms_simulator.contracts.running.replay import replay
from fluent_oms_simulator.contracts.suite.judgement import KINDS, Judgement, fields_at_fault, judge
from hypothesis import given
from hypothesis import strategies as st

EVENT = {
    "name": "Mine",
    "retailerId": "1",
    "entityType": "ORDER",
    "entityRef": "MINE",
    "attributes": {"a": 1},
}
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*EVENT, "entities"]), inner),
)
CONTRACT = "a sign in needs all its parts [username]"


def test_a_number_longer_than_64_bits_is_judged_like_any_other() -> None:
    body = json.dumps({**EVENT, "attributes": {"a": 1.797e308}}).encode()

    assert judge("sendEvent", json.dumps(EVENT).encode()) is Judgement.VALID
    assert judge("sendEvent", body) is Judgement.OPEN


def test_whether_a_bad_record_costs_its_whole_batch_is_open() -> None:
    good = {"skuRef": "S", "locationRef": "L", "qty": 1}
    envelope = {"action": "UPSERT", "entityType": "INVENTORY"}

    def judged(*records: object, **more: object) -> Judgement:
        return judge("createBatch", json.dumps({**envelope, "entities": records, **more}).encode())

    assert judged(good) is Judgement.VALID
    assert judged(good, good | {"qty": -1}) is Judgement.OPEN
    assert judged(None) is Judgement.OPEN
    assert judged() is Judgement.INVALID
    assert judged(good | {"qty": -1}, action="DELETE") is Judgement.INVALID


@given(
    st.sampled_from(list(KINDS)),
    JSON
    | st.builds(lambda some: {**EVENT, **some}, JSON.filter(lambda some: isinstance(some, dict))),
)
def test_every_document_is_judged(operation: str, document: object) -> None:
    body = json.dumps(document).encode()

    assert judge(operation, body) in Judgement
    assert all(isinstance(name, str) for name in fields_at_fault(operation, body))


def run(folder: Path) -> Report:
    return contract_run.run(Options(select=(CONTRACT,), report_dir=folder, seed=3))


def test_a_fault_of_ours_leaves_the_run_without_a_verdict_and_so_does_its_replay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sign_in = Api.sign_in

    def faulty(api: Api, **changes: str) -> object:
        answer = sign_in(api, **changes)
        if changes:
            api.call("GET", "/api/v4.1/event")
            raise TypeError("Integer exceeds 64-bit range")
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Api, "sign_in", faulty)
        report = run(tmp_path)
    (recorded,) = (tmp_path / "failures").iterdir()
    again = replay(recorded, Options(), confirm=lambda _told: True)

    assert [check.verdict for check in report.checks] == [Verdict.ERROR]
    assert report.outcome(Severity.ERROR) is Outcome.INCOMPLETE
    assert [check.verdict for check in again.report.checks] == [Verdict.ERROR]
    assert again.report.outcome(Severity.ERROR) is Outcome.INCOMPLETE
    assert "so the answers prove nothing" in again.story
