"""From the lines of a snapshot to jobs and batches."""

from array import array

from ...domain import bounds
from ...domain.account.account import Account
from ...domain.bounds import Tally
from ...domain.jobs import (
    BatchStatus,
    InventoryBatch,
    Job,
    RecordFault,
    RecordVerdict,
    narrow,
)
from ...domain.refs import CatalogueRef
from ...domain.workflow.batch_story import APPLIED
from ..jobs import KeptJobs
from .read_stock import check_room
from .runs import runs_of
from .unreadable import SnapshotFault
from .values import json_object
from .work_lines import VERDICTS, BatchLineForm, JobLine


class JobReader:
    """Makes jobs and batches; `batches` has those that are told of, kept or not."""

    def __init__(self, account: Account, jobs_created: int, batches_created: int) -> None:
        self._account = account
        self._jobs_created = jobs_created
        self._batches_created = batches_created
        self._jobs: dict[int, Job] = {}
        self._complete: list[InventoryBatch] = []
        self._job_bytes = 0
        self._batch_bytes = self._other_bytes = 0
        self.batches: dict[int, InventoryBatch] = {}

    def job(self, line: JobLine) -> None:
        """A job, as yet without batches."""
        if line.number in self._jobs or line.number > self._jobs_created:
            expected = f"a number of its own up to {self._jobs_created}"
            raise SnapshotFault("/number", str(line.number), expected)
        meta = None if line.meta is None else line.meta.encode()
        if meta is not None:
            json_object(meta, "/meta")
        job = Job(
            line.number,
            line.name,
            line.retailer_id,
            line.created_at,
            meta,
            line.skips_preprocessing,
        )
        self._jobs[job.number] = job
        self._job_bytes += job.held_bytes
        check_room(bounds.JOBS, len(self._jobs))
        check_room(bounds.JOB_BYTES, self._job_bytes)

    def batch(self, line: BatchLineForm) -> None:
        """A batch that is COMPLETE."""
        if line.number in self.batches or line.number > self._batches_created:
            expected = f"a number of its own up to {self._batches_created}"
            raise SnapshotFault("/number", str(line.number), expected)
        if line.job_number > self._jobs_created:
            expected = f"{self._jobs_created} at most"
            raise SnapshotFault("/jobNumber", str(line.job_number), expected)
        verdicts = runs_of(line.verdicts, VERDICTS, len(line.positions), "/verdicts")
        self._check(line, verdicts)
        batch = InventoryBatch(
            line.number,
            line.job_number,
            CatalogueRef(*line.catalogue),
            line.source,
            line.event,
            line.accepted_at,
            (),
            began_at=line.began_at,
            completed_at=line.completed_at,
            is_plain=line.is_plain,
            status=BatchStatus.COMPLETE,
            unmatched=line.unmatched,
        )
        batch.verdicts = bytearray(verdicts)
        batch.positions = array("i", line.positions)
        batch.amounts = narrow(line.amounts)
        batch.quantities = array("q", line.quantities)
        if line.types is not None and line.type_codes is not None:
            batch.types = {name: code for code, name in enumerate(line.types)}
            batch.type_codes = array("H", line.type_codes)
        batch.faults = {at: RecordFault(*fault) for at, fault in line.faults.items()}
        batch.failed_at = line.failed_at
        batch.fields_left_out = line.fields_left_out
        batch.held = batch.held_bytes()
        self.batches[batch.number] = batch
        if not line.is_kept:
            self._other_bytes += batch.held
            check_room(bounds.EVENT_BYTES, self._other_bytes)
            return
        self._batch_bytes += batch.held
        self._complete.append(batch)
        check_room(bounds.BATCHES, len(self._complete))
        check_room(bounds.BATCH_BYTES, self._batch_bytes)

    def kept(self) -> KeptJobs:
        """What has been read."""
        for batch in sorted(self._complete, key=lambda each: each.number):
            job = self._jobs.get(batch.job_number)
            if job is not None:
                job.batches[batch.number] = batch
        tallies = [
            _tally(bound, held)
            for bound, held in (
                (bounds.WAITING_BATCHES, 0),
                (bounds.BATCHES, len(self._complete)),
                (bounds.BATCH_BYTES, self._batch_bytes),
                (bounds.JOBS, len(self._jobs)),
                (bounds.JOB_BYTES, self._job_bytes),
            )
        ]
        return KeptJobs(
            list(self._jobs.values()),
            self._complete,
            self._jobs_created,
            self._batches_created,
            tallies,
        )

    def _check(self, line: BatchLineForm, verdicts: bytes) -> None:
        size = len(verdicts)
        in_order = [("/amounts", len(line.amounts))]
        if line.quantities or line.types is not None or line.type_codes is not None:
            in_order += [
                ("/quantities", len(line.quantities)),
                ("/typeCodes", len(line.type_codes or ())),
            ]
            types = line.types or []
            if len(set(types)) != len(types) or max(line.type_codes or [0]) >= len(types):
                raise SnapshotFault("/typeCodes", "one of no type", "places in /types, each once")
        for where, length in in_order:
            if length != size:
                raise SnapshotFault(where, f"{length:,} values", f"{size:,}, one for each record")
        for where, lines in (
            ("/faults", line.faults),
            ("/failedAt", line.failed_at),
            ("/fieldsLeftOut", line.fields_left_out),
        ):
            if lines and max(lines) >= size:
                raise SnapshotFault(where, f"the record {max(lines)}", f"one of {size:,} from 0 on")
        ref = str(CatalogueRef(*line.catalogue))
        catalogue = self._account.catalogues.get(ref)
        most = 0 if catalogue is None else len(catalogue.positions)
        if size and max(line.positions) >= most:
            expected = f"positions of {ref} of lines before"
            raise SnapshotFault("/positions", str(max(line.positions)), expected)
        for at, verdict in enumerate(verdicts):
            if verdict == RecordVerdict.FAILED and at not in line.faults:
                raise SnapshotFault(f"/faults/{at}", "none", "why the record failed")
            if verdict in APPLIED and line.positions[at] < 0:
                raise SnapshotFault(f"/positions/{at}", "none", "where the record was applied")
            if verdict == RecordVerdict.WAITING:
                raise SnapshotFault("/verdicts", "WAITING", "what became of the record")


def _tally(bound: bounds.Bound, held: int) -> Tally:
    tally = Tally(bound)
    tally.held = held
    return tally
