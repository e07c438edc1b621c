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
NAMED: Fields = {"name": "[String]", "description": "[String]"}
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

PRODUCT_FILTERS = DATES | WORKFLOW | PAGE | PRODUCTS
CATEGORIES = {name: kind for name, kind in PRODUCT_FILTERS.items() if name != "gtin"}
CATALOGUES = (
    DATES
    | WORKFLOW
    | PAGE
    | {"name": "[String!]", "description": "[String]", "retailerRefs": "[[String]]"}
)
NETWORKS = DATES | PAGE | {"ref": "[String]", "type": "[String]", "status": "[String]"}
LOCATIONS = (
    DATES
    | PAGE
    | dict.fromkeys(
        (
            *("ref", "type", "status", "name", "supportPhoneNumber"),
            *("defaultCarrier", "defaultCarrierName"),
        ),
        "[String]",
    )
)
RETAILER_TEXT = dict.fromkeys(
    (
        *("status", "summary", "websiteUrl", "websiteUrlName", "tradingName", "primaryEmail"),
        *("supportContactName", "supportEmail", "supportPhone"),
    ),
    "[String]",
)
RETAILERS = DATES | PAGE | RETAILER_TEXT | {"ref": "[String!]"}
CONTROLS = DATES | WORKFLOW | PAGE | NAMED | {"executionOrder": "[Int]"}

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
    "user": ("User", {"id": "ID", "username": "String"}),  # S23
    "userById": ("User", {"id": "ID!"}),  # S23
    "users": (  # S23
        "UserConnection",
        DATES
        | PAGE
        | dict.fromkeys(("ref", "type", "username"), "[String!]")
        | dict.fromkeys(
            (
                *("status", "title", "firstName", "lastName", "primaryEmail", "primaryPhone"),
                *("department", "country", "timezone"),
            ),
            "[String]",
        )
        | {"promotionOptIn": "[Boolean]"},
    ),
    "inventoryCatalogue": ("InventoryCatalogue", {"ref": "String!"}),
    "inventoryCatalogues": (
        "InventoryCatalogueConnection",
        CATALOGUES,
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
        "InventoryPositionAggregateOutput",
        {
            "catalogue": "InventoryCatalogueKey!",
            "productRef": "String!",
            "networkRef": "String",
            "status": "[String!]",
            "type": "[String!]",
        },
    ),
    "inventoryQuantityAggregate": (  # S23
        "InventoryQuantityAggregateOutput",
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
        CATALOGUES
        | {
            "inventoryCatalogueRef": "[String]",
            "productCatalogueRef": "[String]",
            "controlGroupRef": "[String]",
            "networkIds": "[[String]]",
        },
    ),
    "searchVirtualInventory": (  # S23
        "VirtualInventoryConnection",
        {
            "virtualCatalogue": "VirtualCatalogueKey!",
            "virtualPosition": "VirtualPositionInput",
            "productQuantities": "[ProductQuantityInput!]!",
            "excludedLocationRefs": "[String!]",
            "orderByProximity": "GeoCoordinateInput",
            "first": "Int",
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
    "controlGroups": (
        "ControlGroupConnection",
        DATES | WORKFLOW | PAGE | NAMED | {"retailerRefs": "[[String]]"},
    ),
    "control": ("Control", {"ref": "String!", "controlGroup": "ControlGroupKey!"}),
    "controls": ("ControlConnection", CONTROLS),
    "setting": ("Setting", {"id": "ID"}),  # S23
    "settings": (  # S23
        "SettingConnection",
        PAGE
        | dict.fromkeys(("name", "valueType", "value"), "[String]")
        | {"context": "[String!]", "contextId": "[Int!]"},
    ),
    "location": ("Location", {"id": "ID", "ref": "String"}),
    "locationById": ("Location", {"id": "ID!"}),
    "locations": ("LocationConnection", LOCATIONS),
    "network": ("Network", {"id": "ID", "ref": "String"}),
    "networkById": ("Network", {"id": "ID!"}),
    "networks": ("NetworkConnection", NETWORKS),
    "retailerById": ("Retailer", {"id": "ID!"}),
    "retailers": ("RetailerConnection", RETAILERS),
    "productCatalogue": ("ProductCatalogue", {"ref": "String!"}),
    "productCatalogues": ("ProductCatalogueConnection", CATALOGUES),
    "variantProduct": ("VariantProduct", KEY_IN_PRODUCTS),
    "variantProducts": ("VariantProductConnection", PRODUCT_FILTERS),
    "standardProduct": ("StandardProduct", KEY_IN_PRODUCTS),
    "standardProducts": ("StandardProductConnection", PRODUCT_FILTERS),
    "category": ("Category", KEY_IN_PRODUCTS),
    "categories": ("CategoryConnection", CATEGORIES),
    "products": (  # NOW
        "ProductConnection",
        CATEGORIES | {"category": "CategoryKey"},
    ),
}

# the fields that take the arguments of a query
ARGUMENTS: dict[str, Fields] = {
    "VirtualCatalogue.virtualPositions": QUERIES["virtualPositions"][1],  # S23
    "InventoryCatalogue.inventoryPositions": POSITIONS,
    "InventoryPosition.quantities": QUANTITIES,
    # S23, all that follows
    "ControlGroup.controls": CONTROLS,
    "ProductCatalogue.categories": CATEGORIES,
    "Category.childCategories": CATEGORIES,
    "VariantProduct.categories": CATEGORIES,
    "StandardProduct.categories": CATEGORIES,
    "StandardProduct.variants": PRODUCT_FILTERS,
    "Location.networks": NETWORKS,
    "Location.storageAreas": DATES | PAGE | dict.fromkeys(("name", "status", "type"), "[String]"),
    "Network.retailers": RETAILERS,
    "Network.locations": LOCATIONS,
    "Retailer.networks": NETWORKS,
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
    "createSetting": "Setting",
    "updateSetting": "Setting",
    "createLocation": "Location",
    "updateLocation": "Location",
    "createNetwork": "Network",
    "updateNetwork": "Network",
}

# each takes a `filter` of this type, and a StatusInput; S23
BULK_MUTATIONS: dict[str, str] = {
    "updateInventoryPositionsStatusByLocation": "InventoryPositionsLocationFilterInput",
    "updateInventoryQuantitiesStatus": "InventoryQuantityFilterInput",
    "updateVirtualPositionsStatusByGroup": "VirtualPositionsGroupFilterInput",
}
