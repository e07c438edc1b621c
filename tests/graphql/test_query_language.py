"""What the language offers around the searches: fragments, conditions, operations, dates."""

import pytest

from ..support import Client, record
from .helpers.support import KEY, answer_of, ask, code_of, errors_of, post, refs


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load(
        [record("A", "L", 5), record("B", "L", 6), record("A", "M", 7, attributes={"x": 1})]
    )
    client.delta("A", "L", -2, "d1")
    return client


def test_selections_aliases_and_fragments_may_be_mixed(stocked: Client) -> None:
    data = ask(
        stocked,
        f"""query Read($location: [String] = ["L"], $deep: Boolean!, $flat: Boolean = false) {{
          __typename
          here: inventoryPositions(locationRef: $location) {{ edges {{ node {{ ...Row }} }} }}
          there: inventoryPositions(locationRef: ["M"]) {{ edges {{ node {{ ...Row ref }} }} }}
          one: inventoryQuantity(ref: "d1", catalogue: {KEY}) {{
            ... on Referenceable {{ ref }} ... on Node {{ __typename }}
            position {{ ...Row catalogue {{ name ... on Orchestrateable {{ workflowRef }} }} }} }}
        }}
        fragment Row on InventoryPosition {{
          stock: onHand
          quantities(type: "DELTA") @include(if: $deep) {{ edges {{ node {{ quantity }} }} }}
          productRef @skip(if: $flat) }}""",
        deep=True,
    )
    delta_of_a = {"edges": [{"node": {"quantity": -2}}]}
    row_of_a = {"stock": 3, "quantities": delta_of_a, "productRef": "A"}

    assert data == {
        "__typename": "Query",
        "here": {
            "edges": [
                {"node": row_of_a},
                {"node": {"stock": 6, "quantities": {"edges": []}, "productRef": "B"}},
            ]
        },
        "there": {
            "edges": [
                {
                    "node": {
                        "stock": 7,
                        "quantities": {"edges": []},
                        "productRef": "A",
                        "ref": "A:M:DEFAULT",
                    }
                }
            ]
        },
        "one": {
            "ref": "d1",
            "__typename": "InventoryQuantity",
            "position": {
                **row_of_a,
                "catalogue": {"name": "DEFAULT:1", "workflowRef": "INVENTORY_CATALOGUE::DEFAULT"},
            },
        },
    }


def test_conditions_leave_fields_out(stocked: Client) -> None:
    query = """query ($with: Boolean!) { inventoryPositions(first: 1) {
      edges @include(if: $with) { node { ref onHand @skip(if: $with) } }
      pageInfo @skip(if: $with) { hasNextPage } } }"""

    assert ask(stocked, query, **{"with": True}) == {
        "inventoryPositions": {"edges": [{"node": {"ref": "A:L:DEFAULT"}}]}
    }
    assert ask(stocked, query, **{"with": False}) == {
        "inventoryPositions": {"pageInfo": {"hasNextPage": True}}
    }


def test_one_of_several_operations_is_chosen_by_name(stocked: Client) -> None:
    document = """query A { inventoryPositions(productRef: "A") { edges { node { ref } } } }
      query B { inventoryPositions(productRef: "B") { edges { node { ref } } } }"""
    found = answer_of(post(stocked, document, operation="B"))["data"]["inventoryPositions"]

    assert refs(found) == ["B:L:DEFAULT"]
    for wrong in (None, "", "C", "a"):
        answer = answer_of(post(stocked, document, operation=wrong))
        assert "operationName" in answer["errors"][0]["message"]
        assert not answer.get("data")


def test_null_leaves_a_filter_open_and_an_empty_list_lets_nothing_through(stocked: Client) -> None:
    query = "query ($r: [String!]) { inventoryPositions(productRef: $r) { edges { cursor } } }"

    assert [
        len(ask(stocked, query, r=wanted)["inventoryPositions"]["edges"])
        for wanted in (None, [], ["A"], "A", ["A", "A", "none"])
    ] == [3, 0, 2, 2, 2]


@pytest.mark.parametrize("field", ["inventoryPosition", "inventoryQuantity"])
def test_what_does_not_exist_is_null(stocked: Client, field: str) -> None:
    for ref, catalogue in (
        ("none", "DEFAULT:1"),
        ("A:L:DEFAULT", "DEFAULT:9"),
        ("A:L", "DEFAULT:1"),
    ):
        query = f'{{ {field}(ref: "{ref}", catalogue: {{ref: "{catalogue}"}}) {{ ref }} }}'

        assert ask(stocked, query) == {field: None}


def test_aggregates_count_and_add_up(stocked: Client) -> None:
    position = f'position: {{ref: "A:L:DEFAULT", catalogue: {KEY}}}'
    data = ask(
        stocked,
        f"""{{ a: inventoryPositionAggregate(catalogue: {KEY}, productRef: "A") {{ count sum }}
          b: inventoryPositionAggregate(catalogue: {KEY}, productRef: "A", status: [])
            {{ count sum }}
          c: inventoryPositionAggregate(catalogue: {KEY}, productRef: "-") {{ count sum }}
          d: inventoryQuantityAggregate({position}) {{ count sum }}
          e: inventoryQuantityAggregate({position}, type: "DELTA") {{ count sum }} }}""",
    )

    assert [tuple(aggregate.values()) for aggregate in data.values()] == [
        (2, 10),
        (0, 0),
        (0, 0),
        (2, 3),
        (1, -2),
    ]


@pytest.mark.parametrize(
    "field", ["inventoryCatalogues", "inventoryPositions", "inventoryQuantities"]
)
def test_a_date_that_is_none_is_refused_and_a_range_needs_an_end(
    client: Client, field: str
) -> None:
    def code(bounds: str) -> str:
        return code_of(client, f"{{ {field}(updatedOn: {bounds}) {{ edges {{ cursor }} }} }}")

    assert code('{from: "yesterday"}') == "C0100E"
    assert code("{to: 20260101}") == "C0100E"
    assert code('{from: "2026-02-30T00:00:00Z"}') == "C0100E"
    assert code("{}") == "C0101E"
    assert code("{from: null, to: null}") == "C0101E"
    by_variable = (
        f"query ($d: DateTime) {{ {field}(createdOn: {{from: $d}}) {{ edges {{ cursor }} }} }}"
    )
    assert [found for found, _ in errors_of(client, by_variable, d="tomorrow")] == ["C0100E"]
    assert code_of(client, by_variable) == "C0101E"


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "05/02/2026", "2026-01-01T25:00:00Z"])
def test_a_bad_date_is_told_with_the_form_that_is_taken(client: Client, text: str) -> None:
    """In a literal, a variable, a field of one, and a mutation: in words of our own."""
    expected = (
        f"DateTime {text!r}: expected a moment in ISO 8601, such as 2026-02-05T06:31:56.895Z."
    )
    page = "inventoryPositions(createdOn: %s) { edges { cursor } }"
    create = """mutation ($d: DateTime) { createInventoryQuantity(input: {ref: "q", expectedOn: $d,
        catalogue: {ref: "DEFAULT:1"}, type: "EXPECTED", quantity: 1,
        position: {ref: "A:L:DEFAULT", catalogue: {ref: "DEFAULT:1"}}}) { id } }"""

    for query, variables in (
        ("{ " + page % ('{from: "' + text + '"}') + " }", {}),
        (f"query ($d: DateTime) {{ {page % '{from: $d}'} }}", {"d": text}),
        (f"query ($d: DateRange) {{ {page % '$d'} }}", {"d": {"from": text}}),
        (create, {"d": text}),
    ):
        [(code, message)] = errors_of(client, query, **variables)
        assert code == "C0100E"
        assert message.endswith(expected)


def test_dates_are_compared_in_utc(stocked: Client) -> None:
    """Fluent docs: GraphQL schema docs."""
    moment = ask(stocked, "{ inventoryPositions(last: 1) { edges { node { updatedOn } } } }")[
        "inventoryPositions"
    ]["edges"][0]["node"]["updatedOn"]
    query = (
        "query ($a: DateTime, $b: DateTime) "
        "{ inventoryPositions(updatedOn: {from: $a, to: $b}) { edges { cursor } } }"
    )
    # The same moment on a clock ahead of UTC, and an hour before it.
    hours = int(moment[11:13])
    ahead = f"{moment[:11]}{(hours + 2) % 24:02}{moment[13:-1]}+02:00"

    assert moment.endswith("Z")
    if hours < 22:
        assert ask(stocked, query, a=ahead, b=ahead) == ask(stocked, query, a=moment, b=moment)
    assert len(ask(stocked, query, a=moment, b="2999-01-01")["inventoryPositions"]["edges"]) >= 1
    assert ask(stocked, query, b="2000-01-01")["inventoryPositions"]["edges"] == []
