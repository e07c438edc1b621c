"""Queries that the vendor's client sends or its pages show, and what the real schema makes of them.

`runs`: without errors. `runs_with`: only under a behaviour switch. `rejected`: unknown to the
schema, with the words that its message must have; guides of the vendor's client show those too.
"""

from typing import Any, NamedTuple


class Published(NamedTuple):
    """A document, its variables, and what must become of it."""

    query: str
    variables: dict[str, Any] | None = None
    switch: tuple[str, str] | None = None
    rejected: tuple[str, ...] = ()


_RETAILER = (
    "id createdOn updatedOn status ref summary websiteUrl websiteUrlName primaryEmail "
    "supportContactName supportEmail supportPhone tradingName"
)

ME = f"""query Me {{ me {{
  id ref username title firstName lastName primaryEmail primaryPhone type status department country
  timezone promotionOptIn createdOn updatedOn
  roles {{ role {{ id name permissions {{ name }} }} contexts {{ contextType contextId }} }}
  primaryRetailer {{ {_RETAILER} }}
  language {{ value label }}
  primaryLocation {{ id ref createdOn updatedOn type status name supportPhoneNumber defaultCarrier
    defaultCarrierName workflowRef workflowVersion retailer {{ {_RETAILER} }} }}
}} }}"""

_TYPE_REF = "kind name " + "ofType { kind name " * 7 + "} " * 7

INTROSPECTION = f"""query IntrospectionQuery {{
  __schema {{
    queryType {{ name }} mutationType {{ name }} subscriptionType {{ name }}
    types {{ ...FullType }}
    directives {{ name description locations args {{ ...InputValue }} }}
  }}
}}
fragment FullType on __Type {{
  kind name description
  fields(includeDeprecated: true) {{
    name description args {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason
  }}
  inputFields {{ ...InputValue }} interfaces {{ ...TypeRef }}
  enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
  possibleTypes {{ ...TypeRef }}
}}
fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue }}
fragment TypeRef on __Type {{ {_TYPE_REF} }}"""

_TEMPLATE = """query GetInventoryPositions(
  %s $updatedOn: DateRange, $productRef: [String!], $type: [String!], $first: Int!, $after: String
) {
  inventoryPositions(
    %s updatedOn: $updatedOn, productRef: $productRef, type: $type, first: $first, after: $after
  ) {
    edges { node {
      id ref productRef locationRef onHand type status catalogue { ref name } createdOn updatedOn
    } cursor }
    pageInfo { hasNextPage }
  }
}"""

_TEMPLATE_VARIABLES = {
    "updatedOn": {"from": "2020-01-01T00:00:00.000Z", "to": "2099-01-01T00:00:00.000Z"},
    "productRef": ["D45"],
    "type": "DEFAULT",
    "first": 200,
}

_CATALOGUES = ("graphql.catalogues_argument", "accept")
_CURSORS = ("graphql.page_info_cursors", "served")


def _positions(fields: str, arguments: str = "first: 10") -> str:
    return f"{{ inventoryPositions({arguments}) {{ edges {{ cursor node {{ {fields} }} }} }} }}"


def _quantities(fields: str, arguments: str = "first: 10") -> str:
    return f"{{ inventoryQuantities({arguments}) {{ edges {{ cursor node {{ {fields} }} }} }} }}"


def _input(name: str, input_type: str, fields: str = "id ref") -> str:
    """A mutation as the client generates it."""
    return (
        f"mutation {name}Mutation($input: {input_type}!) {{ {name}(input: $input) {{ {fields} }} }}"
    )


_KEY = {"ref": "DEFAULT:1"}
_POSITION = {"ref": "D45:LOC_MEL:DEFAULT", "catalogue": _KEY}
_IN_CATALOGUE = 'catalogue: {ref: "DEFAULT:1"}'

QUERIES: dict[str, Published] = {
    "validate the connection": Published("query { me { ref } }"),
    "test the connection": Published(ME),
    "introspection of the client": Published(INTROSPECTION),
    "fields of an input": Published(
        '{ __type(name: "CreateInventoryPositionInput") { name kind inputFields { name type '
        "{ name kind ofType { name kind ofType { name kind } } } } } }"
    ),
    "positions, the template as it is": Published(
        _TEMPLATE % ("$catalogues: [InventoryCatalogueKey],", "catalogues: $catalogues,"),
        {**_TEMPLATE_VARIABLES, "catalogues": [_KEY]},
        switch=_CATALOGUES,
        rejected=("Unknown argument 'catalogues'", "inventoryPositions"),
    ),
    "positions, the template with the real argument": Published(
        _TEMPLATE % ("$catalogue: InventoryCatalogueKey,", "catalogue: $catalogue,"),
        {**_TEMPLATE_VARIABLES, "catalogue": _KEY},
    ),
    "positions of products at locations": Published(
        _positions(
            "ref onHand quantities "
            "{ edges { node { ref quantity type status updatedOn createdOn } } }",
            f'{_IN_CATALOGUE}, productRef: ["D45", "D46"], locationRef: ["LOC_MEL"]',
        )
    ),
    "position by ref": Published(
        f'{{ inventoryPosition(ref: "D45:LOC_MEL:DEFAULT", {_IN_CATALOGUE}) {{ id ref status }} }}'
    ),
    "pages of positions with some quantities": Published(
        """query ($first: Int, $after: String) { inventoryPositions(first: $first, after: $after) {
          edges { cursor node { ref onHand
            quantities(type: ["LAST_ON_HAND", "RESERVED", "CORRECTION"])
              { edges { node { ref quantity } } } } }
          pageInfo { hasNextPage } } }""",
        {"first": 100},
    ),
    "quantities of one type since a day": Published(
        _quantities(
            "id ref quantity status type expectedOn condition storageAreaRef createdOn updatedOn "
            "attributes { name value } catalogue { ref name }",
            'type: "LAST_ON_HAND", updatedOn: {from: "2020-01-01T00:00:00Z"}, first: 100',
        )
    ),
    "one text where a list is expected": Published(
        _positions("ref", 'type: "DEFAULT", status: "ACTIVE", productRef: "D45"')
    ),
    "positions backwards": Published(
        """query ($last: Int, $before: String) { inventoryPositions(last: $last, before: $before) {
          edges { cursor node { ref } } pageInfo { hasPreviousPage } } }""",
        {"last": 5},
    ),
    "aggregates": Published(
        f'{{ inventoryPositionAggregate({_IN_CATALOGUE}, productRef: "D45") {{ count sum }} '
        'inventoryQuantityAggregate(position: {ref: "D45:LOC_MEL:DEFAULT", '
        f"{_IN_CATALOGUE}}}) {{ count sum }} }}"
    ),
    "endCursor": Published(
        "{ inventoryPositions { edges { cursor } pageInfo { hasNextPage endCursor } } }",
        switch=_CURSORS,
        rejected=("'endCursor'", "PageInfo"),
    ),
    "startCursor": Published(
        "{ inventoryQuantities { edges { cursor } pageInfo { hasPreviousPage startCursor } } }",
        switch=_CURSORS,
        rejected=("'startCursor'", "PageInfo"),
    ),
    "create a position": Published(
        _input("createInventoryPosition", "CreateInventoryPositionInput", "id ref onHand status"),
        {
            "input": {
                "ref": "N1:L:DEFAULT",
                "catalogue": _KEY,
                "type": "DEFAULT",
                "productRef": "N1",
                "locationRef": "L",
            }
        },
    ),
    "create a quantity": Published(
        _input("createInventoryQuantity", "CreateInventoryQuantityInput", "id ref status quantity"),
        {
            "input": {
                "ref": "Q1",
                "catalogue": _KEY,
                "position": _POSITION,
                "type": "EXPECTED",
                "quantity": 3,
            }
        },
    ),
    "update a quantity": Published(
        _input("updateInventoryQuantity", "UpdateInventoryQuantityInput", "id ref status quantity"),
        {
            "input": {
                "ref": "D45:LOC_MEL:DEFAULT:LAST_ON_HAND",
                "catalogue": _KEY,
                "status": "ACTIVE",
            }
        },
    ),
    "several mutations by alias": Published(
        """mutation (
          $input1: UpdateInventoryPositionInput!, $input2: UpdateInventoryPositionInput!
        ) {
          updateInventoryPosition1: updateInventoryPosition(input: $input1) { id ref }
          updateInventoryPosition2: updateInventoryPosition(input: $input2) { id ref } }""",
        {"input1": {**_POSITION, "status": "ACTIVE"}, "input2": {**_POSITION, "type": "DEFAULT"}},
    ),
    "a retailer's id": Published(
        "query ($id: ID!) { inventoryPositions(retailerId: $id, first: 1) { edges { cursor } } }",
        {"id": "1"},
        rejected=("Unknown argument 'retailerId'",),
    ),
    "a filter of JSON": Published(
        _positions("ref", 'filter: {status: "ACTIVE"}'), rejected=("Unknown argument 'filter'",)
    ),
    "a text for a list, through a variable": Published(
        "query ($l: String!) { inventoryPositions(locationRef: $l) { edges { cursor } } }",
        {"l": "LOC_MEL"},
        rejected=("'$l'", "'String!'", "'[String]'"),
    ),
    "qty": Published(_positions("ref qty"), rejected=("'qty'", "InventoryPosition")),
    "availableQty": Published(_positions("availableQty"), rejected=("'availableQty'",)),
    "reservedQty": Published(_positions("reservedQty"), rejected=("'reservedQty'",)),
    "location of a position": Published(
        _positions("location { ref name }"), rejected=("'location'", "InventoryPosition")
    ),
    "ref of a position's product": Published(
        _positions("product { ref gtin }"), rejected=("'ref'", "'Product'")
    ),
    "position by id": Published(
        '{ inventoryPosition(id: "1") { id } }', rejected=("Unknown argument 'id'",)
    ),
    "position without its catalogue": Published(
        '{ inventoryPosition(ref: "R") { id qty } }', rejected=("catalogue:)", "is required")
    ),
    "quantities by SKU": Published(
        _quantities("quantity", 'skuRef: "D45"'), rejected=("Unknown argument 'skuRef'",)
    ),
    "quantities by location": Published(
        _quantities("quantity", 'locationRef: "LOC_MEL"'),
        rejected=("Unknown argument 'locationRef'",),
    ),
    "quantities expected before": Published(
        _quantities("quantity", 'expectedOnBefore: "2026-01-01"'),
        rejected=("Unknown argument 'expectedOnBefore'",),
    ),
    "updated after": Published(
        _quantities("quantity", 'updatedOn: {after: "2026-01-01"}'),
        rejected=("'after'", "DateRange"),
    ),
    "updated after, through a variable": Published(
        "query ($d: DateRange) { inventoryQuantities(updatedOn: $d) { edges { cursor } } }",
        {"d": {"after": "2026-01-01"}},
        rejected=("'$d'", "'after'"),
    ),
    "qty, articleRef and skuRef of a quantity": Published(
        _quantities("qty articleRef skuRef"), rejected=("'qty'", "'articleRef'", "'skuRef'")
    ),
    "on hand of a quantity": Published(
        _quantities("onHand available reserved"), rejected=("'onHand'", "'available'", "'reserved'")
    ),
    "inventories": Published(
        "{ inventories(first: 1) { edges { node { id } } } }", rejected=("'inventories'", "'Query'")
    ),
    "job": Published('{ job(id: "1") { id status } }', rejected=("'job'", "'Query'")),
    "locations by a filter": Published(
        '{ locations(filter: {ref: {in: ["A"]}}) { edges { cursor } } }',
        rejected=("Unknown argument 'filter'",),
    ),
    "update a quantity by id": Published(
        'mutation { updateInventoryQuantity(id: "1", status: "INACTIVE") { id } }',
        rejected=("Unknown argument 'id'", "Unknown argument 'status'"),
    ),
    **{
        name: Published(f"mutation {{ {name} {{ id }} }}", rejected=(f"'{name}'", "'Mutation'"))
        for name in (
            "createInventory",
            "updateInventory",
            "adjustInventory",
            "upsertInventoryPosition",
            "deleteInventoryPosition",
            "createEvent",
            "sendEvent",
            "createJob",
            "sendBatch",
        )
    },
}
