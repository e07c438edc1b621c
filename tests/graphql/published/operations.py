"""The published queries and mutations with their arguments. Marks as in `objects`."""

from .objects import Fields

DATES: Fields = {"createdOn": "DateRange", "updatedOn": "DateRange"}
WORKFLOW: Fields = {
    "ref": "[String!]",
    "type": "[String!]",
    "workflowRef": "[String!]",
    "workflowVersion": "[Int!]",
    "status": "[String]",
}
PAGE: Fields = {"first": "Int", "last": "Int", "before": "String", "after": "String"}
KEY_IN_PRODUCTS: Fields = {"ref": "String!", "catalogue": "ProductCatalogueKey!"}
PRODUCTS: Fields = {
    "ref": "[String!]",
    "type": "[String!]",
    "gtin": "[String!]",
    "name": "[String!]",
    "status": "[String]",
    "summary": "[String]",
    "catalogue": "ProductCatalogueKey",
}

POSITIONS = (
    DATES
    | WORKFLOW
    | PAGE
    | {
        "productRef": "[String!]",
        "onHand": "[Int]",
        "locationRef": "[String]",
        "catalogue": "InventoryCatalogueKey",
    }
)
QUANTITIES = (
    DATES
    | WORKFLOW
    | PAGE
    | {
        "quantity": "[Int]",
        "condition": "[String]",
        "expectedOn": "DateRange",
        "storageAreaRef": "[String]",
        "catalogue": "InventoryCatalogueKey",
    }
)

QUERIES: dict[str, tuple[str, Fields]] = {
    "me": ("User", {}),
    "inventoryCatalogue": ("InventoryCatalogue", {"ref": "String!"}),
    "inventoryCatalogues": (
        "InventoryCatalogueConnection",
        DATES
        | WORKFLOW
        | PAGE
        | {"name": "[String!]", "description": "[String]", "retailerRefs": "[[String]]"},
    ),
    "inventoryPosition": (
        "InventoryPosition",
        {"ref": "String!", "catalogue": "InventoryCatalogueKey!"},
    ),
    "inventoryPositions": ("InventoryPositionConnection", POSITIONS),
    "inventoryQuantity": (
        "InventoryQuantity",
        {"ref": "String!", "catalogue": "InventoryCatalogueKey!"},
    ),
    "inventoryQuantities": ("InventoryQuantityConnection", QUANTITIES),
    "inventoryPositionAggregate": (  # S23
        "InventoryAggregate",
        {
            "catalogue": "InventoryCatalogueKey!",
            "productRef": "String!",
            "networkRef": "String",
            "status": "[String!]",
            "type": "[String!]",
        },
    ),
    "inventoryQuantityAggregate": (  # S23
        "InventoryAggregate",
        {
            "position": "InventoryPositionKey!",
            "status": "[String!]",
            "type": "[String!]",
            "expectedOn": "DateRange",
        },
    ),
    "virtualCatalogue": ("VirtualCatalogue", {"ref": "String!"}),
    "virtualCatalogues": (
        "VirtualCatalogueConnection",
        {
            "inventoryCatalogueRef": "[String]",
            "productCatalogueRef": "[String]",
            "controlGroupRef": "[String]",
            "networkIds": "[[String]]",
            "retailerRefs": "[[String]]",
        },
    ),
    "virtualPosition": ("VirtualPosition", {"ref": "String!", "catalogue": "VirtualCatalogueKey!"}),
    "virtualPositions": (
        "VirtualPositionConnection",
        DATES
        | WORKFLOW
        | PAGE
        | {
            "productRef": "[String]",
            "quantity": "[Int]",
            "groupRef": "[String]",
            "catalogue": "VirtualCatalogueKey",
        },
    ),
    "controlGroup": ("ControlGroup", {"ref": "String!"}),
    "controlGroups": ("ControlGroupConnection", {}),
    "control": ("Control", {"ref": "String!", "controlGroup": "ControlGroupKey!"}),
    "controls": ("ControlConnection", {"executionOrder": "[Int]"}),
    "location": ("Location", {"id": "ID", "ref": "String"}),
    "locationById": ("Location", {"id": "ID!"}),
    "locations": (
        "LocationConnection",
        DATES
        | PAGE
        | {
            "ref": "[String]",
            "type": "[String]",
            "status": "[String]",
            "name": "[String]",
            "supportPhoneNumber": "[String]",
            "defaultCarrier": "[String]",
            "defaultCarrierName": "[String]",
        },
    ),
    "network": ("Network", {"id": "ID", "ref": "String"}),
    "networkById": ("Network", {"id": "ID!"}),
    "networks": (
        "NetworkConnection",
        {"ref": "[String]", "type": "[String]", "status": "[String]"},
    ),
    "retailerById": ("Retailer", {"id": "ID!"}),
    "retailers": ("RetailerConnection", {}),
    "productCatalogue": ("ProductCatalogue", {"ref": "String!"}),
    "productCatalogues": ("ProductCatalogueConnection", {}),
    "variantProduct": ("VariantProduct", KEY_IN_PRODUCTS),
    "variantProducts": ("VariantProductConnection", DATES | PRODUCTS),
    "standardProduct": ("StandardProduct", KEY_IN_PRODUCTS),
    "standardProducts": ("StandardProductConnection", {}),
    "products": (  # NOW
        "ProductConnection",
        {"category": "CategoryKey", "catalogue": "ProductCatalogueKey"},
    ),
}

# the fields that are said to take the arguments of a query
ARGUMENTS: dict[str, Fields] = {
    "InventoryCatalogue.inventoryPositions": POSITIONS,
    "InventoryPosition.quantities": QUANTITIES,
}

# each takes one nullable `input`, called like the mutation with `Input` at its end
MUTATIONS: dict[str, str] = {
    "createInventoryCatalogue": "InventoryCatalogue",
    "updateInventoryCatalogue": "InventoryCatalogue",
    "createInventoryPosition": "InventoryPosition",
    "updateInventoryPosition": "InventoryPosition",
    "createInventoryQuantity": "InventoryQuantity",
    "updateInventoryQuantity": "InventoryQuantity",
    "createVirtualCatalogue": "VirtualCatalogue",
    "updateVirtualCatalogue": "VirtualCatalogue",
    "createVirtualPosition": "VirtualPosition",
    "updateVirtualPosition": "VirtualPosition",
    "createControlGroup": "ControlGroup",
    "updateControlGroup": "ControlGroup",
    "createControl": "Control",
    "updateControl": "Control",
    "createLocation": "Location",
    "updateLocation": "Location",
    "createNetwork": "Network",
    "updateNetwork": "Network",
}

BULK_MUTATIONS: dict[str, str] = {
    "updateInventoryPositionsStatusByLocation": "BulkUpdate",
    "updateVirtualPositionsStatusByGroup": "BulkUpdate",
}
