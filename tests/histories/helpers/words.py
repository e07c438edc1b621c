"""The words that histories are made of, few, so that steps meet.

A quantity is counted, reserved, put under another one, and what cannot be is asked for as well.
"""

from typing import Any

from hypothesis import strategies as st

from .stock_model import Document

LOCATIONS = ("L1", "L2", "L3")
NETWORKS = {"N1": ["L1", "L2"], "N2": ["L2", "L3"]}
VIRTUAL = ("BASE:1", "BASE:N", "AGG:N", "AGG:ALL", "ATS:1")
DAYS = tuple(f"2026-0{month}-01T00:00:00Z" for month in (3, 4, 5, 6))
CONTROLS, THRESHOLDS = "CG", "TH"
CATALOGUE = {"ref": "DEFAULT:1"}
ATTRIBUTES = [{"name": "note", "type": "ANY", "value": 7}]


def count_of(position: str) -> str:
    """The plain count of a position, which is dated as created when its position was."""
    return f"{position}:LAST_ON_HAND"


def some(*values: Any) -> st.SearchStrategy[Any]:
    """One of these."""
    return st.sampled_from(values)


def any_of(options: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[Document]:
    """Some of the options, by name."""
    chosen = st.lists(st.sampled_from(sorted(options)), max_size=most, unique=True)
    return chosen.flatmap(lambda those: st.fixed_dictionaries({n: options[n] for n in those}))


@st.composite
def with_nulls(draw: st.DrawFn, given: st.SearchStrategy[Document], *names: str) -> Document:
    """What is given, now and then with a null in place of one of these fields, or beside them."""
    made = draw(given)
    return made if draw(st.integers(0, 5)) else {**made, draw(st.sampled_from(names)): None}


def key(ref: str) -> Document:
    """What names something of the inventory catalogue."""
    return {"ref": ref, "catalogue": CATALOGUE}


# Most happens at one place, so that much happens to the same quantities.
PLACES = (("A", "L1"), ("A", "L2"), ("B", "L1"), ("A", "L3"), ("B", "L3"))
places = some(*PLACES[:1] * 6, *PLACES[:2] * 2, *PLACES)
products = some("A", "A", "B")
locations = some("L1", "L1", "L2", "L3")
positions = places.map(lambda place: f"{place[0]}:{place[1]}:DEFAULT")
amounts = some(5, 5, 8) | st.integers(-9, 20)
"""Often the same ones: what a repeat changes is a question of its own."""
delta_ids = some("d1", "d2", "d3", "d4", "d5", "d6")


@st.composite
def names(draw: st.DrawFn, place: tuple[str, str]) -> str:
    """A quantity of a caller's own; now and then one of another place."""
    product, location = place if draw(st.integers(0, 14)) else draw(places)
    return f"{product}{location}.q{draw(some(1, 1, 1, 2))}"


@st.composite
def parents(draw: st.DrawFn, place: tuple[str, str]) -> str:
    """A quantity to stand under."""
    kind = draw(some("LAST_ON_HAND", "LAST_ON_HAND", "ON_ORDER"))
    return draw(names(place) | names(place) | some(f"{place[0]}:{place[1]}:DEFAULT:{kind}"))


days = some(*DAYS)
MIDDLE = "2026-04-15T00:00:00Z"
ranges = st.one_of(
    st.fixed_dictionaries({"to": some(*DAYS, MIDDLE)}),
    st.fixed_dictionaries({"from": some(*DAYS, MIDDLE)}),
    st.fixed_dictionaries({"from": some(*DAYS[:2]), "to": some(*DAYS[1:], MIDDLE)}),
)
"""From a day to a day, both among them."""
FUTURE = ("ON_ORDER", "EXPECTED", "IN_TRANSIT", "PURCHASE_ORDER")
future = some(*FUTURE)
odd = some("SALE", "CORRECTION", "DELTA", "SOFT_RESERVE", "RETURNED")
types = some("LAST_ON_HAND") | future | some("RESERVED") | odd
statuses = some("ACTIVE", "ACTIVE", "INACTIVE", "CREATED")
texts = some("x", "y")
fields = {
    "condition": some("NEW", "USED"),
    "storageAreaRef": texts,
    "associationType": some("PURCHASE_ORDER"),
    "associationRef": texts,
    "countryOfOrigin": some("AU", "JP"),
    "channel": texts,
    "supplier": texts,
    "manufacturer": texts,
    "manufacturerBatchNumber": texts,
    "segment1": texts,
    "segment2": texts,
    "segment3": texts,
}
