"""What has failed before its request was seen is kept within a bound of bytes."""

from fluent_oms_simulator.conformance.failed_work import BATCH, FailedWork
from fluent_oms_simulator.contracts.conformance.sent_work import MOST_FAILED_BYTES, WorkSeen


def test_failed_records_without_a_request_do_not_add_up() -> None:
    seen = WorkSeen()
    failed = {f"/entities/{number}": "no such location" for number in range(5_000)}
    for number in range(100):
        assert seen.failed(FailedWork(BATCH, str(number), failed)) is None

    kept = list(seen._failed.values())
    assert kept[-1].id == "99"
    assert sum(each.held_bytes() for each in kept) == seen._failed_bytes <= MOST_FAILED_BYTES
