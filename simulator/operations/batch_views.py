"""How a batch is shown to its sender."""

from collections.abc import Mapping, Sequence

from ..behaviour import Behaviour
from ..clock import timestamp
from ..domain.as_of import AsOf
from ..domain.catalogue.inventory_catalogue import InventoryCatalogue
from ..domain.jobs import BatchStatus, InventoryBatch, RecordVerdict
from ..domain.refs import position_id
from .start_and_count import page_of

_MESSAGES = {
    RecordVerdict.APPLIED: "applied",
    RecordVerdict.NEW_QUANTITY: "applied",
    RecordVerdict.NEW_POSITION: "applied",
    RecordVerdict.UNCHANGED: "unchanged: dropped by Batch Pre-Processing",
    RecordVerdict.DUPLICATE: "duplicate: another record of this batch stands for it",
    RecordVerdict.NO_MATCH: "accepted, and came to nothing: no ruleset or catalogue matches",
}


class BatchViews:
    """Renders batches; see the Batch page of 10 Dec 2024 for the fields."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    def paging(self, start: int, count: int, total: int) -> dict[str, object]:
        """The three paging fields, as text or numbers."""
        numbers: dict[str, int] = {"start": start, "count": count, "total": total}
        if self._behaviour.batch_paging == "string":
            return {name: str(number) for name, number in numbers.items()}
        return dict(numbers)

    def summary(self, batch: InventoryBatch, as_of: AsOf | None = None) -> dict[str, object]:
        """A batch as a row of its job."""
        return {
            "id": str(batch.number),
            "batchId": str(batch.number),
            "status": batch.status_seen(as_of),
            "createdOn": timestamp(batch.accepted_at),
        }

    def batch(
        self,
        batch: InventoryBatch,
        query: Mapping[str, str],
        catalogue: InventoryCatalogue | None,
        as_of: AsOf | None = None,
        *,
        was_preprocessed: bool,
    ) -> dict[str, object]:
        """A batch with a page of its results, which are there once it is COMPLETE.

        `catalogue` is the one that it was applied to, with nobody else at it.
        """
        status = batch.status_seen(as_of)
        shown = self._behaviour.batch_results
        has_results = shown == "records" or (
            shown == "without_preprocessing" and not was_preprocessed
        )
        shows_results = status is BatchStatus.COMPLETE and has_results
        page = page_of(
            range(batch.size if shows_results else 0), query, self._behaviour.batch_largest_page
        )
        results = [self._result(batch, line, catalogue) for line in page.items]
        return {
            **self.summary(batch),
            "jobId": str(batch.job_number),
            "action": "UPSERT",
            "entityType": "INVENTORY",
            "source": batch.source,
            "event": batch.event,
            "catalogueRef": str(batch.catalogue),
            "status": status,
            **self.paging(page.start, len(results), batch.size),
            "results": results,
        }

    def _result(
        self, batch: InventoryBatch, line: int, catalogue: InventoryCatalogue | None
    ) -> dict[str, object]:
        fault = batch.faults.get(line)
        if fault is not None:
            return {
                "entityRef": f"/entities/{line}",
                "responseCode": fault.code,
                "message": fault.message,
            }
        verdict = RecordVerdict(batch.verdicts[line])
        result: dict[str, object] = {
            "entityRef": f"/entities/{line}",
            "responseCode": "404" if verdict is RecordVerdict.NO_MATCH else "200",
            "message": _MESSAGES[verdict] + _told_of(batch.fields_left_out.get(line)),
        }
        position = batch.positions[line]
        if position >= 0 and catalogue is not None:
            result["entityId"] = position_id(catalogue.number, position)
            result["entityRef"] = catalogue.ref_of(position)
        return result


def _told_of(fields: Sequence[str] | None) -> str:
    """What a record that was dropped as unchanged has left unwritten, and how it is written."""
    if not fields:
        return ""
    differ = "differs" if len(fields) == 1 else "differ"
    return (
        f", although {', '.join(fields)} {differ}: it compares quantity and status only; send it in"
        ' a job with meta.preprocessing "skip", or set preprocessing.compares_attributes=yes'
    )
