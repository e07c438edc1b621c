"""What the schema has and no readable page shows: inferred, each with the reason."""

from .inputs import (
    ADDRESS_TEXT,
    CHANGE,
    CONTACT,
    CONTROL,
    HOURS,
    REF,
    RENAMED,
    RETAILERS,
    VIRTUAL_CATALOGUE,
)
from .objects import FOUR, OF_THE_FOUR, SEGMENTS, Fields
from .operations import DATES, PAGE, PRODUCTS, QUERIES, WORKFLOW

NAMED: Fields = {"name": "[String]", "description": "[String]"}
NETWORKS = DATES | PAGE | {"ref": "[String]", "type": "[String]", "status": "[String]"}
RETAILER_TEXT = dict.fromkeys(
    (
        "status",
        "summary",
        "websiteUrl",
        "tradingName",
        "primaryEmail",
        "supportContactName",
        "supportEmail",
        "supportPhone",
    ),
    "[String]",
)
RETAILER_FILTERS = DATES | PAGE | RETAILER_TEXT | {"ref": "[String!]"}
CONTROLS = (
    DATES | WORKFLOW | PAGE | NAMED | {"executionOrder": "[Int]", "controlGroup": "ControlGroupKey"}
)
PRODUCT_FILTERS = DATES | WORKFLOW | PAGE | PRODUCTS
CATEGORIES = {name: kind for name, kind in PRODUCT_FILTERS.items() if name != "gtin"}
ADDRESS = ADDRESS_TEXT | {"ref": "String", "latitude": "Float", "longitude": "Float"}
SCHEDULE = {"allHours": "Boolean"} | dict.fromkeys(HOURS, "Int")
AREA: Fields = {"ref": "String!", "type": "String", "attributes": "[AttributeInput]"}

EXACT: Fields = dict.fromkeys(SEGMENTS, "[String]") | {
    "expiresOn": "DateRange",
    "parent": "InventoryQuantityKey",
}
AREAS: Fields = {"condition": "[String]", "storageAreaRef": "[String]"}
TEXTS_MATCH = "exact-match arguments are said to be there (13 Apr 2026), their types are not"

ADDED_ARGUMENTS: dict[str, tuple[str, Fields]] = {
    "Query.virtualCatalogues": (
        "the general part is cut; as in inventoryCatalogues",
        DATES | WORKFLOW | PAGE | {"name": "[String!]", "description": "[String]"},
    ),
    "Query.controlGroups": (
        "cut; as in inventoryCatalogues, but name is nullable here",
        DATES | WORKFLOW | PAGE | NAMED | {"retailerRefs": "[[String]]"},
    ),
    "Query.controls": ("the general part is cut; as in controlGroups", CONTROLS),
    "Query.networks": ("cut after status; as in locations", NETWORKS),
    "Query.retailers": ("cut; the text fields of a retailer, as in locations", RETAILER_FILTERS),
    "Query.productCatalogues": (
        "cut; as in inventoryCatalogues",
        QUERIES["inventoryCatalogues"][1],
    ),
    "Query.variantProducts": ("cut after the dates; as in other queries", WORKFLOW | PAGE),
    "Query.standardProducts": ("not shown; as in variantProducts", PRODUCT_FILTERS),
    "Query.products": ("cut; what all kinds of product share", CATEGORIES),
    "VirtualCatalogue.virtualPositions": (
        "not shown; as in the query",
        QUERIES["virtualPositions"][1],
    ),
    "ControlGroup.controls": ("not shown; as in the query", CONTROLS),
    "ProductCatalogue.categories": ("not shown; as in products", CATEGORIES),
    "VariantProduct.categories": ("not shown; as in products", CATEGORIES),
    "StandardProduct.categories": ("not shown; as in products", CATEGORIES),
    "StandardProduct.variants": ("not shown; as in the query", PRODUCT_FILTERS),
    "Location.networks": ("not shown; as in the query", NETWORKS),
    "Location.storageAreas": (
        "not shown; what a storage area is created with",
        PAGE | {"ref": "[String]", "type": "[String]"},
    ),
    "Network.retailers": ("not shown; as in the query", RETAILER_FILTERS),
    "Network.locations": ("not shown; as in the query", QUERIES["locations"][1]),
    "Retailer.networks": ("not shown; as in the query", NETWORKS),
    "InventoryPosition.quantitiesAggregate": (
        "the field is known, its shape is not; as in inventoryQuantityAggregate",
        {"status": "[String!]", "type": "[String!]", "expectedOn": "DateRange"} | AREAS | EXACT,
    ),
    "Query.inventoryQuantities": (TEXTS_MATCH, EXACT),
    "InventoryPosition.quantities": (TEXTS_MATCH, EXACT),
    "Query.inventoryQuantityAggregate": ("as what quantities are listed by", AREAS | EXACT),
}

ADDED_OBJECTS: dict[str, tuple[str, Fields]] = {
    "InventoryAggregate": ("shown without a name", {"count": "Int", "sum": "Int"}),
    "BulkUpdate": ("shown without a name", {"count": "Int"}),
    "InventoryPosition": (
        "the field is known, its shape is not; as inventoryQuantityAggregate",
        {"quantitiesAggregate": "InventoryAggregate"},
    ),
    "VirtualPosition": ("the input has them, no reply is shown", {"segments": "[VirtualSegment]"}),
    "VirtualSegment": (
        "named without its fields; as its input",
        {"type": "String!", "value": "String!"},
    ),
    "Address": ("only its create input is shown", ADDRESS),
    "OpeningSchedule": ("only its create input is shown", SCHEDULE),
    "StorageArea": (
        "only its create input is shown",
        {"id": "ID!", "ref": "String!", "type": "String", "attributes": "[Attribute]"},
    ),
    "Category": (
        "named without its fields; as its siblings",
        FOUR | {"name": "String!", "summary": "String", "catalogue": "ProductCatalogue"},
    ),
    "Language": ("the selection is known, the name is not", {"value": "String", "label": "String"}),
    "Role": (
        "the selection is known, the types are not",
        {"id": "ID!", "name": "String", "permissions": "[Permission]"},
    ),
    "Permission": ("the selection is known, the name is not", {"name": "String"}),
    "RoleContext": (
        "the selection is known, the types are not",
        {"contextType": "String", "contextId": "String"},
    ),
    "App": ("named without its fields; a type needs one", {"name": "String"}),
}

ADDED_IMPLEMENTS: dict[str, str] = {"Category": OF_THE_FOUR}

ADDED_INPUTS: dict[str, tuple[str, Fields]] = {
    "UpdateVirtualCatalogueInput": (
        "not shown; the create input, nullable and with a status",
        REF
        | CHANGE
        | RENAMED
        | RETAILERS
        | VIRTUAL_CATALOGUE
        | {"inventoryCatalogueRef": "String", "productCatalogueRef": "String"},
    ),
    "UpsertVirtualSegmentInput": (
        "named without its fields; what tells one segment from another",
        {"type": "String!", "value": "String!"},
    ),
    "UpdateControlGroupInput": (
        "not shown; the create input, nullable and with a status",
        REF | CHANGE | RENAMED | RETAILERS,
    ),
    "UpdateControlInput": (
        "not shown; the create input, nullable and with a status",
        REF | CHANGE | RENAMED | CONTROL,
    ),
    "UpdateLocationInput": (
        "cut after id; the create input, nullable and with a status",
        CHANGE
        | CONTACT
        | {
            "name": "String",
            "primaryAddress": "UpdateStoreAddressInput",
            "retailer": "RetailerId",
            "openingSchedule": "UpdateOpeningScheduleInput",
            "networks": "[NetworkId]",
            "storageAreas": "[CreateStorageAreaInput]",
        },
    ),
    "UpdateNetworkInput": (
        "cut after id; the create input, nullable and with a status",
        CHANGE | {"name": "String", "retailers": "[RetailerId!]", "locations": "[LocationId]"},
    ),
    "UpdateStoreAddressInput": ("for updateLocation", ADDRESS),
    "UpdateOpeningScheduleInput": ("for updateLocation", SCHEDULE),
    "CreateStorageAreaInput": ("shown without a name", AREA),
    "CategoryKey": (
        "named without its fields; as ProductKey",
        REF | {"catalogue": "ProductCatalogueKey!"},
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
