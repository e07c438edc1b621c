"""Defects in how batches are taken, pre-processed and worked on, and in what is told of them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import pytest
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.jobs import BatchStatus, Job, JobStatus
from fluent_oms_simulator.domain.workflow import batch_run
from fluent_oms_simulator.domain.workflow.batch_run import BatchRun
from fluent_oms_simulator.domain.workflow.preprocessing import is_unchanged
from fluent_oms_simulator.errors import Fault
from fluent_oms_simulator.intake import records
from fluent_oms_simulator.intake.schemas import Schemas
from fluent_oms_simulator.operations.batch_views import BatchViews
from fluent_oms_simulator.worker import Worker

Patch = pytest.MonkeyPatch

# -- batches ---------------------------------------------------------------------------------------


def complete_too_early(patch: Patch) -> None:
    """A batch is COMPLETE with its first records, and the others are applied a while later."""
    apply: Any = Worker._apply_chunk

    def applying(worker: Worker, run: BatchRun) -> None:
        apply(worker, run)
        if not run.finished:
            run.batch.status = BatchStatus.COMPLETE
            time.sleep(0.01)

    patch.setattr(Worker, "_apply_chunk", applying)


def status_goes_back(patch: Patch) -> None:
    """A batch that was COMPLETE is RUNNING at the next look."""
    show = BatchViews.batch
    looks: dict[int, Any] = {}

    def showing(views: BatchViews, batch: Any, *more: Any, **told: Any) -> Any:
        shown = show(views, batch, *more, **told)
        if shown["status"] == BatchStatus.COMPLETE and next(
            looks.setdefault(batch.number, count())
        ):
            shown["status"] = BatchStatus.RUNNING
        return shown

    patch.setattr(BatchViews, "batch", showing)


def _records(patch: Patch, change: Callable[[Any, int, int], None]) -> None:
    """Let `change` meddle with the records of each chunk, from one line up to another."""
    apply = BatchRun.apply_chunk

    def applying(run: Any, catalogue: Any, size: int, at: int) -> None:
        start = run._next_line
        run.batch.records = list(run.batch.records)
        change(run.batch, start, min(start + size, run.batch.size))
        apply(run, catalogue, size, at)

    patch.setattr(BatchRun, "apply_chunk", applying)


def batch_stops_halfway(patch: Patch) -> None:
    """Only the first 1,500 records of a batch are applied."""

    def change(batch: Any, start: int, end: int) -> None:
        for line in range(max(start, 1_500), end):
            batch.records[line] = None

    _records(patch, change)


def last_of_a_chunk_lost(patch: Patch) -> None:
    """The last record before each pause of a batch is passed over."""

    def change(batch: Any, _start: int, end: int) -> None:
        if end < batch.size:
            batch.records[end - 1] = None

    _records(patch, change)


def neighbours_swapped(patch: Patch) -> None:
    """Two records in the middle of a large batch have each other's quantity."""

    def change(batch: Any, start: int, end: int) -> None:
        if start < 600 < end - 1:
            one, other = batch.records[600:602]
            batch.records[600] = one._replace(quantity=other.quantity)
            batch.records[601] = other._replace(quantity=one.quantity)

    _records(patch, change)


def later_batch_first(patch: Patch) -> None:
    """A server that is slow to begin takes the batches that wait from the wrong end."""
    begin = BatchRun.begin

    def beginning(run: BatchRun, at: int) -> None:
        time.sleep(0.03)
        begin(run, at)

    def submitting(line: Any, run: BatchRun) -> None:
        arrival = (next(line._arrivals), run)
        line._batches.insert(min(1, len(line._batches)), arrival)
        line._wake()

    patch.setattr(BatchRun, "begin", beginning)
    patch.setattr(Worker, "submit_batch", submitting)


def results_name_another_record(patch: Patch) -> None:
    """Every result is that of the batch's first record."""
    show: Any = BatchViews._result
    patch.setattr(
        BatchViews,
        "_result",
        lambda views, batch, line, catalogue: show(views, batch, min(line, 0), catalogue),
    )


def results_name_another_batch(patch: Patch) -> None:
    """The results name the positions that were made just before."""
    show: Any = BatchViews._result

    def showing(views: Any, batch: Any, line: int, catalogue: Any) -> Any:
        shown = show(views, batch, line, catalogue)
        earlier = batch.positions[line] - batch.size
        if earlier >= 0:
            shown["entityRef"] = catalogue.ref_of(earlier)
        elif line == 0:
            shown["entityRef"] = "NEVER:SENT:DEFAULT"
        return shown

    patch.setattr(BatchViews, "_result", showing)


def refusal_names_another_record(patch: Patch) -> None:
    """A refusal names the record after the one at fault."""
    under = Fault.under

    def moved(fault: Fault, prefix: str) -> Fault:
        return under(fault, re.sub(r"\d+$", lambda line: str(int(line[0]) + 1), prefix))

    patch.setattr(Fault, "under", moved)


def negative_count_taken(patch: Patch) -> None:
    """A count below zero is accepted and applied."""
    is_valid = Schemas.is_valid

    def judging(schemas: Schemas, kind: str, document: Any) -> bool:
        rows = document.get("entities") if kind == "batch" and isinstance(document, dict) else None
        if isinstance(rows, list) and all(
            isinstance(row, dict) and isinstance(row.get("qty"), int) for row in rows
        ):
            changed = {**document, "entities": [{**row, "qty": abs(row["qty"])} for row in rows]}
            return is_valid(schemas, kind, changed)
        return is_valid(schemas, kind, document)

    patch.setattr(Schemas, "is_valid", judging)


def too_many_records_taken(patch: Patch) -> None:
    """A batch of more than 5,000 records is accepted."""
    is_valid = Schemas.is_valid

    def judging(schemas: Schemas, kind: str, document: Any) -> bool:
        if kind == "batch" and isinstance(document, dict):
            rows = document.get("entities")
            document = {**document, "entities": rows[:1] if isinstance(rows, list) else rows}
        return is_valid(schemas, kind, document)

    patch.setattr(records, "MOST_RECORDS", 10_000)
    patch.setattr(Schemas, "is_valid", judging)


def job_closed_too_early(patch: Patch) -> None:
    """A job is CLOSED once it has a batch."""
    patch.setattr(
        Job, "status", lambda job, *_: JobStatus.CLOSED if job.batches else JobStatus.OPEN
    )


# -- pre-processing --------------------------------------------------------------------------------


def _one_by_one(patch: Patch) -> None:
    """Let counts be compared where all other records are."""
    patch.setattr(batch_run, "counts_together", lambda _catalogue, _batch, lines, *_, **__: lines)


def changes_dropped(patch: Patch) -> None:
    """Pre-processing drops every record for a position that holds nothing but a count."""

    _one_by_one(patch)

    def judging(catalogue: Any, position: int, *more: Any) -> bool:
        is_plain = len(catalogue.quantities_of(position)) == 1
        return is_plain or is_unchanged(catalogue, position, *more)

    patch.setattr(batch_run, "is_unchanged", judging)


def unchanged_touched(patch: Patch) -> None:
    """A record that pre-processing drops dates its position all the same."""

    _one_by_one(patch)

    def judging(catalogue: Any, position: int, *more: Any) -> bool:
        catalogue.positions.updated_at[position] += 1_000
        return is_unchanged(catalogue, position, *more)

    patch.setattr(batch_run, "is_unchanged", judging)


def never_preprocessed(patch: Patch) -> None:
    """Every record is applied, although the account has pre-processing."""
    _one_by_one(patch)
    patch.setattr(batch_run, "is_unchanged", lambda *_: False)


def skip_ignored(patch: Patch) -> None:
    """A job that says skip is pre-processed nevertheless."""
    patch.setattr(Job, "preprocesses", lambda *_: True)


def transients_overlooked(patch: Patch) -> None:
    """Pre-processing drops a count that would have cleared a sale."""
    patch.setattr(InventoryCatalogue, "has_transients", lambda *_: False)


CAUGHT_BY: Mapping[Callable[[Patch], None], str] = {
    complete_too_early: "a batch is complete only when every record can be read",
    status_goes_back: "a batch only ever goes forward",
    batch_stops_halfway: "a batch is complete only when every record can be read",
    last_of_a_chunk_lost: "a batch is complete only when every record can be read",
    neighbours_swapped: "a batch is complete only when every record can be read",
    later_batch_first: "loads that have to wait are applied in the order",
    results_name_another_record: "the results have a row for every record",
    results_name_another_batch: "the results have a row for every record",
    refusal_names_another_record: "a record that cannot be applied is named",
    negative_count_taken: "whether a count may be negative",
    too_many_records_taken: "a batch of more than 5000 records is refused",
    job_closed_too_early: "a job lists its batches",
    changes_dropped: "every record that matters gets through",
    unchanged_touched: "a record that says nothing new touches nothing",
    never_preprocessed: "a record that says nothing new is dropped",
    skip_ignored: "a job that says skip applies also what is unchanged",
    transients_overlooked: "the same count gets through when it clears something",
}
