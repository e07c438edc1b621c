"""Open points of GraphQL."""

import pytest
from fluent_oms_simulator.client.answers import Answer
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.observations.probing import (
    largest,
    location,
    meaning,
)
from fluent_oms_simulator.contracts.suite.semantic.asking import error_codes, mutated, page
from fluent_oms_simulator.contracts.suite.semantic.position import Observe, Position
from fluent_oms_simulator.contracts.target.names import Names

FAR_TOO_MANY = 100_000
MOST_ROWS = 120
DEEPEST = 100
LONGEST_REF = 100


def positions_page(api: Api, arguments: str, selection: str = "edges { cursor }") -> Answer:
    """The answer to a query for positions."""
    answer: Answer = api.graphql(f"{{ inventoryPositions{arguments} {{ {selection} }} }}")
    return answer


def test_how_many_rows_a_page_has_that_is_not_given_a_size(
    api: Api, names: Names, observe: Observe
) -> None:
    product = names.product()
    for number in (12, MOST_ROWS):
        if (shown := page(api)).has_next:
            break
        some = [Position(api, names, product=product) for _ in range(number)]
        api.load([position.record(1) for position in some], preprocessing="skip")
    else:
        shown = page(api)
    if not shown.has_next:
        pytest.skip(f"all {len(shown.nodes)} positions were on one page")
    observe("graphql.default_page", str(len(shown.nodes)), "rows, and a next page")


def test_how_large_a_page_may_be(api: Api, observe: Observe) -> None:
    codes = error_codes(positions_page(api, f"(first: {FAR_TOO_MANY})"))
    value = "refuse" if codes else "clamp"
    observe("graphql.page_too_large", value, f"first: {FAR_TOO_MANY} met {codes or 'no error'}")
    if codes:

        def is_allowed(size: int) -> bool:
            return not error_codes(positions_page(api, f"(first: {size})"))

        most = largest(1, FAR_TOO_MANY, is_allowed)
        observe("graphql.largest_page", str(most), f"first: {most + 1} is refused")


def test_what_a_list_of_numbers_filters_by(api: Api, names: Names, observe: Observe) -> None:
    product = names.product()
    some = [Position(api, names, product=product) for _ in range(5)]
    api.load([position.record(number) for number, position in enumerate(some)])
    found = sorted(node["onHand"] for node in page(api, productRef=[product], onHand=[1, 3]).nodes)

    value = meaning(tuple(found), {(1, 3): "values", (1, 2, 3): "range"})
    observe("graphql.quantity_filter", value, f"of 0 to 4, onHand: [1, 3] finds {found}")


def test_whether_a_list_of_catalogues_may_be_given(api: Api, observe: Observe) -> None:
    argument = f'(catalogues: [{{ref: "{api.target.catalogue_ref}"}}], first: 1)'
    codes = error_codes(positions_page(api, argument))

    value = "refuse" if codes else "accept"
    observe("graphql.catalogues_argument", value, f"it met {codes or 'no error'}")


def test_whether_a_page_has_cursors_of_its_own(api: Api, observe: Observe) -> None:
    codes = error_codes(positions_page(api, "(first: 1)", "pageInfo { endCursor }"))

    value = "absent" if codes else "served"
    observe("graphql.page_info_cursors", value, f"endCursor met {codes or 'no error'}")


def test_how_an_entity_that_does_not_exist_is_told(
    api: Api, names: Names, observe: Observe
) -> None:
    answer = api.graphql(
        "query ($ref: String!) { inventoryCatalogue(ref: $ref) { ref } }", ref=names.product()
    )
    codes = error_codes(answer)

    observe("graphql.unknown_entity", "error" if codes else "null", f"it met {codes or 'no error'}")


def test_how_a_document_that_is_not_graphql_is_answered(api: Api, observe: Observe) -> None:
    answer = api.graphql("{")

    observe("graphql.syntax_error_status", str(answer.status), "an opening brace and no more")


def test_how_deep_a_query_may_be(api: Api, observe: Observe) -> None:
    """Catalogue, positions, catalogue, ... one row each, so that it stays cheap."""
    steps = ("inventoryPositions(first: 1)", "edges", "node", "catalogue")

    def is_allowed(depth: int) -> bool:
        fields = [steps[level % len(steps)] for level in range(depth - 1)]
        text = "{ " + " { ".join([*fields, "__typename"]) + " }" * depth
        return not error_codes(api.graphql(text))

    if is_allowed(DEEPEST + 1):
        pytest.skip(f"{DEEPEST + 1} levels are still allowed")
    depth = largest(2, DEEPEST + 1, is_allowed)
    observe("graphql.max_depth", str(depth), f"{depth + 1} levels are refused")


def test_how_long_the_ref_of_a_location_may_be(api: Api, names: Names, observe: Observe) -> None:
    """On a simulator only: a location can be neither taken back nor set to zero."""
    if not api.target.is_ours:
        pytest.skip("it makes locations, which would stay on a server that is not a simulator")
    start = names.location()

    def is_allowed(length: int) -> bool:
        return not error_codes(
            mutated(api, "createLocation", **location(start.ljust(length, "X")[:length], api))
        )

    if is_allowed(LONGEST_REF + 1):
        pytest.skip(f"{LONGEST_REF + 1} characters are still allowed")
    longest = largest(0, LONGEST_REF + 1, is_allowed)
    why = f"a location with a ref of {longest + 1} characters is refused"
    observe("graphql.location_ref_length", str(longest), why)
