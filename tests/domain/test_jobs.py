"""How long a job takes batches, and how a line of a batch is told in one number."""

import pytest
from fluent_oms_simulator.clock import timestamp
from fluent_oms_simulator.domain.inventory import BatchSource
from fluent_oms_simulator.domain.jobs import DAY, Job, JobStatus, skips_preprocessing

MIDNIGHT = 20_455 * DAY
NOON = MIDNIGHT - DAY // 2


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
