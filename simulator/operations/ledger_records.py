"""GET /__admin/ledger/records: what came of each record of a batch.

Made from the columns that batches keep of their records. A record has no id of its own: sent again
in another batch it is another record, mostly one that is dropped as unchanged.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, Self

from ..clock import timestamp
from ..domain.account.account import Account
from ..domain.account.ports import CatalogueStore
from ..domain.catalogue.inventory_catalogue import InventoryCatalogue
from ..domain.inventory import LAST_ON_HAND, BatchSource
from ..domain.jobs import InventoryBatch, RecordVerdict
from ..domain.refs import quantity_ref
from ..domain.workflow.batch_story import APPLIED
from ..errors import Fault, refused, shortened
from ..stores.jobs import JobStore
from ..stores.request_log import RequestLog
from .parameters import either, nearest
from .replies import Reply
from .request_finder import Made, RequestFinder
from .start_and_count import start_and_count

RECORD_FILTERS = ("job", "batch", "product", "location", "catalogueRef", "fate")
MOST_AT_ONCE = 1_000
VERDICTS = {
    "applied": frozenset(APPLIED),
    "unchanged": frozenset({RecordVerdict.UNCHANGED}),
    "duplicate": frozenset({RecordVerdict.DUPLICATE}),
    "failed": frozenset({RecordVerdict.FAILED}),
    "noMatch": frozenset({RecordVerdict.NO_MATCH}),
    "waiting": frozenset({RecordVerdict.WAITING}),
}
_OUTDONE = "another record of this batch is for the same quantity, and was taken instead"
_FATES = {verdict: fate for fate, verdicts in VERDICTS.items() for verdict in verdicts}


class _Wanted(NamedTuple):
    """Which records; empty for what does not matter."""

    job: str
    batch: str
    product: str
    location: str
    catalogue_ref: str
    fate: str

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """What a query asks for; raises ApiError (400)."""
        wanted = cls(*(query.get(name, "") for name in RECORD_FILTERS))
        if wanted.fate and wanted.fate not in VERDICTS:
            expected = nearest(wanted.fate, VERDICTS) or either(VERDICTS)
            raise refused([Fault("?fate", f'"{shortened(wanted.fate)}"', expected)])
        return wanted

    def has(self, batch: InventoryBatch) -> bool:
        """Whether records of a batch may be meant."""
        return (
            self.job in ("", str(batch.job_number))
            and self.batch in ("", str(batch.number))
            and self.catalogue_ref in ("", str(batch.catalogue))
        )

    def is_at(self, batch: InventoryBatch, line: int) -> bool:
        """Whether a record that has come to no position is of the product and location."""
        place = None if batch.positions[line] >= 0 else batch.place_of(line)
        if place is None:
            return False
        product, location = place
        return self.product in ("", product) and self.location in ("", location)


class _Record(NamedTuple):
    batch: InventoryBatch
    line: int


class LedgerRecords:
    """Tells what came of records."""

    def __init__(self, jobs: JobStore, store: CatalogueStore, log: RequestLog) -> None:
        self._jobs = jobs
        self._store = store
        self._finder = RequestFinder(log)

    def search(self, query: Mapping[str, str]) -> Reply:
        """The records that the filters leave, of the newest batch first."""
        wanted = _Wanted.read(query)
        start, count = start_and_count(query, MOST_AT_ONCE)
        found: list[_Record] = []
        with self._store.view() as (account, _):
            for batch in self._jobs.batches_newest_first():
                if len(found) > count:
                    break
                for line in _lines(batch, wanted, account) if wanted.has(batch) else ():
                    if start:
                        start -= 1
                    elif len(found) <= count:
                        found.append(_Record(batch, line))
                    else:
                        break
            views = [_view(record, account) for record in found[:count]]
        batches = {record.batch.number for record in found[:count]}
        made = self._finder.of(BatchSource(number, 0) for number in batches)
        for record, view in zip(found, views, strict=False):
            view["request"] = made.get(Made("batch", str(record.batch.number)))
        return Reply(
            {
                "batchesDropped": self._jobs.dropped_batches,
                "hasMore": len(found) > count,
                "results": views,
            }
        )


def _lines(batch: InventoryBatch, wanted: _Wanted, account: Account) -> Iterator[int]:
    """The lines of a batch that are wanted; most batches are passed over in one look."""
    verdicts = batch.verdicts
    fates = VERDICTS.get(wanted.fate)
    if fates is not None and not any(verdict in verdicts for verdict in fates):
        return
    catalogue = account.catalogues.get(str(batch.catalogue))
    positions: set[int] | None = None
    if wanted.product or wanted.location:
        chosen: Collection[int] = ()
        if catalogue is not None:
            chosen = catalogue.positions.select(wanted.product or None, wanted.location or None)
        positions = set(chosen)
        if not (batch.records or batch.failed_at) and (
            not positions or (len(positions) == 1 and next(iter(positions)) not in batch.positions)
        ):
            return
    for line, verdict in enumerate(verdicts):
        if (fates is None or verdict in fates) and (
            positions is None or batch.positions[line] in positions or wanted.is_at(batch, line)
        ):
            yield line


def _view(record: _Record, account: Account) -> dict[str, object]:
    batch, line = record
    verdict = RecordVerdict(batch.verdicts[line])
    catalogue = account.catalogues.get(str(batch.catalogue))
    position = batch.positions[line]
    place = dict(
        zip(("productRef", "locationRef"), batch.place_of(line) or (None, None), strict=True)
    )
    if catalogue is not None and position >= 0:
        table = catalogue.positions
        place = {
            "productRef": table.product_ref(position),
            "locationRef": table.location_ref(position),
        }
    fault = batch.faults.get(line)
    is_count = verdict in APPLIED and batch.type_of(line) == LAST_ON_HAND
    later = None
    if is_count and catalogue is not None:
        later = _superseded_by(catalogue, position, BatchSource(batch.number, line))
    why = batch.unmatched if verdict is RecordVerdict.NO_MATCH else None
    if verdict is RecordVerdict.DUPLICATE:
        why = _OUTDONE
    return {
        "job": str(batch.job_number),
        "batch": str(batch.number),
        "line": line,
        "catalogueRef": str(batch.catalogue),
        **place,
        "type": batch.type_of(line),
        "amount": batch.amounts[line] if line < len(batch.amounts) else None,
        "fate": _FATES[verdict],
        "supersededBy": later,
        "at": timestamp(batch.accepted_at),
        "why": why if fault is None else fault.message,
    }


def _superseded_by(catalogue: InventoryCatalogue, position: int, source: BatchSource) -> str | None:
    """Which later record or mutation has set the count of a position; None while this one has."""
    own = catalogue.find_quantity(quantity_ref(catalogue.ref_of(position), LAST_ON_HAND))
    return None if own is None or own.source == source else str(own.source)
