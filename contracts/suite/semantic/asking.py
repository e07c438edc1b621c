"""Questions to GraphQL that several contracts ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from fluent_oms_simulator.client.answers import Answer
from fluent_oms_simulator.client.fluent_api import Api

PAGE = """
query Page($catalogue: InventoryCatalogueKey, $ref: [String!], $productRef: [String!],
    $locationRef: [String], $status: [String], $onHand: [Int], $updatedOn: DateRange,
    $first: Int, $after: String, $last: Int, $before: String) {
  inventoryPositions(catalogue: $catalogue, ref: $ref, productRef: $productRef,
      locationRef: $locationRef, status: $status, onHand: $onHand, updatedOn: $updatedOn,
      first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { ref productRef locationRef onHand status updatedOn } }
    pageInfo { hasNextPage hasPreviousPage } } }
"""

DATES = """
query Dates($catalogue: InventoryCatalogueKey, $product: [String!], $location: [String]) {
  inventoryPositions(catalogue: $catalogue, productRef: $product, locationRef: $location,
      first: 1) {
    edges { node { updatedOn
      quantities(type: "LAST_ON_HAND", first: 1) { edges { node { updatedOn } } } } } } }
"""

MOST_PAGES = 500
"""A walk that is longer than this goes in circles."""


class Shown(NamedTuple):
    """A page of positions."""

    nodes: Sequence[dict[str, Any]]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool


class Dates(NamedTuple):
    """When a position and the count in it were last changed."""

    position: str
    counted: str


def data_of(answer: Answer) -> dict[str, Any]:
    """What a query has found; fail if it was answered with errors."""
    assert answer.status == 200, f"GraphQL answered {answer.status}: {answer.text[:500]}"
    errors = answer.document.get("errors")
    assert not errors, f"GraphQL answered with errors: {errors}"
    data: dict[str, Any] = answer.document["data"]
    return data


def error_codes(answer: Answer) -> list[str]:
    """The codes of a GraphQL answer's errors; empty if it has none."""
    document = answer.document if isinstance(answer.document, dict) else {}
    errors = document.get("errors") or []
    return [str((error.get("extensions") or {}).get("code")) for error in errors]


def mutate(api: Api, name: str, selection: str = "ref", /, **given: object) -> dict[str, Any]:
    """What a mutation answers; its input type is named after it."""
    answer: Answer = mutated(api, name, selection, **given)
    made: dict[str, Any] = data_of(answer)[name]
    return made


def mutated(api: Api, name: str, selection: str = "ref", /, **given: object) -> Answer:
    """The answer to a mutation, whatever it is."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    text = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {selection} }} }}"
    answer: Answer = api.graphql(text, input=given)
    return answer


def page(api: Api, **wanted: object) -> Shown:
    """A page of the positions of the catalogue that are asked for."""
    given = {"catalogue": {"ref": api.target.catalogue_ref}, **wanted}
    found = data_of(api.graphql(PAGE, **given))["inventoryPositions"]
    info = found["pageInfo"]
    return Shown(
        [edge["node"] for edge in found["edges"]],
        [edge["cursor"] for edge in found["edges"]],
        info["hasNextPage"],
        info["hasPreviousPage"],
    )


def walk(
    api: Api, size: int, *, backwards: bool = False, between: Callable[[], object], **wanted: object
) -> Iterator[Shown]:
    """All pages in turn; `between` is called after each one that is not the last."""
    there = {"last": size} if backwards else {"first": size}
    cursor: dict[str, object] = {}
    for _ in range(MOST_PAGES):
        shown = page(api, **there, **cursor, **wanted)
        yield shown
        if not (shown.has_previous if backwards else shown.has_next):
            return
        assert shown.cursors, "a page says that there are more, and has no cursor to go on from"
        cursor = {"before": shown.cursors[0]} if backwards else {"after": shown.cursors[-1]}
        between()
    raise AssertionError(f"the walk had not ended after {MOST_PAGES} pages")


def dates(api: Api, product: str, location: str) -> Dates:
    """The dates of a position that exists."""
    answer = api.graphql(
        DATES,
        catalogue={"ref": api.target.catalogue_ref},
        product=[product],
        location=[location],
    )
    (edge,) = data_of(answer)["inventoryPositions"]["edges"]
    (count,) = edge["node"]["quantities"]["edges"]
    return Dates(edge["node"]["updatedOn"], count["node"]["updatedOn"])
