"""Queries that pages of the vendor's show, with what they find of a small stock.

Fields, arguments and the types of variables are the published ones; names and layout are ours.
"""

from typing import Any, NamedTuple


class Sample(NamedTuple):
    """A document, its variables, where it is shown, and how many rows each of its fields finds."""

    source: str
    query: str
    variables: dict[str, Any]
    rows: dict[str, int]


_INVENTORY = "GraphQL inventory queries, 1 July 2024"
_PRODUCTS = "GraphQL product queries, 4 June 2025"
_COPY = "a public copy of the schema, 2023"
_SDK = "samples of the vendor's client, 0.1.56"

_SCHEDULE = "allHours " + " ".join(
    f"{day}{end}"
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for end in ("End", "Start")
)

SAMPLES: dict[str, Sample] = {
    "positions by details": Sample(
        _INVENTORY,
        """query ($catalogue: String!, $products: [String!], $locations: [String!]) {
          inventoryPositions(
            catalogue: {ref: $catalogue}, productRef: $products, locationRef: $locations
          ) { edges { node { ref productRef locationRef onHand updatedOn
            quantities { edges { node {
              ref quantity type status updatedOn createdOn } } } } } } }""",
        {"catalogue": "DEFAULT:1", "products": ["D45", "D46"], "locations": ["MEL"]},
        {"inventoryPositions": 2},
    ),
    "a position by its ref": Sample(
        _INVENTORY,
        """query ($catalogue: String!, $position: String!) {
          inventoryPosition(catalogue: {ref: $catalogue}, ref: $position) {
            ref productRef locationRef quantities { edges { node { quantity type } } } } }""",
        {"catalogue": "DEFAULT:1", "position": "D45:MEL:DEFAULT"},
        {},
    ),
    "pages of positions with quantities of some types": Sample(
        _INVENTORY,
        """query ($catalogue: String!, $types: [String!], $count: Int, $cursor: String) {
          inventoryPositions(catalogue: {ref: $catalogue}, first: $count, after: $cursor) {
            edges { cursor node { ref onHand
              quantities(type: $types) { edges { node { ref quantity type } } } } }
            pageInfo { hasNextPage } } }""",
        {
            "catalogue": "DEFAULT:1",
            "types": ["LAST_ON_HAND", "RESERVED", "CORRECTION"],
            "count": 1000,
        },
        {"inventoryPositions": 3},
    ),
    "quantities of a type that were updated in a span": Sample(
        _INVENTORY,
        """query ($catalogue: String!, $type: [String!], $from: DateTime, $to: DateTime) {
          inventoryQuantities(
            catalogue: {ref: $catalogue}, type: $type, updatedOn: {from: $from, to: $to}
          ) { edges { node { ref quantity updatedOn position { ref onHand } } } } }""",
        {"catalogue": "DEFAULT:1", "type": "LAST_ON_HAND", "from": "2020-01-01T00:00:00.000Z"},
        {"inventoryQuantities": 3},
    ),
    "stock, locations, products and both kinds of virtual positions at once": Sample(
        "GraphQL all-in-one inventory queries, 1 July 2024",
        """query ($stock: String!, $goods: String!, $base: String!, $aggregate: String!,
            $products: [String!], $locations: [String!]) {
          inventoryPositions(
            catalogue: {ref: $stock}, productRef: $products, locationRef: $locations
          ) { edges { node { ref status productRef locationRef onHand } } }
          locations(ref: $locations) { edges { node { ref status } } }
          variantProducts(catalogue: {ref: $goods} ref: $products) {
            edges { node { ref status name } } }
          base: virtualPositions(
            catalogue: {ref: $base} productRef: $products, type: "BASE", groupRef: $locations
          ) { edges { node { ref status quantity type } } }
          ats: virtualPositions(
            catalogue: {ref: $aggregate} productRef: $products, type: "AGGREGATE"
          ) { edges { node { ref status quantity type } } } }""",
        {
            "stock": "DEFAULT:1",
            "goods": "COMPATIBILITY:1",
            "base": "BASE:HD",
            "aggregate": "AGG:HD",
            "products": ["D45"],
            "locations": ["MEL", "SYD"],
        },
        {
            "inventoryPositions": 2,
            "locations": 2,
            "variantProducts": 1,
            "base": 2,
            "ats": 1,
        },
    ),
    "what is available in all, since the last run": Sample(
        "Aggregate inventory sync, 31 Jan 2024, and commercetools connector, 13 Dec 2023",
        """query ($after: String, $first: Int, $catalogue: VirtualCatalogueKey, $from: DateTime,
            $to: DateTime) {
          virtualPositions(after: $after, first: $first, catalogue: $catalogue,
              updatedOn: {from: $from, to: $to}) {
            edges { cursor node { ref productRef quantity groupRef updatedOn } }
            pageInfo { hasNextPage } } }""",
        {
            "first": 100,
            "catalogue": {"ref": "AGG:HD"},
            "from": "2022-10-19T04:12:08.491444877",
            "to": "2099-10-20T04:12:08.812570167",
        },
        {"virtualPositions": 2},
    ),
    "locations, by aliases, since the last run": Sample(
        "commercetools connector: location sync, 31 Jan 2024",
        f"""query ($after: String, $first: Int, $from: DateTime, $to: DateTime) {{
          locations(after: $after, first: $first, updatedOn: {{from: $from, to: $to}}) {{
            rows: edges {{ row: node {{
              ref name supportPhoneNumber createdOn updatedOn type status
              openingSchedule {{ {_SCHEDULE} }} attributes {{ name type value }}
              primaryAddress {{
                street city state postcode country region latitude longitude timeZone }}
              networks(first: 100) {{ edges {{ node {{ ref }} }} }} }} cursor }}
            pageInfo {{ hasNextPage }} }} }}""",
        {"first": 500, "from": "2022-10-19T04:12:45.104341414", "to": "2099-10-20T04:12:44Z"},
        {},
    ),
    "users whose ref has a word in it": Sample(
        "Switch store locations, 5 Sept 2025",
        """{ users(first: 10, ref: "%SIM%") { edges { node {
          id ref status type username primaryRetailer { ref } primaryLocation { ref }
          roles { contexts { contextId contextType } role { id name } } } } } }""",
        {},
        {"users": 1},
    ),
    "products by a part of their name": Sample(
        "GraphQL enhancements, 27 May 2025",
        """{ products(name: ["%d4%"]) { edges { node {
          name summary prices { currency value } } } } }""",
        {},
        {"products": 2},
    ),
    "a variant product by its ref": Sample(
        _PRODUCTS,
        """query ($catalogue: ProductCatalogueKey!, $ref: String!) {
          variantProduct(catalogue: $catalogue, ref: $ref) {
            ref name type status gtin summary attributes { name value } prices { type value }
            product { ref name } catalogue { ref }
            categories { edges { node { ref name } } } } }""",
        {"catalogue": {"ref": "COMPATIBILITY:1"}, "ref": "D45"},
        {},
    ),
    "variant products by refs and statuses": Sample(
        _PRODUCTS,
        """query ($catalogue: ProductCatalogueKey, $refs: [String!], $statuses: [String]) {
          variantProducts(catalogue: $catalogue, ref: $refs, status: $statuses) {
            edges { node { ref name status } } } }""",
        {
            "catalogue": {"ref": "COMPATIBILITY:1"},
            "refs": ["D45", "D46"],
            "statuses": ["ACTIVE", "CREATED"],
        },
        {"variantProducts": 2},
    ),
    "products by name and ref": Sample(
        _PRODUCTS,
        """query ($name: [String!], $ref: [String!]) { products(name: $name, ref: $ref) {
          edges { node {
            ... on VariantProduct { ref gtin } ... on StandardProduct { ref } } } } }""",
        {"name": ["D45"], "ref": ["%45"]},
        {"products": 1},
    ),
    "ids of addresses and schedules, storage areas by name": Sample(
        f"{_COPY}; GraphQL schema docs: Location",
        """{ locations(ref: "MEL") { edges { node { id
          primaryAddress { id type createdOn updatedOn ... on StoreAddress { directions location {
            ref } } }
          openingSchedule { id createdOn updatedOn allHours }
          storageAreas(name: ["BACK"], status: ["CREATED"]) {
            edges { node { id name status type location { ref } } } } } } } }""",
        {},
        {"locations": 1},
    ),
    "apps of a user": Sample(
        _COPY,
        """{ me { id apps { id name type version { major minor patch } }
          language { value label } } }""",
        {},
        {},
    ),
    "locations that have a cart": Sample(
        _COPY,
        """query ($catalogue: VirtualCatalogueKey!, $position: VirtualPositionInput,
            $products: [ProductQuantityInput!]!, $near: GeoCoordinateInput, $without: [String!]) {
          searchVirtualInventory(virtualCatalogue: $catalogue, virtualPosition: $position,
              productQuantities: $products, orderByProximity: $near,
              excludedLocationRefs: $without, first: 5) {
            edges { node { location { id ref } virtualPositions { ref quantity } } } } }""",
        {
            "catalogue": {"ref": "BASE:HD"},
            "position": {"status": "ACTIVE"},
            "products": [{"productRef": "D45", "quantity": 4}],
            "near": {"latitude": -33.868820, "longitude": 151.209296},
            "without": [],
        },
        {"searchVirtualInventory": 2},
    ),
    "virtual positions with their locations": Sample(
        _SDK,
        """query ($group: [String], $products: [String!], $type: [String!], $since: DateRange) {
          virtualPositions(groupRef: $group, productRef: $products, type: $type, first: 200,
              updatedOn: $since, catalogue: {ref: "BASE:HD"}) {
            edges { cursor node {
              id ref quantity productRef groupRef status type createdOn updatedOn
              locationLink { ref name status } catalogue { ref name } } }
            pageInfo { hasNextPage } } }""",
        {
            "group": ["MEL"],
            "products": ["D45", "D46"],
            "type": ["BASE"],
            "since": {"from": "2020-01-01T00:00:00Z"},
        },
        {"virtualPositions": 2},
    ),
    "locations of a status": Sample(
        _SDK,
        """query ($first: Int, $after: String) {
          locations(first: $first, after: $after, status: "CREATED") {
            edges { cursor node { id ref name type status defaultCarrier createdOn updatedOn } }
            pageInfo { hasNextPage } } }""",
        {"first": 10},
        {"locations": 2},
    ),
    "controls of a group, page by page": Sample(
        _SDK,
        """query ($ref: String!, $first: Int, $after: String) { controlGroup(ref: $ref) { id ref
          controls(first: $first, after: $after) { edges { cursor node { ref } } } } }""",
        {"ref": "CG", "first": 10},
        {},
    ),
    "retailers and their networks": Sample(
        f"{_COPY}; {_SDK}",
        """{ retailers(first: 10, websiteUrlName: [null]) { edges { node { id ref tradingName
          ... on Node { createdOn } networks { edges { node { ref locations(first: 10) {
          edges { node { ref } } } } } } } } } }""",
        {},
        {"retailers": 1},
    ),
}
