"""Plain counts of a batch, applied together: what InventoryChanged does for each of them, at once.

A full load is little else, and one by one half of its time would go into calls.
"""

from collections.abc import Iterable, Sequence
from itertools import compress

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..catalogue.positions import NO_COUNT
from ..catalogue.rows_at_location import NO_ROW
from ..catalogue.statuses import EVERY
from ..inventory import ACTIVE, BatchSource
from ..jobs import InventoryBatch, RecordVerdict

# Members of an enumeration take much longer to look up than numbers.
_APPLIED = int(RecordVerdict.APPLIED)
_UNCHANGED = int(RecordVerdict.UNCHANGED)
_NEW_POSITION = int(RecordVerdict.NEW_POSITION)


def counts_together(
    catalogue: InventoryCatalogue,
    batch: InventoryBatch,
    lines: range,
    at: int,
    first_status: str,
    *,
    preprocessing: bool,
) -> Sequence[int]:
    """Apply those of these lines that are counts of positions which hold nothing else.

    Returns the other lines, in order: they are to be applied one by one. Of a batch that has been
    through `preprocessing`, no two lines are of one position, and equal counts are dropped.
    """
    if EVERY in catalogue.statuses.due or not _may_be_together(batch, lines):
        return lines
    records = batch.records[lines.start : lines.stop]
    product_refs, location_refs, quantities, _, _, statuses, *_ = zip(*records, strict=True)
    places = zip(product_refs, location_refs, strict=True)
    if statuses.count(ACTIVE) < len(lines) or not (preprocessing or _are_different(places)):
        return lines
    first_new = len(catalogue.positions)
    rows = _rows(catalogue, product_refs, location_refs, first_status, at)
    if rows is None:
        return lines
    counts, counted_by = catalogue.positions.counts, catalogue.positions.counted_by
    ledgers, due = catalogue.positions_with_ledgers(), catalogue.statuses.due
    verdicts, positions = batch.verdicts, batch.positions
    first_source = BatchSource(batch.number, 0).packed()
    left: list[int] = []
    counted: list[tuple[int, int, int]] = []
    for line, row, quantity in zip(lines, rows, quantities, strict=True):
        if row >= first_new:
            verdicts[line] = _NEW_POSITION
        elif row in ledgers or row in due or counted_by[row] == NO_COUNT:
            left.append(line)
            continue
        elif preprocessing and counts[row] == quantity:
            verdicts[line] = _UNCHANGED
            positions[line] = row
            continue
        else:
            verdicts[line] = _APPLIED
        positions[line] = row
        counted.append((row, quantity, first_source + line))
    catalogue.set_counts(counted, at)
    return left


def _may_be_together(batch: InventoryBatch, lines: range) -> bool:
    """Whether all of these lines are plain counts, of which none has been refused or dropped."""
    return (
        batch.is_plain
        and batch.conditions is None
        and not any(batch.verdicts[lines.start : lines.stop])
        and all(batch.records[lines.start : lines.stop])
    )


def _are_different(places: Iterable[tuple[str, str]]) -> bool:
    listed = list(places)
    return len(set(listed)) == len(listed)


def _rows(
    catalogue: InventoryCatalogue,
    product_refs: Sequence[str],
    location_refs: Sequence[str],
    first_status: str,
    at: int,
) -> list[int] | None:
    """The positions of these products and locations; None if one may have to be refused.

    Those that are new are created.
    """
    rows = catalogue.positions.find_all(product_refs, location_refs)
    if NO_ROW not in rows:
        return rows
    is_new = [row == NO_ROW for row in rows]
    products, locations = compress(product_refs, is_new), compress(location_refs, is_new)
    made = catalogue.add_positions(list(products), list(locations), first_status, at)
    if made is None:
        return None
    numbers = iter(made)
    return [next(numbers) if row == NO_ROW else row for row in rows]
