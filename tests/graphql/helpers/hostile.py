"""Documents that no sound client sends, each meant to cost or to break something."""

from typing import Any

from .support import KEY

Hostile = tuple[str, dict[str, Any] | None]


def _create(number: str, value: str) -> str:
    return (
        f'mutation {{ createInventoryCatalogue(input: {{ref: "J{number}", type: "D", name: "n", '
        f'attributes: [{{name: "a", type: "JSON", value: {value}}}]}}) '
        "{ attributes { value } } }"
    )


_CREATE_BY_VARIABLE = """mutation ($ref: String!, $value: Json!) {
  createInventoryCatalogue(input: {ref: $ref, type: "D", name: "n",
    attributes: [{name: "a", type: "JSON", value: $value}]}) { attributes { value } } }"""


def _nested(levels: int) -> Any:
    value: Any = "bottom"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def _by_ref(ref: str) -> str:
    return f'{{ inventoryPosition(ref: "{ref}", catalogue: {KEY}) {{ ref }} }}'


def _repeated(count: int, text: str) -> str:
    return " ".join(text.replace("#", str(number)) for number in range(count))


def _laughs(count: int) -> str:
    """Each fragment spreads the next one twice, under two fields."""
    inside = "inventoryPositions(first: 1) { edges { node { ...F% } } }"
    fragment = f"on InventoryPosition {{ a: catalogue {{ {inside} }} b: catalogue {{ {inside} }} }}"
    body = " ".join(f"fragment F{n} {fragment.replace('%', str(n + 1))}" for n in range(count))
    return (
        f"{{ inventoryPositions {{ edges {{ node {{ ...F0 }} }} }} }} {body} "
        f"fragment F{count} on InventoryPosition {{ ref }}"
    )


def _fragments(count: int, spread: str) -> str:
    """Each fragment spreads the next one twice, without a field between."""
    body = " ".join(
        f"fragment F{n} on Query {{ ...F{n + 1} {spread.replace('#', str(n + 1))} }}"
        for n in range(count)
    )
    return f"{{ ...F0 }} {body} fragment F{count} on Query {{ me {{ id }} }}"


PAGE = "inventoryPositions(first: 500) { edges { node { ref } } }"

DOCUMENTS: dict[str, Hostile] = {
    "10,000 levels": ("{ a" * 10_000 + " }" * 10_000, None),
    "25 levels of fields": (
        "{" + "inventoryCatalogues { edges { node {" * 8 + " ref" + "} } }" * 8 + "}",
        None,
    ),
    "a million braces": ("{" * 1_000_000, None),
    "10,000 lists in a list": (_create("1", "[" * 10_000 + "]" * 10_000), None),
    "150 lists in a list": (_create("2", "[" * 150 + "]" * 150), None),
    "5,000 aliases of a page": ("{ " + _repeated(5_000, "a#: " + PAGE) + " }", None),
    "500 aliases of a page": ("{ " + _repeated(500, "a#: " + PAGE) + " }", None),
    "1,000 aliases of a leaf": (
        "{ inventoryPositions(first: 500) { edges { node { "
        + _repeated(1_000, "a#: ref")
        + " } } } }",
        None,
    ),
    "a fragment in itself": ("{ ...A } fragment A on Query { me { id } ...A }", None),
    "fragments in a circle": (
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A me { id } }",
        None,
    ),
    "a fragment in its own rows": (
        "{ ...A } fragment A on Query "
        "{ inventoryPositions { edges { node { catalogue { inventoryPositions { ...B } } } } } } "
        "fragment B on InventoryPositionConnection { edges { node { catalogue "
        "{ inventoryPositions { ...B } } } } }",
        None,
    ),
    "billion laughs": (_laughs(60), None),
    "billion laughs without fields": (_fragments(60, "...F#"), None),
    "billion laughs in inline fragments": (
        _fragments(60, "... on Query { ...F# } ... { ...F# }"),
        None,
    ),
    "2 MB of fields": ("{ " + "a " * 1_000_000 + "}", None),
    "2 MB of comments": ("# a\n" * 400_000 + "{ me { id } }", None),
    "2 MB of commas": ("{ me { id } " + "," * 1_990_000 + " }", None),
    "2 MB in a text": (_by_ref("a" * 1_990_000), None),
    "2 MB in a name": ("{ " + "a" * 1_990_000 + " }", None),
    "2 MB in an argument's name": ("{ me(" + "a" * 1_990_000 + ": 1) { id } }", None),
    "2 MB of colons in a ref": (_by_ref(":" * 1_990_000 + ":DEFAULT"), None),
    "5,000 unknown fields": ("{ " + _repeated(5_000, "inventoryPositionz#") + " }", None),
    "1,500 unknown arguments": (
        "{ inventoryPositions(" + _repeated(1_500, "updatedOm#: 1") + ") { edges { cursor } } }",
        None,
    ),
    "2,000 fields in conflict": (
        "{ " + _repeated(2_000, "inventoryPositions(first: #) { edges { cursor } }") + " }",
        None,
    ),
    "700 fields in conflict": (
        "{ " + _repeated(700, "inventoryPositions(first: #) { edges { cursor } }") + " }",
        None,
    ),
    "4,900 times the same field": ("{ me { " + "id " * 4_900 + "} }", None),
    "700 times the same page": (
        "{ " + _repeated(700, "inventoryPositions { edges { cursor } }") + " }",
        None,
    ),
    "3,000 operations": (_repeated(3_000, "query Q# { me { id } }"), None),
    "1,400 operations": (_repeated(1_400, "query Q# { me { id } }"), None),
    "3,000 unused fragments": (
        "{ me { id } } " + _repeated(3_000, "fragment F# on User { id }"),
        None,
    ),
    "900 used fragments": (
        "{ me { "
        + _repeated(900, "...F#")
        + " } } "
        + _repeated(900, "fragment F# on User { id }"),
        None,
    ),
    "2,400 inline fragments": ("{ me { " + "... { id } " * 2_400 + "} }", None),
    "introspection of fields of fields": (
        "{ __schema { types { " + "fields { type { " * 8 + "name" + " } }" * 8 + " } } }",
        None,
    ),
    "introspection through a fragment": (
        "{ __schema { types { ...A } } } fragment A on __Type { fields { type { ...B } } } "
        "fragment B on __Type { fields { type { ...C } } } fragment C on __Type "
        "{ fields { type { fields { name } } } }",
        None,
    ),
    "100 times the schema": (
        "{ " + _repeated(100, "a#: __schema { types { fields { name } } }") + " }",
        None,
    ),
    "100 schemas in fragments": (
        "{ "
        + _repeated(100, "...F#")
        + " } "
        + _repeated(100, "fragment F# on Query { a#: __schema { types { fields { name } } } }"),
        None,
    ),
    "100,000 refs": (
        "query ($r: [String!]) { inventoryPositions(ref: $r) { edges { cursor } } }",
        {"r": [f"P{n}:L:DEFAULT" for n in range(100_000)]},
    ),
    "100,000 products and locations": (
        """query ($p: [String!], $l: [String]) {
          inventoryPositions(productRef: $p, locationRef: $l, status: $l) { edges { cursor } } }""",
        {"p": [f"P{n}" for n in range(50_000)], "l": [f"L{n}" for n in range(50_000)]},
    ),
    "15,000 refs of colons": (
        "query ($r: [String!]) { inventoryPositions(ref: $r) { edges { cursor } } "
        "inventoryQuantities(ref: $r) { edges { cursor } } }",
        {"r": [":" * 92 + ":DEFAULT"] * 9_000 + [f"{n}{':' * 80}:DEFAULT" for n in range(9_000)]},
    ),
    "100,000 wrong values": (
        "query ($r: [Int!]) { inventoryPositions(onHand: $r) { edges { cursor } } }",
        {"r": ["x"] * 100_000},
    ),
    "3,000 variables": (
        "query (" + _repeated(1_900, "$v#: Int") + ") { me { id } }",
        {f"v{n}": n for n in range(1_900)},
    ),
    "a deep value": (_CREATE_BY_VARIABLE, {"ref": "DEEP", "value": _nested(190)}),
    "a deeper value": (_CREATE_BY_VARIABLE, {"ref": "DEEPER", "value": _nested(250)}),
    "a value of 100,000 parts": (
        _CREATE_BY_VARIABLE,
        {"ref": "WIDE", "value": {str(n): [n] for n in range(100_000)}},
    ),
    "a variable in a value": (
        "mutation ($v: Json) {" + _create("3", "{a: [$v]}").removeprefix("mutation {"),
        {"v": 1},
    ),
    "a whole number beyond 64 bits": (_create("4", str(2**64)), None),
    "a whole number of 64 bits": (_create("5", str(2**64 - 1)), None),
    "a whole number of 5,000 digits": (_create("6", "9" * 5_000), None),
    "a number beyond all": (_create("7", "1e400"), None),
    "a number beyond all, inside": (_create("8", "{a: [1, -1e999]}"), None),
    "first of 5,000 digits": (
        "{ inventoryPositions(first: " + "9" * 5_000 + ") { edges { cursor } } }",
        None,
    ),
    "5,000 digits in a fraction": (_create("9", "0." + "1" * 5_000), None),
    "numbers beyond Int": (
        "{ inventoryPositions(onHand: [2147483648, -2147483649]) { edges { cursor } } }",
        None,
    ),
    "numbers beyond Int, by variable": (
        "query ($n: [Int]) { inventoryPositions(onHand: $n) { edges { cursor } } }",
        {"n": [2**31, -(2**31) - 1, 2**63]},
    ),
    "NaN": ("{ inventoryPositions(onHand: NaN) { edges { cursor } } }", None),
    "half a surrogate": (_by_ref("\\uD800"), None),
    "NUL in a ref": (_by_ref("A\\u0000B"), None),
    "NUL in a document": ("{ me { id } } \x00", None),
    "a byte order mark": ("\ufeff{ me { id } }", None),
    "an empty ref": (_by_ref(""), None),
    "a variable that is not declared": (
        "query ($a: Int) { inventoryPositions(first: $b) { edges { cursor } } }",
        {"a": 1, "b": 1, "c": 1},
    ),
    "unknown directives": ("{ me @nothing { id @deprecated @complexityCost(weight: 1) } }", None),
    "a directive 3,000 times": ("{ me { id " + "@skip(if: false) " * 1_200 + "} }", None),
    "a subscription": ("subscription { me { id } }", None),
    "deferred and streamed": (
        "{ ... @defer { me { id } } inventoryPositions { edges @stream { cursor } } }",
        None,
    ),
    "a schema": ("type Query { a: Int } { me { id } }", None),
    "introspection of what is not there": ('{ __type(name: "\\u0000") { name } }', None),
}
