"""How long a job takes batches, and what the statuses of batches say."""

import pytest
from fluent_oms_simulator.clock import VirtualClock, timestamp
from fluent_oms_simulator.domain.inventory import BatchSource
from fluent_oms_simulator.domain.jobs import DAY, Job, JobStatus, skips_preprocessing

from ..conftest import NOON, MakeSimulator
from ..support import Client, batch, record

MIDNIGHT = NOON + DAY // 2


def test_a_job_closes_at_midnight_utc_and_takes_no_more_batches(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(clock=clock))
    job = client.job()
    clock.advance(MIDNIGHT - 1 - NOON)
    client.load([record("D45", "LOC_MEL", 1)], job=job)
    clock.advance(1)
    late = client.post(f"/api/v4.1/job/{job}/batch", batch(record("D45", "LOC_MEL", 2)))

    assert late.status_code == 400
    assert "CLOSED" in late.get_json()["errors"][0]["message"]
    assert client.get(f"/api/v4.1/job/{job}").get_json()["status"] == "CLOSED"
    assert client.on_hand("D45", "LOC_MEL") == 1
    assert client.get(f"/api/v4.1/job/{client.job()}").get_json()["status"] == "OPEN"


@pytest.mark.parametrize("created_at", [MIDNIGHT - 1, MIDNIGHT - DAY, MIDNIGHT - DAY + 1, 0])
def test_a_job_closes_at_the_first_midnight_after_it_was_created(created_at: int) -> None:
    job = Job(1, "load", "1", created_at)
    end = (created_at // DAY + 1) * DAY

    assert timestamp(end).endswith("T00:00:00.000+00:00")
    assert job.status(end - 1, "midnight_utc") is JobStatus.OPEN
    assert job.status(end, "midnight_utc") is JobStatus.CLOSED


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        (None, True),
        ({}, True),
        ({"preprocessing": None}, True),
        ({"preprocessing": "enabled"}, True),
        ({"preprocessing": "Skip"}, True),
        ({"preprocessing": "skip"}, False),
    ],
)
def test_pre_processing_is_on_unless_skipped(meta: dict[str, object], expected: bool) -> None:
    job = Job(1, "load", "1", NOON, skips_preprocessing=skips_preprocessing(meta))

    assert job.preprocesses("true") is expected
    assert job.preprocesses("false") is False


@pytest.mark.parametrize(
    "source", [BatchSource(0, 0), BatchSource(7, 4_999), BatchSource(2**31, 1)]
)
def test_a_batch_line_packs_into_one_number_and_back(source: BatchSource) -> None:
    assert BatchSource.unpacked(source.packed()) == source
    assert source.packed() < 2**63


@pytest.mark.parametrize(
    ("conditions", "verdict"),
    [
        (None, "applied"),
        ({}, "applied"),
        ({"hasRelatedInventoryQuantities": []}, "unchanged"),
        ({"hasRelatedInventoryQuantities": [{"type": "SALE", "status": "ACTIVE"}]}, "unchanged"),
        ({"hasRelatedInventoryQuantities": [{"type": "DELTA", "status": "ACTIVE"}]}, "applied"),
        ({"hasRelatedInventoryQuantities": [{"type": "DELTA", "status": "INACTIVE"}]}, "unchanged"),
    ],
)
def test_the_sender_s_conditions_say_which_quantities_keep_an_equal_count(
    client: Client, conditions: object, verdict: str
) -> None:
    client.load([record("D45", "LOC_MEL", 10)])
    client.delta("D45", "LOC_MEL", 5, "d1")
    load = client.load([record("D45", "LOC_MEL", 10)], conditions=conditions)

    assert client.batch(load)["results"][0]["message"].startswith(verdict)
    assert client.on_hand("D45", "LOC_MEL") == (10 if verdict == "applied" else 15)


def test_the_last_of_several_records_for_one_quantity_stands_for_them(client: Client) -> None:
    load = client.load(
        [
            record("D45", "LOC_MEL", 1),
            record("D45", "LOC_MEL", 2),
            record("D45", "LOC_MEL", 3, type="EXPECTED"),
            record("D45", "LOC_MEL", 4, ref="LOT_1"),
            record("D45", "LOC_SYD", 5),
            record("D45", "LOC_MEL", 6),
        ]
    )

    verdicts = [row["message"].partition(":")[0] for row in client.batch(load)["results"]]
    assert verdicts == ["duplicate", "duplicate", *["applied"] * 4]
    assert client.on_hand("D45", "LOC_MEL") == 10


def test_without_pre_processing_every_record_is_applied_in_turn(client: Client) -> None:
    load = client.load(
        [record("D45", "LOC_MEL", 1), record("D45", "LOC_MEL", 2)], preprocessing="skip"
    )

    assert [row["message"] for row in client.batch(load)["results"]] == ["applied", "applied"]
    (count,) = client.position("D45:LOC_MEL:DEFAULT")["quantities"]
    assert [state["quantity"] for state in count["history"]] == [1, 2]


def test_a_sale_is_cleared_by_an_equal_count_also_where_the_count_has_attributes(
    client: Client,
) -> None:
    attributes = {"condition": "NEW"}
    client.load([record("D45", "LOC_MEL", 10, attributes=attributes)])
    client.confirm("D45", "LOC_MEL", "F1", sold=2)
    client.load([record("D45", "LOC_MEL", 10, attributes=attributes)])

    assert client.on_hand("D45", "LOC_MEL") == 10
