"""Random controls, virtual catalogues and positions."""

from typing import Any

from hypothesis import strategies as st

from .stock_model import Document
from .words import (
    ATTRIBUTES,
    CONTROLS,
    THRESHOLDS,
    VIRTUAL,
    amounts,
    any_of,
    locations,
    products,
    some,
)


@st.composite
def controls(draw: st.DrawFn) -> Document:
    """A control of the group for what is sold; set again, only its amount, order and status."""
    kind = draw(some("QUANTITY_BUFFER", "QUANTITY_BUFFER", "EXCLUSION", "MASTER_BUFFER"))
    given = {"group": CONTROLS, "kind": kind, "ref": f"{kind}-{draw(st.integers(1, 3))}"}
    given["product"] = draw(products)
    if kind != "MASTER_BUFFER" and draw(st.booleans()):
        given["location"] = draw(locations)
        if draw(st.booleans()):
            del given["product"]
    if kind != "EXCLUSION":
        given["amount"] = draw(amounts) - 6
    order = draw(st.integers(1, 4))
    return {**given, "order": order, "status": draw(some("ACTIVE", "ACTIVE", "INACTIVE"))}


@st.composite
def thresholds(draw: st.DrawFn) -> Document:
    """A threshold of the group for statuses."""
    number, order = draw(st.integers(1, 4)), draw(st.integers(1, 9))
    given = {"group": THRESHOLDS, "kind": "BULK_THRESHOLD", "ref": f"T{number}", "order": order}
    given["catalogue"] = ("DEFAULT:1", "DEFAULT:1", "BASE:N", "AGG:N")[number - 1]
    given["gives"] = draw(some("OUT_OF_STOCK", "AT_RISK", "ACTIVE"))
    given["amount"] = draw(some(0, 3, 10, 99))
    return {**given, "status": draw(some("ACTIVE", "ACTIVE", "ACTIVE", "INACTIVE"))}


groups = st.fixed_dictionaries(
    {"ref": some(CONTROLS, THRESHOLDS), "status": some("ACTIVE", "INACTIVE")}
)
follows = st.fixed_dictionaries({"groups": some([THRESHOLDS], [THRESHOLDS], [])})
virtual = st.fixed_dictionaries(
    {"ref": some(*VIRTUAL)},
    optional={
        "networks": some(["N1"], ["N2"], ["N2", "N1"]),
        "thresholds": some([THRESHOLDS], []),
    },
)
AU, JP, WEB = (
    {"type": "COUNTRY", "value": "AU"},
    {"type": "COUNTRY", "value": "JP"},
    {"type": "CHANNEL", "value": "WEB"},
)
segments = some([], [AU], [WEB, JP], None) | some([AU, WEB], [AU, AU])
computed = some(
    *(("BASE:1", "A:L1"), ("BASE:N", "A:L1"), ("BASE:N", "A:L2"), ("AGG:N", "A:N1")),
    *(("AGG:ALL", "A"), ("ATS:1", "A:N2")),
)
created = some(
    *(("BASE:N", "GIFT:L1"), ("ATS:1", "GIFT:N2"), ("BASE:1", "B:L3"), ("ATS:1", "B:N2")),
)
virtual_statuses = some("ACTIVE", "INACTIVE", "CLOSED")


@st.composite
def new_virtual_positions(draw: st.DrawFn) -> Document:
    """What createVirtualPosition is given: of what no stock stands behind, or of what has been."""
    catalogue, ref = draw(st.one_of(created, created, computed))
    product, _, group = ref.partition(":")
    given = {"ref": ref, "catalogue": {"ref": catalogue}, "type": "OWN", "productRef": product}
    if group:
        given["groupRef"] = group
    options = {"attributes": some(ATTRIBUTES), "segments": segments}
    return {**given, "quantity": draw(amounts), **draw(any_of(options, 2))}


virtual_options: dict[str, st.SearchStrategy[Any]] = {
    "quantity": amounts,
    "status": virtual_statuses,
    "type": some("OWN", "OTHER"),
    "attributes": some(ATTRIBUTES),
    "segments": segments,
}


@st.composite
def virtual_updates(draw: st.DrawFn) -> Document:
    """What updateVirtualPosition is given, mostly a quantity; another product now and then."""
    catalogue, ref = draw(st.one_of(computed, computed, computed, created))
    given: Document = {"ref": ref, "catalogue": {"ref": catalogue}}
    if draw(st.booleans()):
        given["quantity"] = draw(amounts)
    given |= draw(any_of(virtual_options, 2))
    if not draw(st.integers(0, 7)):
        given["productRef"] = draw(some("A", "B", "GIFT"))
    return given


by_group = st.fixed_dictionaries(
    {
        "catalogue": some(*VIRTUAL),
        "group": some("L1", "L2", "N1", "N2"),
        "status": virtual_statuses,
    }
)
