"""Random steps of a history, each complete in itself, so that a history less some is one too.

The names are few, so that steps meet: a quantity is counted, reserved, put under another one, and
what cannot be is asked for as well.
"""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from .stock_model import Document

LOCATIONS = ("L1", "L2", "L3")
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


# Most happens at one place, so that much happens to the same quantities.
PLACES = (("A", "L1"), ("A", "L2"), ("B", "L1"), ("A", "L3"), ("B", "L3"))
places = _some(*PLACES[:1] * 6, *PLACES[:2] * 2, *PLACES)
products = _some("A", "A", "B")
locations = _some("L1", "L1", "L2", "L3")
positions = places.map(lambda place: f"{place[0]}:{place[1]}:DEFAULT")
amounts = st.integers(-9, 20)
delta_ids = _some("d1", "d2", "d3", "d4", "d5", "d6")


@st.composite
def names(draw: st.DrawFn, place: tuple[str, str]) -> str:
    """A quantity of a caller's own; now and then one of another place."""
    product, location = place if draw(st.integers(0, 14)) else draw(places)
    return f"{product}{location}.q{draw(_some(1, 1, 2, 2, 3))}"


@st.composite
def parents(draw: st.DrawFn, place: tuple[str, str]) -> str:
    """A quantity to stand under."""
    constructed = f"{place[0]}:{place[1]}:DEFAULT:{draw(_some('LAST_ON_HAND', 'ON_ORDER'))}"
    return draw(names(place) | names(place) | _some(constructed))


days = _some(*DAYS)
FUTURE = ("ON_ORDER", "EXPECTED", "IN_TRANSIT", "PURCHASE_ORDER")
future = _some(*FUTURE)
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


bad_days = _some(*DAYS * 5, "soon")
extra = {"note": _some(1, "x", [1]), "grade": _some({"a": 1}, True)}


@st.composite
def record_attributes(draw: st.DrawFn, place: tuple[str, str], kind: str) -> Document:
    """What a record says of its quantity; goods on their way are mostly dated."""
    made = draw(_any_of({**fields, "expiresOn": days, **extra}, 2))
    if draw(st.integers(0, 3)) > (0 if kind in FUTURE else 2):
        made["expectedOn"] = draw(bad_days)
    if draw(st.integers(0, 3)) > (1 if kind in ("RESERVED", "IN_TRANSIT") else 2):
        made["parentRef"] = draw(parents(place))
    return made


@st.composite
def records(draw: st.DrawFn) -> Document:
    """A record of a batch."""
    place, kind = draw(places), draw(_some("LAST_ON_HAND") | types)
    made: Document = {"skuRef": place[0], "locationRef": place[1], "qty": draw(amounts)}
    if kind != "LAST_ON_HAND" or draw(st.booleans()):
        made["type"] = kind
    if kind == "LAST_ON_HAND" and draw(st.integers(0, 19)):
        made["qty"] = abs(made["qty"])
    if draw(st.integers(0, 3)) > (2 if kind == "LAST_ON_HAND" else 0):
        made["ref"] = draw(names(place))
    if not draw(st.integers(0, 5)):
        made["status"] = draw(statuses)
    attributes = draw(record_attributes(place, kind))
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
    product, location = draw(places)
    return {
        "productRef": product,
        "locationRef": location,
        "type": "DELTA",
        "deltaId": draw(delta_ids),
        "qty": draw(amounts),
    }


delta_events = st.fixed_dictionaries(
    {"deltas": st.lists(delta_entries(), min_size=1, max_size=2), "hours": hours}
)
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
    return {**place, "fulfilmentId": draw(_some("F1", "F2")), **draw(work)}


fulfilments = st.fixed_dictionaries(
    {"items": st.lists(items(), min_size=1, max_size=2), "hours": hours}
)

CATALOGUE = {"ref": "DEFAULT:1"}
ATTRIBUTES = [{"name": "note", "type": "ANY", "value": 7}]


def _key(ref: str) -> Document:
    return {"ref": ref, "catalogue": CATALOGUE}


dates = {"expectedOn": days, "expiresOn": days}
more = {**fields, **dates, "attributes": _some(ATTRIBUTES)}


@st.composite
def new_quantities(draw: st.DrawFn) -> Document:
    """What createInventoryQuantity is given."""
    place = draw(places)
    position = _key(f"{place[0]}:{place[1]}:DEFAULT")
    given = {**_key(draw(names(place))), "position": position, "type": draw(types)}
    options = {**more, "parent": parents(place).map(_key)}
    first = draw(_any_of({n: options[n] for n in ("parent", "expectedOn", "expiresOn")}, 3))
    return {**given, "quantity": draw(amounts), **draw(_any_of(options, 1)), **first}


@st.composite
def quantity_updates(draw: st.DrawFn) -> Document:
    """What updateInventoryQuantity is given."""
    place = draw(places)
    position = f"{place[0]}:{place[1]}:DEFAULT"
    made_by_work = f"{position}:{draw(_some('LAST_ON_HAND', 'RESERVED:F1', 'SALE:F1'))}"
    ref = draw(names(place) | names(place) | names(place) | _some(made_by_work) | delta_ids)
    options: dict[str, st.SearchStrategy[Any]] = {
        **more,
        "quantity": amounts,
        "status": statuses,
        "parent": parents(place).map(_key),
    }
    if ".q" in ref:
        options["type"] = types
    first = draw(_any_of({n: options[n] for n in ("quantity", "status", "parent")}, 2))
    return {**_key(ref), **draw(_any_of(options, 2)), **first}


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
    product, location = draw(places)
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
segments = st.builds(
    lambda which, given: {"catalogue": which[0], "ref": which[1], "segments": given},
    _some(("BASE:1", "A:L1"), ("BASE:N", "A:L1"), ("AGG:N", "A:N1"), ("ATS:1", "A:N2")),
    _some([], [{"type": "COUNTRY", "value": "AU"}])
    | _some([{"type": "CHANNEL", "value": "WEB"}, {"type": "COUNTRY", "value": "JP"}], None),
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

opening = st.lists(st.integers(0, 20), min_size=3, max_size=5).map(
    lambda counts: Step(
        "load",
        {
            "preprocessing": True,
            "entities": [
                {"skuRef": product, "locationRef": location, "qty": count}
                for (product, location), count in zip(PLACES, counts, strict=False)
            ],
        },
    )
)
histories = st.builds(
    lambda first, others: [first, *others], opening, st.lists(steps, min_size=12, max_size=28)
)
