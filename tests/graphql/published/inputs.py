"""The published input objects. Marks as in `objects`."""

from .objects import HOURS, SEGMENTS, Fields

REF: Fields = {"ref": "String!"}
IN_INVENTORY = REF | {"catalogue": "InventoryCatalogueKey!"}
IN_VIRTUAL = REF | {"catalogue": "VirtualCatalogueKey!"}
NEW: Fields = {"type": "String!", "attributes": "[AttributeInput]"}
CHANGE: Fields = {"type": "String", "status": "String", "attributes": "[AttributeInput]"}
NAMED: Fields = {"name": "String!", "description": "String"}
RENAMED: Fields = {"name": "String", "description": "String"}
RETAILERS: Fields = {"retailerRefs": "[String]"}
POSITION: Fields = {"onHand": "Int", "quantities": "[InventoryQuantityKey]"}
QUANTITY: Fields = {
    "condition": "String",
    "expectedOn": "DateTime",
    "storageAreaRef": "String",
    "expiresOn": "DateTime",  # NOW
    "parent": "InventoryQuantityKey",  # NOW
    **SEGMENTS,  # NOW
}
VIRTUAL_CATALOGUE: Fields = {"networkIds": "[String]", "controlGroupRef": "String"}
GROUPED: Fields = {"productRef": "String", "groupRef": "String"}
VIRTUAL_SEGMENTS: Fields = {"segments": "[UpsertVirtualSegmentInput]"}  # NOW
CONTROL: Fields = {
    "values": "[AttributeInput]",
    "controlGroup": "ControlGroupKey!",
    "executionOrder": "Int",
}
ADDRESS_TEXT: Fields = dict.fromkeys(
    (
        "companyName",
        "name",
        "street",
        "city",
        "state",
        "postcode",
        "region",
        "country",
        "timeZone",
    ),
    "String",
)
CONTACT: Fields = {"supportPhoneNumber": "String", "defaultCarrier": "String"}

INPUTS: dict[str, Fields] = {
    "AttributeInput": {"name": "String!", "type": "String!", "value": "Json!"},
    "DateRange": {"from": "DateTime", "to": "DateTime"},
    "InventoryCatalogueKey": REF,
    "InventoryPositionKey": IN_INVENTORY,
    "InventoryQuantityKey": IN_INVENTORY,
    "VirtualCatalogueKey": REF,
    "VirtualPositionKey": IN_VIRTUAL,
    "ControlGroupKey": REF,
    "ProductCatalogueKey": REF,
    "ProductKey": REF | {"catalogue": "ProductCatalogueKey!"},
    "RetailerId": {"id": "ID!"},
    "NetworkId": {"id": "ID!"},
    "LocationId": {"id": "ID!"},
    "CreateInventoryCatalogueInput": REF | NEW | NAMED | RETAILERS,
    "UpdateInventoryCatalogueInput": REF | CHANGE | RENAMED | RETAILERS,
    "CreateInventoryPositionInput": IN_INVENTORY
    | NEW
    | POSITION
    | {"productRef": "String!", "locationRef": "String!"},
    "UpdateInventoryPositionInput": IN_INVENTORY
    | CHANGE
    | POSITION
    | {"productRef": "String", "locationRef": "String"},
    "CreateInventoryQuantityInput": IN_INVENTORY
    | NEW
    | QUANTITY
    | {"position": "InventoryPositionKey!", "quantity": "Int!"},
    "UpdateInventoryQuantityInput": IN_INVENTORY | CHANGE | QUANTITY | {"quantity": "Int"},
    "CreateVirtualCatalogueInput": REF
    | NEW
    | NAMED
    | RETAILERS
    | VIRTUAL_CATALOGUE
    | {"inventoryCatalogueRef": "String!", "productCatalogueRef": "String!"},
    "CreateVirtualPositionInput": IN_VIRTUAL
    | NEW
    | GROUPED
    | VIRTUAL_SEGMENTS
    | {"quantity": "Int!"},
    "UpdateVirtualPositionInput": IN_VIRTUAL
    | CHANGE
    | GROUPED
    | VIRTUAL_SEGMENTS
    | {"quantity": "Int"},
    "CreateControlGroupInput": REF | NEW | NAMED | RETAILERS,
    "CreateControlInput": REF | NEW | NAMED | CONTROL,
    "CreateLocationInput": REF
    | NEW
    | CONTACT
    | {
        "name": "String!",
        "primaryAddress": "CreateStoreAddressInput!",
        "retailer": "RetailerId!",
        "openingSchedule": "CreateOpeningScheduleInput!",
        "networks": "[NetworkId]",
        "storageAreas": "[CreateStorageAreaWithLocationInput]",
    },
    "UpdateLocationInput": CHANGE
    | CONTACT
    | {
        "id": "ID!",
        "name": "String",
        "primaryAddress": "UpdateStoreAddressInput",
        "retailer": "RetailerId",
        "openingSchedule": "UpdateOpeningScheduleInput",
        "networks": "[NetworkId]",
        "storageAreas": "[UpdateStorageAreaWithLocationInput]",
    },
    "CreateStoreAddressInput": REF | ADDRESS_TEXT | {"latitude": "Float!", "longitude": "Float!"},
    "CreateOpeningScheduleInput": {"allHours": "Boolean!"} | dict.fromkeys(HOURS, "Int!"),
    "CreateNetworkInput": {
        "name": "String!",
        "type": "String",
        "attributes": "[AttributeInput]",
        "retailers": "[RetailerId!]!",
        "locations": "[LocationId]",
    },
    # S23, all that follows
    "UpdateNetworkInput": CHANGE | {"id": "ID!", "name": "String", "locations": "[LocationId]"},
    "UpdateStoreAddressInput": ADDRESS_TEXT
    | {"id": "ID!", "latitude": "Float", "longitude": "Float", "directions": "String"},
    "UpdateOpeningScheduleInput": {"id": "ID!", "allHours": "Boolean"}
    | dict.fromkeys(HOURS, "Int"),
    "CreateStorageAreaWithLocationInput": REF
    | {"type": "String", "attributes": "[AttributeInput]"},
    "UpdateStorageAreaWithLocationInput": CHANGE | {"id": "ID!"},
    "CategoryKey": REF | {"catalogue": "ProductCatalogueKey!"},
    "UpdateVirtualCatalogueInput": REF
    | CHANGE
    | RENAMED
    | RETAILERS
    | VIRTUAL_CATALOGUE
    | {"inventoryCatalogueRef": "String", "productCatalogueRef": "String"},
    "UpdateControlGroupInput": REF | CHANGE | RENAMED | RETAILERS,
    "CreateSettingInput": {
        "name": "String!",
        "valueType": "String!",
        "value": "String",
        "lobValue": "Json",
        "context": "String!",
        "contextId": "Int!",
    },
    "UpdateSettingInput": {  # Settings creation and editing mutations, 1 July 2024
        "id": "ID!",
        "name": "String",
        "valueType": "String",
        "value": "String",
        "lobValue": "Json",
        "context": "String",
        "contextId": "Int",
    },
    "StatusInput": {"status": "String!"},
    "InventoryPositionsLocationFilterInput": {
        "catalogue": "InventoryCatalogueKey!",
        "locationRef": "String!",
    },
    "InventoryQuantityFilterInput": {
        "position": "InventoryPositionKey!",
        "type": "[String!]",
        "status": "[String!]",
        "expectedOn": "DateRange",
    },
    "VirtualPositionsGroupFilterInput": {
        "catalogue": "VirtualCatalogueKey!",
        "groupRef": "String!",
    },
    "ProductQuantityInput": {"productRef": "String!", "quantity": "Int!"},
    "VirtualPositionInput": {"status": "String"},
    "GeoCoordinateInput": {"latitude": "Float!", "longitude": "Float!"},
}
