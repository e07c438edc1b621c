"""Random steps of a history, each complete in itself, so that a history less some is one too.

The names are few, so that steps meet: a quantity is counted, reserved, put under another one, and
what cannot be is asked for as well.
"""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from .stock_model import Document

PRODUCTS, LOCATIONS = ("A", "B"), ("L1", "L2", "L3")
NETWORKS = {"N1": ["L1", "L2"], "N2": ["L2", "L3"]}
VIRTUAL = ("BASE:1", "BASE:N", "AGG:N", "AGG:ALL", "ATS:1")
DAYS = tuple(f"2026-0{month}-01T00:00:00Z" for month in (3, 4, 5, 6))
CONTROLS, THRESHOLDS = "CG", "TH"


class Step(NamedTuple):
    """What is done: a kind of step, and what it is given."""

    kind: str
    given: Document


def _some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


products = _some("A", "A", "B")
locations = _some("L1", "L1", "L2", "L3")
positions = st.builds("{}:{}:DEFAULT".format, products, locations)
amounts = st.integers(-9, 20)
names = _some("q1", "q2", "q3", "q4")
constructed = st.builds("{}:{}".format, positions, _some("LAST_ON_HAND", "ON_ORDER"))
reservations = st.builds("{}:RESERVED:{}".format, positions, _some("F1", "F2"))
delta_ids = _some("d1", "d2", "d3", "d4")
parents = names | names | constructed
days = _some(*DAYS)
future = _some("ON_ORDER", "EXPECTED", "IN_TRANSIT", "PURCHASE_ORDER")
odd = _some("SALE", "CORRECTION", "DELTA", "SOFT_RESERVE", "RETURNED")
types = _some("LAST_ON_HAND") | future | _some("RESERVED") | odd
statuses = _some("ACTIVE", "ACTIVE", "INACTIVE", "CREATED")
texts = _some("x", "y")
fields = {
    "condition": _some("NEW", "USED"),
    "storageAreaRef": texts,
    "associationType": _some("PURCHASE_ORDER"),
    "associationRef": texts,
    "countryOfOrigin": _some("AU", "JP"),
    "channel": texts,
    "supplier": texts,
    "manufacturer": texts,
    "manufacturerBatchNumber": texts,
    "segment1": texts,
    "segment2": texts,
    "segment3": texts,
}


def _any_of(options: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[Document]:
    """Some of the options, by name."""
    chosen = st.lists(st.sampled_from(sorted(options)), max_size=most, unique=True)
    return chosen.flatmap(lambda some: st.fixed_dictionaries({n: options[n] for n in some}))


bad_days = _some(*DAYS, *DAYS, *DAYS, "soon")
record_attributes = _any_of(
    {
        **fields,
        "expectedOn": bad_days,
        "expiresOn": days,
        "parentRef": parents,
        "note": _some(1, "x", [1]),
        "grade": _some({"a": 1}, True),
    },
    4,
)


@st.composite
def records(draw: st.DrawFn) -> Document:
    """A record of a batch."""
    made: Document = {"skuRef": draw(products), "locationRef": draw(locations)}
    kind = draw(_some(None, None, "LAST_ON_HAND") | types)
    made["qty"] = draw(amounts)
    if kind is not None:
        made["type"] = kind
    if kind in (None, "LAST_ON_HAND") and draw(st.integers(0, 19)):
        made["qty"] = abs(made["qty"])
    if kind is not None and draw(st.booleans()):
        made["ref"] = draw(names)
    if not draw(st.integers(0, 5)):
        made["status"] = draw(statuses)
    attributes = draw(record_attributes)
    if attributes:
        made["attributes"] = attributes
    return made


conditions = st.lists(
    st.fixed_dictionaries({"type": _some("RESERVED", "DELTA"), "status": _some("ACTIVE")}),
    min_size=1,
    max_size=1,
)
loads = st.fixed_dictionaries(
    {
        "entities": st.lists(records(), min_size=1, max_size=4),
        "preprocessing": st.booleans(),
    },
    optional={"conditions": conditions},
)
hours = _some(0, 0, 0, 1, 5)


@st.composite
def delta_entries(draw: st.DrawFn) -> Document:
    """A delta; now and then of 0."""
    return {
        "productRef": draw(products),
        "locationRef": draw(locations),
        "type": "DELTA",
        "deltaId": draw(delta_ids),
        "qty": draw(amounts),
    }


delta_events = st.fixed_dictionaries(
    {"deltas": st.lists(delta_entries(), min_size=1, max_size=3), "hours": hours}
)
work = st.one_of(
    st.fixed_dictionaries({"reservedQty": st.integers(-5, -1)}),
    st.fixed_dictionaries({"saleQty": st.integers(-4, 0), "correctionQty": st.integers(-2, 0)}),
    st.fixed_dictionaries({"cancelQty": st.integers(1, 3)}),
)


@st.composite
def items(draw: st.DrawFn) -> Document:
    """What becomes of a fulfilment."""
    place = {"skuRef": draw(products), "locationRef": draw(locations)}
    return {**place, "fulfilmentId": draw(_some("F1", "F2")), **draw(work)}


fulfilments = st.fixed_dictionaries(
    {"items": st.lists(items(), min_size=1, max_size=2), "hours": hours}
)

CATALOGUE = {"ref": "DEFAULT:1"}
ATTRIBUTES = [{"name": "note", "type": "ANY", "value": 7}]


def _key(ref: str) -> Document:
    return {"ref": ref, "catalogue": CATALOGUE}


dates = {"expectedOn": days, "expiresOn": days}
more = {**fields, **dates, "attributes": _some(ATTRIBUTES), "parent": parents.map(_key)}


@st.composite
def new_quantities(draw: st.DrawFn) -> Document:
    """What createInventoryQuantity is given."""
    given = {**_key(draw(names)), "position": _key(draw(positions)), "type": draw(types)}
    return {**given, "quantity": draw(amounts), **draw(_any_of(more, 3))}


@st.composite
def quantity_updates(draw: st.DrawFn) -> Document:
    """What updateInventoryQuantity is given."""
    ref = draw(names | names | constructed | reservations | delta_ids)
    changes: dict[str, st.SearchStrategy[Any]] = {
        **more,
        "quantity": amounts,
        "status": statuses,
    }
    if ref in ("q1", "q2", "q3", "q4"):
        changes["type"] = types
    first = draw(_any_of({name: changes[name] for name in ("quantity", "status", "parent")}, 2))
    return {**_key(ref), **draw(_any_of(changes, 2)), **first}


bulk_statuses = st.fixed_dictionaries(
    {
        "filter": st.fixed_dictionaries(
            {"position": positions.map(_key)},
            optional={
                "type": st.lists(types, min_size=1, max_size=2),
                "status": statuses.map(lambda one: [one]),
            },
        ),
        "status": statuses,
    }
)


@st.composite
def new_positions(draw: st.DrawFn) -> Document:
    """What createInventoryPosition is given."""
    product, location = draw(products), draw(locations)
    place = {"productRef": product, "locationRef": location, "type": "DEFAULT"}
    given = {**_key(f"{product}:{location}:DEFAULT"), **place}
    return {**given, **draw(_any_of({"onHand": amounts}, 1))}


position_statuses = _some("ACTIVE", "INACTIVE", "CREATED", "AT_RISK")
position_updates = st.builds(
    lambda ref, changes: {**_key(ref), **changes},
    positions,
    _any_of({"status": position_statuses, "onHand": amounts}, 2),
)
by_location = st.fixed_dictionaries({"location": locations, "status": position_statuses})


@st.composite
def controls(draw: st.DrawFn) -> Document:
    """A control of the group for what is sold; set again, only its amount, order and status."""
    kind = draw(_some("QUANTITY_BUFFER", "QUANTITY_BUFFER", "EXCLUSION", "MASTER_BUFFER"))
    given = {"group": CONTROLS, "kind": kind, "ref": f"{kind}-{draw(st.integers(1, 3))}"}
    given["product"] = draw(products)
    if kind != "MASTER_BUFFER" and draw(st.booleans()):
        given["location"] = draw(locations)
        if draw(st.booleans()):
            del given["product"]
    if kind != "EXCLUSION":
        given["amount"] = draw(amounts) - 6
    order = draw(st.integers(1, 4))
    return {**given, "order": order, "status": draw(_some("ACTIVE", "ACTIVE", "INACTIVE"))}


@st.composite
def thresholds(draw: st.DrawFn) -> Document:
    """A threshold of the group for statuses."""
    number, order = draw(st.integers(1, 4)), draw(st.integers(1, 9))
    given = {"group": THRESHOLDS, "kind": "BULK_THRESHOLD", "ref": f"T{number}", "order": order}
    given["catalogue"] = ("DEFAULT:1", "DEFAULT:1", "BASE:N", "AGG:N")[number - 1]
    given["gives"] = draw(_some("OUT_OF_STOCK", "AT_RISK", "ACTIVE"))
    given["amount"] = draw(_some(0, 3, 10, 99))
    return {**given, "status": draw(_some("ACTIVE", "ACTIVE", "ACTIVE", "INACTIVE"))}


groups = st.fixed_dictionaries(
    {"ref": _some(CONTROLS, THRESHOLDS), "status": _some("ACTIVE", "INACTIVE")}
)
follows = st.fixed_dictionaries({"groups": _some([THRESHOLDS], [THRESHOLDS], [])})
virtual = st.fixed_dictionaries(
    {"ref": _some(*VIRTUAL)},
    optional={
        "networks": _some(["N1"], ["N2"], ["N2", "N1"]),
        "thresholds": _some([THRESHOLDS], []),
    },
)
segments = st.fixed_dictionaries(
    {
        "catalogue": _some(*VIRTUAL),
        "ref": _some("A:L1", "A:L2", "A:N1", "A:N2", "A"),
        "segments": _some([], [{"type": "COUNTRY", "value": "AU"}])
        | _some([{"type": "CHANNEL", "value": "WEB"}, {"type": "COUNTRY", "value": "JP"}], None),
    }
)


def _step(kind: str, given: st.SearchStrategy[Document]) -> st.SearchStrategy[Step]:
    return given.map(lambda what: Step(kind, what))


steps: st.SearchStrategy[Step] = st.one_of(
    _step("load", loads),
    _step("load", loads),
    _step("deltas", delta_events),
    _step("fulfil", fulfilments),
    _step("advance", st.fixed_dictionaries({"hours": _some(1, 2, 5)})),
    _step("createInventoryPosition", new_positions()),
    _step("updateInventoryPosition", position_updates),
    _step("updateInventoryPositionsStatusByLocation", by_location),
    _step("createInventoryQuantity", new_quantities()),
    _step("createInventoryQuantity", new_quantities()),
    _step("updateInventoryQuantity", quantity_updates()),
    _step("updateInventoryQuantity", quantity_updates()),
    _step("updateInventoryQuantitiesStatus", bulk_statuses),
    _step("control", controls()),
    _step("control", thresholds()),
    _step("group", groups),
    _step("follow", follows),
    _step("virtual", virtual),
    _step("segments", segments),
)
