"""The stores that forget: what goes first, and that it is counted."""

import pytest
from fluent_oms_simulator.domain.bounds import LineFullError
from fluent_oms_simulator.domain.events import Event, EventContext, EventStatus, Outcome
from fluent_oms_simulator.domain.jobs import InventoryBatch, InventoryRecord, Job, RecordFault
from fluent_oms_simulator.domain.refs import default_catalogue
from fluent_oms_simulator.stores.event_log import EventLog
from fluent_oms_simulator.stores.jobs import JobStore

from ..support import limit


def waiting_event(event_id: str, size: int = 10) -> Event:
    context = EventContext("INVENTORY_CATALOGUE", "DEFAULT:1")
    return Event(event_id, "INVENTORY_DELTA", "1", context, 1_000, b"x" * size)


def an_event(event_id: str, size: int = 10) -> Event:
    event = waiting_event(event_id, size)
    event.end(Outcome(EventStatus.SUCCESS, ""))
    return event


ONE = an_event("e").held_bytes() - 20
"""What an event takes besides its body, which counts twice: its texts are held as well."""


def kept(log: EventLog) -> list[str]:
    return [event.id for event in log.walk(newest_first=False)]


def add_batch(store: JobStore, job: Job, records: int = 1) -> InventoryBatch:
    record = InventoryRecord("D45", "LOC_MEL", 1)
    batch = InventoryBatch(
        0,
        job.number,
        default_catalogue("1"),
        "batch",
        "InventoryChanged",
        1_000,
        [record] * records,
    )
    with store.add_batch(job, batch):
        return batch


def complete(store: JobStore, *batches: InventoryBatch) -> None:
    for batch in batches:
        batch.complete(1_000)
        store.completed(batch)


def test_the_event_log_drops_its_oldest_events_first(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "EVENTS", 3)
    log = EventLog()
    for number in range(5):
        log.add(an_event(f"e{number}"))

    assert kept(log) == ["e2", "e3", "e4"]
    assert (len(log), log.dropped) == (3, 2)
    assert log.find("e1") is None
    assert log.find("e2") is not None


def test_the_event_log_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "EVENT_BYTES", 2 * ONE + 200)
    log = EventLog()
    for number, size in enumerate([40, 40, 20, 50]):
        log.add(an_event(f"e{number}", size))

    assert kept(log) == ["e2", "e3"]
    assert log.dropped == 2


def test_an_event_larger_than_the_whole_log_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "EVENT_BYTES", ONE + 100)
    log = EventLog()
    log.add(an_event("small"))
    log.add(an_event("huge", 101))
    log.add(an_event("next"))

    assert kept(log) == ["next"]


def test_an_event_that_waits_is_never_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "EVENTS", 2)
    limit(monkeypatch, "EVENT_BYTES", 2 * ONE + 100)
    log = EventLog()
    waiting = [waiting_event(f"w{number}") for number in range(5)]
    for event in waiting:
        log.add(event)
    for number in range(5):
        log.add(an_event(f"e{number}"))

    assert kept(log) == ["w0", "w1", "w2", "w3", "w4", "e3", "e4"]
    for event in waiting:
        event.end(Outcome(EventStatus.SUCCESS, ""))
        log.ended(event)
    log.add(an_event("last"))
    assert kept(log) == ["w4", "last"]


def test_an_event_is_refused_when_too_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 2 * waiting_event("w").held_bytes()
    limit(monkeypatch, "WAITING_EVENTS", most)
    log = EventLog()
    first = waiting_event("first")
    log.add(first)
    log.add(waiting_event("second"))
    with pytest.raises(LineFullError):
        log.add(waiting_event("third"))

    assert kept(log) == ["first", "second"]
    (waiting, *_) = log.tallies()
    assert (waiting.held, waiting.lost) == (most, 1)
    first.end(Outcome(EventStatus.SUCCESS, ""))
    log.ended(first)
    log.add(waiting_event("third"))
    assert kept(log) == ["first", "second", "third"]


def test_an_event_that_is_larger_than_the_whole_line_may_wait_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit(monkeypatch, "WAITING_EVENTS", 100)
    log = EventLog()
    log.add(waiting_event("huge"))
    with pytest.raises(LineFullError):
        log.add(waiting_event("next"))

    assert kept(log) == ["huge"]


def test_what_an_event_has_become_counts_and_not_what_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit(monkeypatch, "EVENT_BYTES", 50_000)
    log = EventLog()
    for number in range(5):
        event = waiting_event(f"e{number}")
        log.add(event)
        event.end(Outcome(EventStatus.FAILED, "x" * 20_000))
        log.ended(event)
    log.add(an_event("last"))

    assert kept(log) == ["e3", "e4", "last"]


def test_the_event_log_is_read_from_either_end() -> None:
    log = EventLog()
    for number in range(5):
        log.add(an_event(f"e{number}"))

    assert kept(log) == ["e0", "e1", "e2", "e3", "e4"]
    assert [event.id for event in log.walk(newest_first=True)] == ["e4", "e3", "e2", "e1", "e0"]


def test_a_reader_of_the_event_log_sees_it_as_it_was_when_it_began() -> None:
    log = EventLog()
    log.add(an_event("before"))
    reader = log.walk(newest_first=False)
    log.add(an_event("after"))
    with log.anew():
        pass

    assert [event.id for event in reader] == ["before"]


def test_a_reset_event_log_counts_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "EVENT_BYTES", ONE + 200)
    log = EventLog()
    log.add(an_event("a", 90))
    with log.anew():
        pass
    log.add(an_event("b", 90))

    assert kept(log) == ["b"]
    assert log.dropped == 0


def test_jobs_and_batches_are_numbered_from_one() -> None:
    store = JobStore()
    first, second = (store.create(name, "1", 1_000, None) for name in "ab")

    assert [first.number, second.number] == [1, 2]
    assert [add_batch(store, job).number for job in (second, first)] == [1, 2]
    with store.anew():
        pass
    third = store.create("c", "1", 1_000, None)
    assert [third.number, add_batch(store, third).number] == [1, 1]


@pytest.mark.parametrize("job_id", ["", "0", "2", "01", "+1", "1.0", " 1", "\u0661", "9" * 40])
def test_only_a_job_s_own_id_finds_it(job_id: str) -> None:
    store = JobStore()
    job = store.create("a", "1", 1_000, None)

    assert store.find("1") is job
    assert store.find(job_id) is None


def test_the_oldest_jobs_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "JOBS", 2)
    store = JobStore()
    for name in "abc":
        store.create(name, "1", 1_000, None)

    assert store.find("1") is None
    assert [job and job.name for job in map(store.find, "23")] == ["b", "c"]


def test_jobs_are_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    store = JobStore()
    one = store.create("a", "1", 1_000, b"").held_bytes
    limit(monkeypatch, "JOB_BYTES", 2 * one + 100)
    with store.anew():
        pass
    for name, size in (("a", 60), ("b", 30), ("c", 50)):
        store.create(name, "1", 1_000, b"x" * size)

    assert store.find("1") is None
    assert [job and job.name for job in map(store.find, "23")] == ["b", "c"]


def test_a_job_in_which_a_batch_waits_is_kept_beyond_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit(monkeypatch, "JOBS", 2)
    store = JobStore()
    busy = store.create("busy", "1", 1_000)
    waiting = add_batch(store, busy)
    for name in "abc":
        store.create(name, "1", 1_000)

    assert [job and job.name for job in map(store.find, "1234")] == ["busy", None, None, "c"]
    complete(store, waiting)
    store.create("d", "1", 1_000)
    store.create("e", "1", 1_000)
    assert store.find("1") is None


def test_a_new_job_is_kept_where_all_others_are_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "JOBS", 1)
    limit(monkeypatch, "JOB_BYTES", 1)
    store = JobStore()
    for name in "ab":
        add_batch(store, store.create(name, "1", 1_000))

    newest = store.create("c", "1", 1_000)

    assert store.find(str(newest.number)) is newest


@pytest.mark.parametrize(("bound", "records"), [("BATCHES", 1), ("BATCH_BYTES", 2_000)])
def test_the_oldest_finished_batches_give_way(
    monkeypatch: pytest.MonkeyPatch, bound: str, records: int
) -> None:
    limit(monkeypatch, bound, 3 if bound == "BATCHES" else 3 * 20_000)
    store = JobStore()
    job = store.create("a", "1", 1_000, None)
    for _ in range(5):
        complete(store, add_batch(store, job, records))

    assert list(job.batches) == [3, 4, 5]
    assert store.dropped_batches == 2


def test_the_reasons_of_records_that_failed_count(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "BATCH_BYTES", 60_000)
    store = JobStore()
    job = store.create("a", "1", 1_000, None)
    for _ in range(5):
        batch = add_batch(store, job, 10)
        for line in range(10):
            batch.refuse(line, RecordFault.told("x" * 5_000))
        complete(store, batch)

    assert list(job.batches) == [4, 5]
    reason = batch.faults[0].message
    assert (len(reason), reason[-1]) == (1_000, "…")


def test_a_batch_that_still_runs_is_kept_beyond_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "BATCHES", 1)
    store = JobStore()
    job = store.create("a", "1", 1_000, None)
    running, *others = [add_batch(store, job) for _ in range(4)]

    assert list(job.batches) == [1, 2, 3, 4]
    complete(store, running, *others)
    assert list(job.batches) == [4]


def test_a_batch_is_refused_when_too_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "WAITING_BATCHES", 4_000)
    store = JobStore()
    job = store.create("a", "1", 1_000, None)
    first = add_batch(store, job)
    add_batch(store, job)
    with pytest.raises(LineFullError):
        add_batch(store, job)

    assert list(job.batches) == [1, 2]
    (waiting, *_) = store.tallies()
    assert waiting.lost == 1
    complete(store, first)
    assert add_batch(store, job).number == 3


def test_a_batch_of_a_forgotten_job_is_let_go_too(monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "JOBS", 1)
    limit(monkeypatch, "BATCHES", 1)
    store = JobStore()
    complete(store, add_batch(store, store.create("a", "1", 1_000, None)))
    newer = store.create("b", "1", 1_000, None)
    complete(store, add_batch(store, newer))

    assert store.dropped_batches == 1
    assert list(newer.batches) == [2]


def test_what_was_in_line_at_a_reset_is_no_part_of_what_comes_after_it() -> None:
    store = JobStore()
    stale = add_batch(store, store.create("a", "1", 1_000, None))
    with store.anew():
        pass
    batch = add_batch(store, store.create("b", "1", 1_000, None))
    complete(store, stale)

    (waiting, batches, *_) = store.tallies()
    assert (waiting.held, batches.held) == (batch.held, 0)
