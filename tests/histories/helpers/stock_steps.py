"""Random batches and events."""

from typing import Any

from hypothesis import strategies as st

from .stock_model import Document
from .words import (
    DAYS,
    FUTURE,
    amounts,
    any_of,
    days,
    delta_ids,
    fields,
    names,
    parents,
    places,
    some,
    statuses,
    types,
    with_nulls,
)

bad_days = some(*DAYS * 5, "soon")
extra = {"note": some(1, "x", [1]), "grade": some({"a": 1}, True)}


@st.composite
def record_attributes(draw: st.DrawFn, place: tuple[str, str], kind: str) -> Document:
    """What a record says of its quantity; goods on their way are mostly dated."""
    made = draw(any_of({**fields, "expiresOn": days, **extra}, 2))
    if draw(st.integers(0, 3)) > (0 if kind in FUTURE else 2):
        made["expectedOn"] = draw(bad_days)
    if draw(st.integers(0, 3)) > (1 if kind in ("RESERVED", "IN_TRANSIT") else 2):
        made["parentRef"] = draw(parents(place))
    return made


_NULLABLE = ("expectedOn", "expiresOn", "parentRef", "condition", "segment1")


@st.composite
def records(draw: st.DrawFn) -> Document:
    """What a batch or an event says of one quantity."""
    place, kind = draw(places), draw(some("LAST_ON_HAND") | types)
    made: Document = {"skuRef": place[0], "locationRef": place[1], "qty": draw(amounts)}
    if kind != "LAST_ON_HAND" or draw(st.booleans()):
        made["type"] = kind
    if kind == "LAST_ON_HAND" and draw(st.integers(0, 19)):
        made["qty"] = abs(made["qty"])
    if draw(st.integers(0, 3)) > (2 if kind == "LAST_ON_HAND" else 0):
        made["ref"] = draw(names(place))
    if not draw(st.integers(0, 5)):
        made["status"] = draw(statuses)
    attributes = draw(with_nulls(record_attributes(place, kind), *_NULLABLE))
    if attributes:
        made["attributes"] = attributes
    return made


outer = {"expectedOn": days, "expiry": days, "lot": some("l1", "l2"), "uom": some("EA")}


@st.composite
def batch_records(draw: st.DrawFn) -> Document:
    """A record of a batch, now and then with the fields that stand beside its attributes."""
    made = draw(records())
    return made if draw(st.integers(0, 7)) else {**made, **draw(any_of(outer, 2))}


conditions = st.lists(
    st.fixed_dictionaries({"type": some("RESERVED", "DELTA"), "status": some("ACTIVE")}),
    min_size=1,
    max_size=1,
)
loads = st.fixed_dictionaries(
    {
        "entities": st.lists(batch_records(), min_size=1, max_size=4),
        "preprocessing": st.booleans(),
    },
    optional={"conditions": conditions},
)
how = st.one_of(
    some({}),
    some({"sync": True}, {}),
    st.fixed_dictionaries({"hours": some(1, 5)}),
)
"""Left to itself, waited for, or for later."""


def _sent(**what: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    return st.builds(lambda given, way: {**given, **way}, st.fixed_dictionaries(what), how)


@st.composite
def delta_entries(draw: st.DrawFn) -> Document:
    """A delta; now and then of 0, or without its name."""
    product, location = draw(places)
    made = {"productRef": product, "locationRef": location, "type": "DELTA", "qty": draw(amounts)}
    return {**made, "deltaId": draw(delta_ids)} if draw(st.integers(0, 19)) else made


delta_events = _sent(deltas=st.lists(delta_entries(), min_size=1, max_size=2))
changed_events = _sent(record=records())
work = st.one_of(
    st.fixed_dictionaries({"reservedQty": st.integers(-5, -1)}),
    st.fixed_dictionaries({"saleQty": st.integers(-4, 0), "correctionQty": st.integers(-2, 0)}),
    st.fixed_dictionaries({"cancelQty": st.integers(1, 3)}),
)


@st.composite
def items(draw: st.DrawFn) -> Document:
    """What becomes of a fulfilment."""
    product, location = draw(places)
    place = {"skuRef": product, "locationRef": location}
    return {**place, "fulfilmentId": draw(some("F1", "F2")), **draw(work)}


fulfilments = _sent(items=st.lists(items(), min_size=1, max_size=2))
