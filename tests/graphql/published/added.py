"""What the schema has and no readable page shows: inferred, each with the reason."""

from .inputs import CHANGE, CONTROL, REF, RENAMED
from .objects import Fields

ADDED_ARGUMENTS: dict[str, tuple[str, Fields]] = {
    "Query.controls": (
        "no copy has it; a control is known by its group",
        {"controlGroup": "ControlGroupKey"},
    ),
    "ControlGroup.controls": ("as in the query", {"controlGroup": "ControlGroupKey"}),
    "InventoryPosition.quantitiesAggregate": (
        "the field is known, its shape is not; as in inventoryQuantityAggregate",
        {"status": "[String!]", "type": "[String!]", "expectedOn": "DateRange"},
    ),
}

ADDED_OBJECTS: dict[str, tuple[str, Fields]] = {
    "InventoryPosition": (
        "the field is known, its shape is not; as inventoryQuantityAggregate",
        {"quantitiesAggregate": "InventoryQuantityAggregateOutput"},
    ),
    "SettingValueType": (
        "the selection is known, and its input; the nullability is not",
        {"value": "String", "label": "String"},
    ),
}

ADDED_INPUTS: dict[str, tuple[str, Fields]] = {
    "UpdateControlInput": (
        "a copy has it with a nullable group; without one no control is known",
        REF | CHANGE | RENAMED | CONTROL,
    ),
}
