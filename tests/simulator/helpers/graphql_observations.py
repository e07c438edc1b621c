"""What can be seen of each behaviour switch of GraphQL from outside: one function for each."""

from typing import Any

from ...graphql.helpers.support import KEY, answer_of, post
from ...support import Client, record


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
    return [page(client, f"(first: {size})") for size in (5, 6, 500, 501)]


def page_too_large(client: Client) -> object:
    _load(client, 501)
    return page(client, "(first: 501)"), page(client, "(last: 501)")


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


def max_body_bytes(client: Client) -> object:
    body = b'{"query": "{ me { id } }"}'
    return [client.post("/graphql", body.ljust(size)).status_code for size in (500, 501)]


def syntax_error_status(client: Client) -> object:
    return post(client, "{").status_code, post(client, "{ none }").status_code
