"""Random mutations of positions and quantities."""

from typing import Any

from hypothesis import strategies as st

from .stock_model import Document
from .words import (
    ATTRIBUTES,
    amounts,
    any_of,
    days,
    delta_ids,
    fields,
    key,
    locations,
    names,
    parents,
    places,
    positions,
    ranges,
    some,
    statuses,
    types,
)

dates = {"expectedOn": days, "expiresOn": days}
more = {**fields, **dates, "attributes": some(ATTRIBUTES)}


@st.composite
def new_quantities(draw: st.DrawFn) -> Document:
    """What createInventoryQuantity is given."""
    place = draw(places)
    position = key(f"{place[0]}:{place[1]}:DEFAULT")
    given = {**key(draw(names(place))), "position": position, "type": draw(types)}
    options = {**more, "parent": parents(place).map(key)}
    first = draw(any_of({n: options[n] for n in ("parent", "expectedOn", "expiresOn")}, 3))
    return {**given, "quantity": draw(amounts), **draw(any_of(options, 1)), **first}


@st.composite
def quantity_updates(draw: st.DrawFn) -> Document:
    """What updateInventoryQuantity is given."""
    place = draw(places)
    position = f"{place[0]}:{place[1]}:DEFAULT"
    made_by_work = f"{position}:{draw(some(*['LAST_ON_HAND'] * 3, 'RESERVED:F1', 'SALE:F1'))}"
    ref = draw(names(place) if draw(st.integers(0, 4)) < 2 else some(made_by_work))
    if not draw(st.integers(0, 9)):
        ref = draw(delta_ids)
    options: dict[str, st.SearchStrategy[Any]] = {
        **more,
        "quantity": amounts,
        "status": statuses,
        "parent": parents(place).map(key),
    }
    if ".q" in ref:
        options["type"] = types
    usual = draw(some(("quantity", "status"), ("quantity", "status"), ("status", "parent")))
    first = draw(any_of({name: options[name] for name in usual}, 2))
    del options["parent"]
    return {**key(ref), **draw(any_of(options, 2)), **first}


nullable = ("expectedOn", "expiresOn", "condition", "segment1", "parent", "attributes")
"""Fields of a quantity that may be null (GraphQL schema docs), which says nothing of them."""

bulk_statuses = st.fixed_dictionaries(
    {
        "filter": st.fixed_dictionaries(
            {"position": positions.map(key)},
            optional={
                "type": st.lists(types, min_size=1, max_size=2),
                "status": statuses.map(lambda one: [one]),
                "expectedOn": ranges,
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
    given = {**key(f"{product}:{location}:DEFAULT"), **place}
    return {**given, **draw(any_of({"onHand": amounts}, 1))}


position_statuses = some("ACTIVE", "INACTIVE", "CREATED", "AT_RISK")
position_updates = st.builds(
    lambda ref, changes: {**key(ref), **changes},
    positions,
    any_of({"status": position_statuses, "onHand": amounts}, 2),
)
by_location = st.fixed_dictionaries({"location": locations, "status": position_statuses})
