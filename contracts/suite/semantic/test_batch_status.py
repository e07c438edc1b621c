"""What a batch says of itself while it is worked on, and once it is done."""

import re
import time
from typing import Any

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.asking import walk
from fluent_oms_simulator.contracts.suite.semantic.position import Observe, Position
from fluent_oms_simulator.contracts.target.names import Names

LIFE = ("PENDING", "RUNNING", "COMPLETE")

AT_FAULT = 37
"""The line of a record that cannot be applied: a number that stands for nothing else."""


def several(api: Api, names: Names, number: int) -> list[Position]:
    """Positions of one product."""
    product = names.product()
    return [Position(api, names, product=product) for _ in range(number)]


def test_a_batch_only_ever_goes_forward(api: Api, names: Names) -> None:
    positions = several(api, names, 1_000 if api.target.is_ours else 100)
    job = api.open_job("skip")
    sent = api.send_batch(job, [position.record(7) for position in positions])
    assert sent.status == 200, sent.text
    batch_id = str(sent.document["id"])

    seen: list[str] = []
    deadline = time.monotonic() + api.target.patience
    while "COMPLETE" not in seen and time.monotonic() < deadline:
        seen.append(api.batch_status(job, batch_id, count=1).document["status"])
    seen += [api.batch_status(job, batch_id, count=1).document["status"] for _ in range(3)]
    assert seen[-1] == "COMPLETE", f"after {api.target.patience:g} s the batch is {seen[-1]}"
    assert [LIFE.index(status) for status in seen] == sorted(map(LIFE.index, seen)), seen


@pytest.mark.parametrize("attempt", range(3))
def test_a_batch_is_complete_only_when_every_record_can_be_read(
    api: Api, names: Names, attempt: int
) -> None:
    """The last record is asked for first, so that there is as little time as can be."""
    positions = several(api, names, 2_000 if api.target.is_ours else 150)
    wanted = {position.location: n % 997 + attempt for n, position in enumerate(positions)}
    job = api.open_job("skip")
    records = [position.record(wanted[position.location]) for position in positions]
    sent = api.send_batch(job, records)
    assert sent.status == 200, sent.text
    batch_id = str(sent.document["id"])
    while api.batch_status(job, batch_id, count=1).document["status"] != "COMPLETE":
        time.sleep(api.target.pause)

    last = positions[-1]
    found = api.on_hand(last.product, last.location)
    assert found == wanted[last.location], f"COMPLETE, and {last} still shows {found}"
    pages = walk(api, 500, between=lambda: None, productRef=[last.product])
    seen = {node["locationRef"]: node["onHand"] for shown in pages for node in shown.nodes}
    wrong = [
        f"{location}: {seen.get(location)}, expected {quantity}"
        for location, quantity in wanted.items()
        if seen.get(location) != quantity
    ]
    assert not wrong, f"{len(wrong)} records are not what was sent: {'; '.join(wrong[:5])}"


def test_the_results_have_a_row_for_every_record(api: Api, names: Names, observe: Observe) -> None:
    positions = several(api, names, 7)
    batch = api.load([position.record(1) for position in positions], preprocessing="skip")
    assert int(batch["total"]) == len(positions)
    if not batch["results"]:
        observe("batch.results", "empty", "a batch of 7 good records was COMPLETE without a row")
        return
    assert [str(row["responseCode"]) for row in batch["results"]] == ["200"] * len(positions)
    refs = [row["entityRef"] for row in batch["results"]]
    assert len(set(refs)) == len(positions), f"two records have one result: {refs}"
    product = positions[0].product
    if any(product in str(ref) for ref in refs):  # how a record is named is not told
        told = sorted(str(ref).split(":")[1] for ref in refs)
        assert told == sorted(position.location for position in positions), refs


def test_the_pages_of_results_hold_each_row_once(api: Api, names: Names, observe: Observe) -> None:
    positions = several(api, names, 7)
    job = api.open_job("skip")
    batch = api.load([position.record(1) for position in positions], job=job)
    if not batch["results"]:
        observe("batch.results", "empty", "a batch of 7 good records was COMPLETE without a row")
        return
    path = f"/api/v4.1/job/{job}/batch/{batch['batchId']}"
    rows: list[dict[str, Any]] = []
    for start in range(0, 9, 3):
        answer = api.call("GET", f"{path}?start={start}&count=3")
        assert answer.status == 200, answer.text
        rows += answer.document["results"]

    assert rows == batch["results"]


def test_a_record_that_cannot_be_applied_is_named_and_costs_no_other(
    api: Api, names: Names, observe: Observe
) -> None:
    """Whether the batch is refused at once or the record alone is open (batch.invalid_record)."""
    *good, bad, also_good = several(api, names, AT_FAULT + 2)
    job = api.open_job("skip")
    records = [*(position.record(4) for position in good), bad.record({}), also_good.record(6)]
    sent = api.send_batch(job, records)
    if sent.status == 400:
        named = re.findall(rf"(?<![-\w]){AT_FAULT}(?!\w)|{re.escape(bad.location)}", sent.text)
        assert named, f"the refusal does not name record {AT_FAULT}: {sent.text}"
        for position in (good[0], bad, also_good):
            position.shows(None)
        return
    assert sent.status == 200, sent.text
    batch = api.wait_for_batch(job, str(sent.document["id"]))
    why = "a batch with a count that is no number was accepted, and its other records were applied"
    observe("batch.invalid_record", "refuse_record", why)
    good[0].shows(4)
    bad.shows(None)
    also_good.shows(6)
    if batch["results"]:
        failed = [str(row["responseCode"]) != "200" for row in batch["results"]]
        assert failed == [*(False for _ in good), True, False], batch["results"]


def test_a_job_lists_its_batches(api: Api, names: Names) -> None:
    position = Position(api, names)
    job = api.open_job()
    loaded = [api.load([position.record(quantity)], job=job)["batchId"] for quantity in (1, 2)]
    answer = api.call("GET", f"/api/v4.1/job/{job}")

    assert answer.status == 200, answer.text
    assert answer.document["status"] == "OPEN"
    listed = {row["batchId"]: row["status"] for row in answer.document["batch"]}
    assert listed == dict.fromkeys(loaded, "COMPLETE")
