"""Rules about batches and events that belong together: a job's, a minute's, a position's."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from ..bounded_memory import Recent, Seen
from ..payload import DELTA, column
from ..positions import (
    StreamRule,
    batch_catalogue,
    changed,
    changed_name,
    counted,
    counted_name,
    example_batch,
    example_event,
    has_type,
)
from ..rule import Batch, Event, Finding, Severity

FEW_RECORDS = 5
MOST_SMALL_BATCHES = 10
"""So many in a minute: what a nightly load leaves over stays far below."""
MOST_CATALOGUES = 1_000
MOST_SEEN = 100_000


class PositionTwiceInJob(StreamRule):
    """A position that two batches of one job carry.

    Silent where the job is not known. The same position twice in one batch is another rule's.
    Remembers the last 100,000 records at least, 200,000 at most.
    """

    id = "FOMS-S003"
    title = "The same position in two batches of a job"
    severity = Severity.WARNING
    reason = (
        "The batches of a job are processed at the same time and in no order, so either of the two"
        " numbers may be the one that stays; pre-processing may drop one of them."
    )
    evidence = (
        "Fluent docs: inventory batch, 9 Feb 2025 (a job holds one distinct set, batches run"
        " concurrently); batch pre-processing, 28 Nov 2024 and 10 Jan 2025 (duplicates collapse)."
        " Inferred: that their order is open"
    )
    hint = "Send each position once in a job, and open a new job for the next load."
    sees = (Batch,)
    good = (
        Batch(example_batch(("SKU_1", "LOC_1", 5)), job_id="1"),
        Batch(example_batch(("SKU_1", "LOC_2", 7)), job_id="1"),
        Batch(example_batch(("SKU_1", "LOC_1", 4)), job_id="2"),
    )
    bad = (
        Batch(example_batch(("SKU_1", "LOC_1", 5)), job_id="1"),
        Batch(example_batch(("SKU_1", "LOC_1", 7)), job_id="1"),
    )

    def __init__(self) -> None:
        self._seen = Seen(MOST_SEEN)

    def see(self, observation: Batch) -> Iterable[Finding]:
        job = observation.job_id
        if not isinstance(job, str):
            return
        refs, seen = column(observation, "ref"), self._seen
        hashes = [
            hash((job, position, name))
            for index, position, kind, _ in counted(observation)
            if type(name := refs[index] or kind) is str
        ]
        if seen.has_any(hashes):
            yield self._again(observation, job)
        seen.update(hashes)

    def _again(self, batch: Batch, job: str) -> Finding:
        found = [
            index
            for index, position, kind, _ in counted(batch)
            if type(name := batch.records[index].get("ref") or kind) is str
            and hash((job, position, name)) in self._seen
        ]
        more = f" (and {len(found) - 1:,} more positions)" if len(found) > 1 else ""
        return self.finding(
            f"/entities/{found[0]}",
            f"{counted_name(batch, found[0])}{more} once more in job {job[:40]}",
            "each position once in a job",
        )


class SmallBatches(StreamRule):
    """Many batches a minute with hardly anything in them.

    Needs to know when they were sent. Remembers ten times for each of 1,000 catalogues.
    """

    id = "FOMS-S007"
    title = "A stream of batches with a few records each"
    severity = Severity.WARNING
    reason = (
        "A batch costs a call, a place in the queue and pre-processing, whatever its size, and is"
        " applied later; an event carries a change at once."
    )
    evidence = (
        "Fluent docs: inventory ingestion, 9 Feb 2025 (batches for bulk, deltas for small changes"
        " as they happen). Inferred: how many are too many"
    )
    hint = "Send small changes as INVENTORY_DELTA events, or gather up to 5,000 records a batch."
    sees = (Batch,)
    good = tuple(
        Batch(example_batch(("SKU_1", "LOC_1", second)), at=float(second))
        for second in range(0, 600, 30)
    )
    bad = tuple(
        Batch(example_batch(("SKU_1", "LOC_1", second)), at=float(second)) for second in range(12)
    )

    def __init__(self) -> None:
        self._times: Recent[int, deque[float]] = Recent(MOST_CATALOGUES)

    def see(self, observation: Batch) -> Iterable[Finding]:
        at, size = observation.at, len(observation.records)
        if at is None or not 0 < size <= FEW_RECORDS:
            return
        catalogue = hash(batch_catalogue(observation))
        times = self._times.get(catalogue)
        if times is None:
            times = deque(maxlen=MOST_SMALL_BATCHES)
            self._times.put(catalogue, times)
        times.append(at)
        if len(times) == MOST_SMALL_BATCHES and at - times[0] <= 60:
            yield self.finding(
                "/entities",
                f"{MOST_SMALL_BATCHES} batches of {FEW_RECORDS} records or fewer"
                f" within {max(at - times[0], 0):.3g} s",
                "up to 5,000 records in a batch, or an event for each small change",
            )
            times.clear()


class DeltasByBothWays(StreamRule):
    """DELTA records of a batch at positions that events change as well.

    Remembers the last 100,000 positions of either way at least, 200,000 at most.
    """

    id = "FOMS-S008"
    title = "Deltas reach a position by batch and by event"
    severity = Severity.WARNING
    reason = (
        "A DELTA record sets one quantity of its position, an event adds another; both count, so a"
        " change that goes both ways counts twice, and a second record replaces the first."
    )
    evidence = (
        "Fluent docs: inventory catalogue workflow, 18 Feb 2025 (a record of any type sets its own"
        " quantity); CreateDeltaInventoryQuantities, 12 Aug 2025 (an event adds one). Inferred:"
        " what both together come to"
    )
    hint = "Send the changes of a position by events only, and its counts by batches."
    sees = (Batch, Event)
    good = (
        Event(example_event(("A1", "SKU_1", "LOC_1", -2))),
        Batch(example_batch(("SKU_1", "LOC_1", 8)), retailer_id="1"),
        Batch(example_batch(("SKU_2", "LOC_1", 3), kind=DELTA), retailer_id="1"),
    )
    bad = (
        Event(example_event(("A1", "SKU_1", "LOC_1", -2))),
        Batch(example_batch(("SKU_1", "LOC_1", -2), kind=DELTA), retailer_id="1"),
    )

    def __init__(self) -> None:
        self._by_event = Seen(MOST_SEEN)
        self._by_batch = Seen(MOST_SEEN)

    def see(self, observation: Batch | Event) -> Iterable[Finding]:
        if isinstance(observation, Event):
            changes = [(index, position) for index, position, _, _ in changed(observation)]
            return self._see(observation, changes, self._by_event, self._by_batch)
        if not has_type(observation, DELTA):
            return ()
        deltas = [
            (index, position) for index, position, kind, _ in counted(observation) if kind == DELTA
        ]
        return self._see(observation, deltas, self._by_batch, self._by_event)

    def _see(
        self, sent: Batch | Event, changes: list[tuple[int, int]], same_way: Seen, other_way: Seen
    ) -> Iterator[Finding]:
        positions = [position for _, position in changes]
        same_way.update(positions)
        if not other_way.has_any(positions):
            return
        index = next(index for index, position in changes if position in other_way)
        if isinstance(sent, Event):
            place, name = f"/attributes/deltas/{index}", changed_name(sent, index)
            found = f"a change of {name}, to which batches send a DELTA as well"
        else:
            place, name = f"/entities/{index}", counted_name(sent, index)
            found = f"a DELTA for {name}, which events change as well"
        yield self.finding(place, found, "the changes of a position one way only")
