"""What guides of the vendor's client show and no copy of the real schema knows.

Samples of the vendor's client, 0.1.56: arguments, fields, types and operations that its documents
use. Each is refused by the name that is not known, as the real schema does.
"""

UNKNOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    "virtual positions by SKU": (
        '{ virtualPositions(skuRefs: ["D45"]) { edges { cursor } } }',
        ("Unknown argument 'skuRefs'",),
    ),
    "virtual positions by location and retailer": (
        '{ virtualPositions(locationRef: "MEL", retailerId: "1") { edges { cursor } } }',
        ("Unknown argument 'locationRef'", "Unknown argument 'retailerId'"),
    ),
    "virtual positions updated after a moment": (
        '{ virtualPositions(updatedAfter: "2026-01-01T00:00:00Z") { edges { cursor } } }',
        ("Unknown argument 'updatedAfter'",),
    ),
    "fields that virtual positions do not have": (
        "{ virtualPositions { edges { node { locationRef virtualCatalogueRef onHand qty } } } }",
        ("'locationRef'", "'virtualCatalogueRef'", "'onHand'", "'qty'"),
    ),
    "products by retailer": (
        'query ($id: ID!) { products(retailerId: $id, ref: "D45") { edges { cursor } } }',
        ("Unknown argument 'retailerId'",),
    ),
    "products by the refs of catalogues": (
        "query ($c: [ProductCatalogueKey]) { products(catalogueRef: $c) { edges { cursor } } }",
        ("Unknown argument 'catalogueRef'",),
    ),
    "a type that there is not": (
        "query ($c: [CatalogueKey]) { products(catalogues: $c) { edges { cursor } } }",
        ("Unknown type 'CatalogueKey'", "Unknown argument 'catalogues'"),
    ),
    "products by a filter": (
        '{ products(filter: {ref: {in: ["D45"]}}) { edges { cursor } } }',
        ("Unknown argument 'filter'",),
    ),
    "fields that products do not have": (
        "{ products { edges { node { inventoryPositions { edges { node { qty } } } } } } }",
        ("'inventoryPositions'", "'Product'"),
    ),
    "one product of any kind": ('{ product(ref: "D45") { id } }', ("'product'", "'Query'")),
    "one retailer by a number": (
        "query ($id: Int!) { retailer(id: $id) { id } }",
        ("'retailer'", "'Query'"),
    ),
    "the name of a retailer": (
        "{ retailers { edges { node { id ref name } } } }",
        ("'name'", "'Retailer'"),
    ),
    "a control without its group": (
        '{ control(ref: "C") { ref } }',
        ("controlGroup:)", "is required"),
    ),
    "the results of a job": (
        '{ job(id: "1") { totalBatches batches(first: 1) { edges { node { id status } } } } }',
        ("'job'", "'Query'"),
    ),
    "a retailer's id of positions": (
        "query ($retailerId: ID!, $first: Int!) "
        "{ inventoryPositions(retailerId: $retailerId, first: $first) { edges { node { qty } } } }",
        ("Unknown argument 'retailerId'", "'qty'"),
    ),
    "the ref of a storage area": (
        "{ locations { edges { node { storageAreas { edges { node { ref } } } } } } }",
        ("'ref'", "'StorageArea'"),
    ),
    "an address as if it were a type": (
        "{ locations { edges { node { primaryAddress { street directions } } } } }",
        ("'directions'", "'Address'", "'StoreAddress'"),
    ),
}
