"""Rules about quantities of a batch that are under another quantity: their parentRef.

A batch tells the refs of its own quantities only, so a parent that it does not hold is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from fluent_oms_simulator.domain.quantity_fields import MOST_LEVELS
from fluent_oms_simulator.domain.refs import position_ref, quantity_ref

from ..named_quantities import (
    ONE_POSITION,
    ONE_POSITION_EVIDENCE,
    ONE_POSITION_HINT,
    count_of_another,
    parent_place,
    parents_of,
)
from ..payload import LAST_ON_HAND, catalogue_type, records_of, shown
from ..rule import Batch, Finding, Rule, Severity, once
from ..samples import a_batch, a_record


class ParentElsewhere(Rule):
    """A parent at another position."""

    id = "FOMS-B330"
    title = "A record's parent is a quantity of another position"
    severity = Severity.ERROR
    reason = ONE_POSITION
    evidence = ONE_POSITION_EVIDENCE
    hint = ONE_POSITION_HINT
    sees = (Batch,)
    good = (
        a_batch(
            a_record(
                type="ON_ORDER", ref="PO_9", attributes={"expectedOn": "2026-03-23T00:00:00Z"}
            ),
            a_record(qty=-4, type="RESERVED", ref="RES_1", attributes={"parentRef": "PO_9"}),
        ),
    )
    bad = (
        a_batch(
            a_record(ref="SHELF"),
            a_record(
                skuRef="SKU_2", ref="RES_1", type="RESERVED", attributes={"parentRef": "SHELF"}
            ),
        ),
    )

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The parents that are another position's, by a record of the batch or by their name."""
        found = families(batch)
        for index, parent_ref in found.parents:
            own = found.names[index]
            known = found.firsts.get(parent_ref)
            if known is not None:
                elsewhere = found.names[known].position != own.position
                what = f"{shown(parent_ref)}, of the position of /entities/{known}"
            else:
                elsewhere = count_of_another(parent_ref, own.position, own.kind)
                what = f"{shown(parent_ref)}, the count of another position"
            if elsewhere:
                yield self.finding(
                    parent_place(index), what, f"a quantity of {shown(own.position)}"
                )


class ParentOfItself(Rule):
    """A quantity that would be above itself."""

    id = "FOMS-B340"
    title = "A record's quantity is its own parent"
    severity = Severity.ERROR
    reason = (
        "Quantities form trees, so the last record of such a ring cannot be stored, after the batch"
        " was taken."
    )
    evidence = (
        "Fluent docs: Stock Segmentation, Data Model and API Overview, 27 Mar 2026 (a quantity is"
        " under the one that it commits). Inferred: that a ring is refused"
    )
    hint = "Leave parentRef out at the quantity that the others are part of."
    sees = (Batch,)
    good = (
        a_batch(
            a_record(),
            a_record(
                qty=-4,
                type="RESERVED",
                attributes={"parentRef": "SKU_1:LOC_1:DEFAULT:LAST_ON_HAND"},
            ),
        ),
    )
    bad = (a_batch(a_record(attributes={"parentRef": "SKU_1:LOC_1:DEFAULT:LAST_ON_HAND"})),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The last record of every ring, where all of it is in the batch."""
        found = families(batch)
        above: dict[str, str] = {}
        for index, parent_ref in found.parents:
            own = found.names[index].ref
            ring = [own, parent_ref]
            while ring[-1] != own and ring[-1] in above and len(ring) <= MOST_LEVELS:
                ring.append(above[ring[-1]])
            if ring[-1] != own:
                above[own] = parent_ref
                continue
            words = " under ".join(map(shown, ring[:_SHOWN]))
            yield self.finding(parent_place(index), words, "a quantity that is not under this one")


class ParentAfterChild(Rule):
    """A quantity that comes before its parent."""

    id = "FOMS-B350"
    title = "A record stands before that of its parent"
    severity = Severity.WARNING
    reason = (
        "A parent has to be there already. Unless an earlier batch has brought it, the record is"
        " not applied."
    )
    evidence = (
        "Inferred: the parent is a key of a quantity that exists (GraphQL schema,"
        " CreateInventoryQuantityInput); no page shows one that does not"
    )
    hint = "Put parents before what is under them; best into a batch of their own that is COMPLETE."
    sees = (Batch,)
    good = (a_batch(a_record(ref="A"), a_record(ref="B", attributes={"parentRef": "A"})),)
    bad = (a_batch(a_record(ref="B", attributes={"parentRef": "A"}), a_record(ref="A")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The records whose parent comes first in a later one."""
        found = families(batch)
        for index, parent_ref in found.parents:
            known = found.firsts.get(parent_ref, index)
            if known > index:
                what = f"{shown(parent_ref)}, which comes at /entities/{known}"
                yield self.finding(parent_place(index), what, "a parent in an earlier record")


class Name(NamedTuple):
    """Which quantity a record is about."""

    position: str
    ref: str
    kind: str
    """The type of the catalogue."""


class Families(NamedTuple):
    """The parents that records name, by index, and the quantities of a batch."""

    parents: Sequence[tuple[int, str]]
    names: Mapping[int, Name]
    firsts: Mapping[str, int]
    """The first record of each quantity, by its ref."""


@once
def families(batch: Batch) -> Families:
    """The parents that records with a product and a location name; empty where none does."""
    parents = dict(parents_of(batch))
    names: dict[int, Name] = {}
    firsts: dict[str, int] = {}
    if parents:
        kind = catalogue_type(batch.document.get("catalogueRef")) or "DEFAULT"
        for index, record in enumerate(records_of(batch)):
            name = _name(record, kind)
            if name is not None:
                names[index] = name
                firsts.setdefault(name.ref, index)
    return Families([one for one in parents.items() if one[0] in names], names, firsts)


def _name(record: Mapping[str, Any], kind: str) -> Name | None:
    product_ref, location_ref = record.get("skuRef"), record.get("locationRef")
    if not (isinstance(product_ref, str) and isinstance(location_ref, str)):
        return None
    position = position_ref(product_ref, location_ref, kind)
    ref, its_type = record.get("ref"), record.get("type")
    if ref is None:
        ref = quantity_ref(position, LAST_ON_HAND if its_type is None else str(its_type))
    return Name(position, str(ref), kind)


_SHOWN = 5
