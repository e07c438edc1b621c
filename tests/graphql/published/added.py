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
    "InventoryAggregate": ("shown without a name", {"count": "Int", "sum": "Int"}),
    "BulkUpdate": ("shown without a name", {"count": "Int"}),
    "InventoryPosition": (
        "the field is known, its shape is not; as inventoryQuantityAggregate",
        {"quantitiesAggregate": "InventoryAggregate"},
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
    "UpdateInventoryPositionsStatusByLocationFilter": (
        "shown without a name",
        {"catalogue": "InventoryCatalogueKey!", "locationRef": "String!"},
    ),
    "UpdateInventoryPositionsStatusByLocationInput": (
        "shown without a name",
        {"status": "String!"},
    ),
    "UpdateVirtualPositionsStatusByGroupFilter": (
        "shown without a name",
        {"catalogue": "VirtualCatalogueKey!", "groupRef": "String!"},
    ),
    "UpdateVirtualPositionsStatusByGroupInput": ("shown without a name", {"status": "String!"}),
}
