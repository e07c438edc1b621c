"""Random steps of a history, each complete in itself, so that a history less some is one too."""

from typing import NamedTuple

from hypothesis import strategies as st

from . import mutation_steps, question_steps, stock_steps, virtual_steps
from .stock_model import Document
from .words import PLACES, some, with_nulls


class Step(NamedTuple):
    """What is done: a kind of step, and what it is given."""

    kind: str
    given: Document


def _step(kind: str, given: st.SearchStrategy[Document]) -> st.SearchStrategy[Step]:
    return given.map(lambda what: Step(kind, what))


nullable = mutation_steps.nullable
new_quantities = with_nulls(mutation_steps.new_quantities(), *nullable)
quantity_updates = with_nulls(
    mutation_steps.quantity_updates(), *nullable, "quantity", "status", "type"
)

steps: st.SearchStrategy[Step] = st.one_of(
    _step("load", stock_steps.loads),
    _step("load", stock_steps.loads),
    _step("load", stock_steps.loads),
    _step("deltas", stock_steps.delta_events),
    _step("fulfil", stock_steps.fulfilments),
    _step("changed", stock_steps.changed_events),
    _step("advance", st.fixed_dictionaries({"hours": some(1, 5, 5)})),
    _step("advance", st.fixed_dictionaries({"hours": some(1, 5, 5)})),
    _step("createInventoryPosition", mutation_steps.new_positions()),
    _step("updateInventoryPosition", mutation_steps.position_updates),
    _step("updateInventoryPositionsStatusByLocation", mutation_steps.by_location),
    _step("createInventoryQuantity", new_quantities),
    _step("createInventoryQuantity", new_quantities),
    _step("updateInventoryQuantity", quantity_updates),
    _step("updateInventoryQuantity", quantity_updates),
    _step("updateInventoryQuantitiesStatus", mutation_steps.bulk_statuses),
    _step("control", virtual_steps.controls()),
    _step("control", virtual_steps.thresholds()),
    _step("group", virtual_steps.groups),
    _step("follow", virtual_steps.follows),
    _step("virtual", virtual_steps.virtual),
    _step("createVirtualPosition", virtual_steps.new_virtual_positions()),
    _step("updateVirtualPosition", virtual_steps.virtual_updates()),
    _step("updateVirtualPosition", virtual_steps.virtual_updates()),
    _step("updateVirtualPositionsStatusByGroup", virtual_steps.by_group),
    _step("quantities", question_steps.quantity_questions()),
    _step("quantities", question_steps.quantity_questions()),
    _step("sum", question_steps.position_questions),
)

opening = st.lists(some(5, 8) | st.integers(0, 20), min_size=3, max_size=5).map(
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
    lambda first, others: [first, *others], opening, st.lists(steps, min_size=14, max_size=32)
)
