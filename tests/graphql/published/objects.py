"""The published types and the types of their fields.

S22 is an introspection dump of an account (15 June 2022), S23 the newer generated types of the same
schema, NOW the vendor's current GraphQL pages. What has no mark is in S22 and unchanged in S23.
A field of which only the name is readable counts as a nullable String.
"""

Fields = dict[str, str]

NODE: Fields = {"id": "ID!", "createdOn": "DateTime", "updatedOn": "DateTime"}
REFERENCEABLE: Fields = {"ref": "String!"}
ORCHESTRATEABLE: Fields = {
    "type": "String!",
    "status": "String",
    "workflowRef": "String!",
    "workflowVersion": "Int!",
}
EXTENDABLE: Fields = {"attributes": "[Attribute]"}
FOUR = NODE | REFERENCEABLE | ORCHESTRATEABLE | EXTENDABLE
PRODUCT: Fields = {
    "name": "String!",
    "summary": "String",
    "prices": "[Price]",
    "tax": "TaxType",
}

ADDRESS: Fields = NODE | {  # S23
    "ref": "String",
    "type": "String",
    "latitude": "Float",
    "longitude": "Float",
    "companyName": "String",
    "name": "String",
    "street": "String",
    "city": "String",
    "state": "String",
    "postcode": "String",
    "region": "String",
    "country": "String",
    "timeZone": "String",
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = tuple(f"{day}{end}" for day in DAYS for end in ("Start", "End"))

SCALARS = ("DateTime", "Json")
ENUMS = ("AppType",)
"""S23: CUSTOM, REFERENCE."""

INTERFACES: dict[str, Fields] = {
    "Node": NODE,
    "Referenceable": REFERENCEABLE,
    "Orchestrateable": ORCHESTRATEABLE,
    "Extendable": EXTENDABLE,
    "Product": PRODUCT,
    "Address": ADDRESS,
}

OF_THE_FOUR = "Extendable & Node & Orchestrateable & Referenceable"
IMPLEMENTS: dict[str, str] = {
    "InventoryCatalogue": OF_THE_FOUR,
    "InventoryPosition": OF_THE_FOUR,
    "InventoryQuantity": OF_THE_FOUR,
    "VirtualCatalogue": OF_THE_FOUR,
    "VirtualPosition": OF_THE_FOUR,
    "ControlGroup": OF_THE_FOUR,
    "Control": OF_THE_FOUR,
    "ProductCatalogue": OF_THE_FOUR,
    "VariantProduct": "Extendable & Node & Orchestrateable & Product & Referenceable",
    "StandardProduct": "Extendable & Node & Orchestrateable & Product & Referenceable",
    "Location": "Node",
    "Network": "Node",
    "Retailer": "Node & Referenceable",
    "User": "Node",
    "StoreAddress": "Address",
    "Category": OF_THE_FOUR,
}

# every XConnection has edges and pageInfo, every XEdge node and cursor
CONNECTIONS = (
    "InventoryCatalogue",
    "InventoryPosition",
    "InventoryQuantity",
    "VirtualCatalogue",
    "VirtualPosition",
    "ControlGroup",
    "Control",
    "Location",
    "Network",
    "Retailer",
    "StorageArea",
    "User",
    "Setting",
    "VirtualInventory",
    "ProductCatalogue",
    "VariantProduct",
    "StandardProduct",
    "Product",
    "Category",
)

# Stock Segmentation, Data Model and API Overview, 27 Mar 2026
SEGMENTS: Fields = dict.fromkeys(
    (
        "associationType",
        "associationRef",
        "countryOfOrigin",
        "channel",
        "supplier",
        "manufacturer",
        "manufacturerBatchNumber",
        "segment1",
        "segment2",
        "segment3",
    ),
    "String",
)

OBJECTS: dict[str, Fields] = {
    "Attribute": {"name": "String!", "type": "String!", "value": "Json!"},
    "PageInfo": {"hasPreviousPage": "Boolean", "hasNextPage": "Boolean"},
    "InventoryCatalogue": FOUR
    | {
        "name": "String!",
        "description": "String",
        "retailerRefs": "[String]",
        "inventoryPositions": "InventoryPositionConnection",
    },
    "InventoryPosition": FOUR
    | {
        "productRef": "String!",
        "onHand": "Int",
        "locationRef": "String",
        "catalogue": "InventoryCatalogue",
        "quantities": "InventoryQuantityConnection",
        "product": "Product",  # NOW
    },
    "InventoryQuantity": FOUR
    | {
        "quantity": "Int",
        "condition": "String",
        "expectedOn": "DateTime",
        "storageAreaRef": "String",
        "catalogue": "InventoryCatalogue",
        "position": "InventoryPosition",
    }
    | SEGMENTS  # NOW
    | {"expiresOn": "DateTime", "parent": "InventoryQuantity"},  # NOW
    "VirtualCatalogue": FOUR
    | {
        "name": "String!",
        "description": "String",
        "inventoryCatalogueRef": "String",
        "productCatalogueRef": "String",
        "networkIds": "[String]",
        "controlGroupRef": "String",
        "retailerRefs": "[String]",
        "virtualPositions": "VirtualPositionConnection",
    },
    "VirtualPosition": FOUR
    | {
        "productRef": "String",
        "quantity": "Int",
        "groupRef": "String",
        "catalogue": "VirtualCatalogue",
        "product": "Product",  # NOW
        "locationLink": "Location",  # NOW
    },
    "ControlGroup": FOUR
    | {
        "name": "String",
        "description": "String",
        "retailerRefs": "[String]",
        "controls": "ControlConnection",
    },
    "Control": FOUR
    | {
        "name": "String",
        "description": "String",
        "values": "[Attribute]",
        "executionOrder": "Int",
        "controlGroup": "ControlGroup",
    },
    "ProductCatalogue": FOUR
    | {
        "name": "String!",
        "description": "String",
        "retailerRefs": "[String]",
        "categories": "CategoryConnection",
    },
    "VariantProduct": FOUR
    | PRODUCT
    | {
        "gtin": "String!",
        "product": "StandardProduct!",
        "categories": "CategoryConnection",
        "catalogue": "ProductCatalogue!",
    },
    "StandardProduct": FOUR
    | PRODUCT
    | {
        "gtin": "String!",
        "variants": "VariantProductConnection",
        "categories": "CategoryConnection",
        "catalogue": "ProductCatalogue!",
    },
    "Price": {"type": "String!", "currency": "String!", "value": "Float!"},
    "TaxType": {"country": "String!", "group": "String!", "tariff": "String"},
    "Location": NODE
    | {
        "ref": "String",
        "type": "String",
        "status": "String",
        "attributes": "[Attribute]",
        "name": "String",
        "supportPhoneNumber": "String",
        "defaultCarrier": "String",
        "defaultCarrierName": "String",
        "primaryAddress": "Address",
        "retailer": "Retailer",
        "networks": "NetworkConnection",
        "storageAreas": "StorageAreaConnection",
        "openingSchedule": "OpeningSchedule",
        "workflowRef": "String",
        "workflowVersion": "Int",
    },
    "Network": NODE
    | {
        "ref": "String",
        "type": "String",
        "status": "String",
        "attributes": "[Attribute]",
        "retailers": "RetailerConnection",
        "locations": "LocationConnection",
    },
    "Retailer": NODE
    | {
        "status": "String",
        "ref": "String!",
        "summary": "String",
        "websiteUrl": "String",
        "websiteUrlName": "String",  # the vendor's SDK 0.1.56 selects it on `me`
        "tradingName": "String",
        "primaryEmail": "String",
        "supportContactName": "String",
        "supportEmail": "String",
        "supportPhone": "String",
        "networks": "NetworkConnection",
    },
    "User": NODE
    | {
        "ref": "String!",
        "username": "String!",
        "title": "String",
        "firstName": "String",
        "lastName": "String",
        "primaryEmail": "String",
        "primaryPhone": "String",
        "type": "String!",
        "status": "String",
        "department": "String",
        "country": "String",
        "timezone": "String",
        "language": "SettingValueType",
        "promotionOptIn": "Boolean",
        "primaryRetailer": "Retailer",
        "primaryLocation": "Location",
        "roles": "[UserRole]",
        "apps": "[App]",
        "attributes": "[Attribute]",
    },
    "UserRole": {"role": "Role!", "contexts": "[RoleContext]!"},
    # S23, all that follows
    "Role": {"id": "ID!", "name": "String!", "permissions": "[Permission]"},
    "Permission": {"name": "String!"},
    "RoleContext": {"contextType": "String!", "contextId": "ID!"},
    "App": NODE | {"name": "String!", "type": "AppType!", "version": "AppVersion!"},
    "AppVersion": {"major": "Int!", "minor": "Int!", "patch": "Int!"},
    "StoreAddress": ADDRESS | {"directions": "String", "location": "Location"},
    "OpeningSchedule": NODE | {"allHours": "Boolean!"} | dict.fromkeys(HOURS, "Int!"),
    "StorageArea": NODE
    | {"name": "String", "type": "String", "status": "String", "location": "Location"},
    "Category": FOUR
    | {
        "name": "String!",
        "summary": "String",
        "catalogue": "ProductCatalogue!",
        "parentCategory": "Category",
        "childCategories": "CategoryConnection",
    },
    "InventoryPositionAggregateOutput": {"count": "Int", "sum": "Int"},
    "InventoryQuantityAggregateOutput": {"count": "Int", "sum": "Int"},
    "Setting": {
        "id": "ID!",
        "name": "String",
        "valueType": "String",
        "value": "String",
        "lobValue": "Json",
        "context": "String!",
        "contextId": "Int!",
    },
    "UpdateStatusOutput": {"count": "Int"},
    "VirtualInventory": {"location": "Location", "virtualPositions": "[VirtualPosition]"},
}
