"""What the schema has and no readable page shows: inferred, each with the reason."""

from .inputs import CHANGE, CONTROL, REF, RENAMED
from .objects import SEGMENTS, Fields

EXACT: Fields = dict.fromkeys(SEGMENTS, "[String]") | {
    "expiresOn": "DateRange",
    "parent": "InventoryQuantityKey",
}
AREAS: Fields = {"condition": "[String]", "storageAreaRef": "[String]"}
TEXTS_MATCH = "exact-match arguments are said to be there (13 Apr 2026), their types are not"

ADDED_ARGUMENTS: dict[str, tuple[str, Fields]] = {
    "Query.controls": (
        "no copy has it; a control is known by its group",
        {"controlGroup": "ControlGroupKey"},
    ),
    "ControlGroup.controls": ("as in the query", {"controlGroup": "ControlGroupKey"}),
    "InventoryPosition.quantitiesAggregate": (
        "the field is known, its shape is not; as in inventoryQuantityAggregate",
        {"status": "[String!]", "type": "[String!]", "expectedOn": "DateRange"} | AREAS | EXACT,
    ),
    "Query.inventoryQuantities": (TEXTS_MATCH, EXACT),
    "InventoryPosition.quantities": (TEXTS_MATCH, EXACT),
    "Query.inventoryQuantityAggregate": ("as what quantities are listed by", AREAS | EXACT),
}

ADDED_OBJECTS: dict[str, tuple[str, Fields]] = {
    "InventoryPosition": (
        "the field is known, its shape is not; as inventoryQuantityAggregate",
        {"quantitiesAggregate": "InventoryQuantityAggregateOutput"},
    ),
    "VirtualPosition": ("the input has them, no reply is shown", {"segments": "[VirtualSegment]"}),
    "VirtualSegment": (
        "named without its fields; as its input",
        {"type": "String!", "value": "String!"},
    ),
    "SettingValueType": (
        "the selection is known, and its input; the nullability is not",
        {"value": "String", "label": "String"},
    ),
}

ADDED_INPUTS: dict[str, tuple[str, Fields]] = {
    "UpsertVirtualSegmentInput": (
        "named without its fields; what tells one segment from another",
        {"type": "String!", "value": "String!"},
    ),
    "UpdateControlInput": (
        "a copy has it with a nullable group; without one no control is known",
        REF | CHANGE | RENAMED | CONTROL,
    ),
}
