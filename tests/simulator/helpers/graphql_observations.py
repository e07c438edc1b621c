"""What can be seen of each behaviour switch of GraphQL from outside: one function for each."""

from typing import Any

from ...graphql.helpers.support import KEY, answer_of, post
from ...support import CATALOGUE, Client, record


def answer(client: Client, query: str) -> dict[str, Any]:
    return answer_of(post(client, query))


def codes(client: Client, *queries: str) -> list[str]:
    """The code of each query's first error, or "" where there is none."""
    answers = (answer(client, query) for query in queries)
    return [one["errors"][0]["extensions"]["code"] if "errors" in one else "" for one in answers]


def page(client: Client, arguments: str) -> int | str:
    """How many positions a page has, or the code that refuses it."""
    query = f"{{ inventoryPositions{arguments} {{ edges {{ cursor }} }} }}"
    (code,) = codes(client, query)
    return code or len(answer(client, query)["data"]["inventoryPositions"]["edges"])


def _load(client: Client, rows: int) -> None:
    client.load([record(f"P{number}", "L", number) for number in range(rows)])


def default_page(client: Client) -> object:
    _load(client, 12)
    return page(client, ""), page(client, "(first: 12)")


def largest_page(client: Client) -> object:
    _load(client, 6)
    return [page(client, arguments) for arguments in ("(first: 6)", "(last: 6)", "(first: 100000)")]


def page_too_large(client: Client) -> object:
    sizes = ("first: 5000", "first: 5001", "last: 5001")
    return codes(client, *(f"{{ inventoryPositions({size}) {{ __typename }} }}" for size in sizes))


def quantity_filter(client: Client) -> object:
    _load(client, 10)
    return [page(client, f"(onHand: {values})") for values in ("[2, 5]", "[7, null]", "[3]", "3")]


def catalogues_argument(client: Client) -> object:
    _load(client, 1)
    return page(client, f"(catalogues: [{KEY}])")


def page_info_cursors(client: Client) -> object:
    _load(client, 1)
    found = answer(client, "{ inventoryPositions { edges { cursor } pageInfo { endCursor } } }")
    if "errors" in found:
        return found["errors"][0]["extensions"]["code"]
    shown = found["data"]["inventoryPositions"]
    return shown["pageInfo"]["endCursor"] == shown["edges"][0]["cursor"]


def unknown_entity(client: Client) -> object:
    queries = (
        '{ inventoryCatalogue(ref: "none") { ref } }',
        f'{{ inventoryPosition(ref: "none", catalogue: {KEY}) {{ ref }} }}',
        f'{{ inventoryQuantity(ref: "none", catalogue: {KEY}) {{ ref }} }}',
    )
    assert all(list(answer(client, query)["data"].values()) == [None] for query in queries)
    return codes(client, *queries)


def max_complexity(client: Client) -> object:
    """One query for the page, and one for each row of it."""
    nested = "{ edges { node { quantities { edges { cursor } } } } }"
    return codes(
        client,
        f"{{ inventoryPositions(first: 10) {nested} }}",
        f"{{ inventoryPositions(first: 11) {nested} }}",
    )


def max_depth(client: Client) -> object:
    return codes(
        client,
        "{ inventoryPositions { edges { node { ref } } } }",
        "{ inventoryPositions { edges { node { catalogue { ref } } } } }",
    )


def max_tokens(client: Client) -> object:
    return codes(client, "{ me { id ref type } }", "{ me { id ref type status } }")


def max_fields(client: Client) -> object:
    return codes(client, "{ me { id } }", "{ me { id ref } }")


def max_comparisons(client: Client) -> object:
    """The second names a field three times, the third of which is compared with two."""
    return codes(client, "{ me { id id } }", "{ me { id id id } }")


def max_values(client: Client) -> object:
    """A list, its edges, a node in each of three, and what is asked for of it."""
    _load(client, 3)
    query = "{ inventoryPositions { edges { node { %s } } } }"
    return codes(client, query % "ref", query % "ref onHand")


def max_rows_read(client: Client) -> object:
    _load(client, 200)
    return codes(client, "{ inventoryPositions(onHand: [-1]) { edges { cursor } } }")


def virtual_search(client: Client) -> object:
    """Of two products at two locations, where L2 has too little of one; who has how many."""
    client.load([record("P1", "L1", 5), record("P2", "L1", 5)])
    client.load([record("P1", "L2", 5), record("P2", "L2", 1)])
    create = (
        'createVirtualCatalogue(input: {ref: "V", type: "BASE", name: "V",'
        f' inventoryCatalogueRef: "{CATALOGUE}", productCatalogueRef: "P"}}) {{ id }}'
    )
    assert codes(client, f"mutation {{ {create} }}") == [""]
    search = (
        'searchVirtualInventory(virtualCatalogue: {ref: "V"}, productQuantities:'
        ' [{productRef: "P1", quantity: 2}, {productRef: "P2", quantity: 2}])'
    )
    query = (
        f"{{ {search} {{ edges {{ node {{ location {{ ref }} virtualPositions {{ ref }} }} }} }} }}"
    )
    edges = answer(client, query)["data"]["searchVirtualInventory"]["edges"]
    found = [edge["node"] for edge in edges]
    return {node["location"]["ref"]: len(node["virtualPositions"]) for node in found}


def max_body_bytes(client: Client) -> object:
    body = b'{"query": "{ me { id } }"}'
    return [client.post("/graphql", body.ljust(size)).status_code for size in (500, 501)]


def syntax_error_status(client: Client) -> object:
    return post(client, "{").status_code, post(client, "{ none }").status_code
