"""Random questions: how much there is of what, by its fields."""

from typing import Any

from hypothesis import strategies as st

from .stock_model import Document
from .words import (
    any_of,
    fields,
    key,
    parents,
    places,
    products,
    ranges,
    some,
    statuses,
    types,
)


def _lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=2, max_size=3) | st.lists(values, max_size=2)


texts = {name: _lists(values) for name, values in fields.items()}


@st.composite
def quantity_questions(draw: st.DrawFn) -> Document:
    """Which quantities of a position, how many, and how much together; mostly by one field."""
    place = draw(places)
    usual = {"status": _lists(statuses), "type": _lists(types), "expectedOn": ranges}
    more = {**texts, "expiresOn": ranges, "parent": parents(place).map(key)}
    filters = draw(any_of(usual, 2) | any_of(usual, 1) | any_of({**usual, **more}, 2))
    return {"position": f"{place[0]}:{place[1]}:DEFAULT", "filters": filters}


position_questions = st.fixed_dictionaries(
    {"productRef": products},
    optional={
        "networkRef": some("N1", "N2", "N3"),
        "status": _lists(some("ACTIVE", "INACTIVE", "CREATED", "AT_RISK", "OUT_OF_STOCK")),
        "type": _lists(some("DEFAULT", "OTHER")),
    },
)
"""How many positions of a product, and what they have on hand together."""
