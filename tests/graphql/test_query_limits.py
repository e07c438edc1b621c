"""What a query may ask for, where the platform has no limit and the simulator needs one."""

import pytest

from ..conftest import MakeSimulator
from ..support import Client, record
from .helpers.support import answer_of, ask, code_of, errors_of, nodes, post

EVERYTHING = """{ inventoryPositions(first: 500) { edges { node { ref onHand
    quantities(first: 500) { edges { node { id ref type status quantity updatedOn } } } } } } }"""


def test_a_page_of_positions_with_all_their_quantities_is_read(client: Client) -> None:
    """501 backend queries, of 11,111 (GraphQL query limits, 25 Sept 2024)."""
    client.load([record(f"P{number}", "L", number) for number in range(500)])

    rows = nodes(ask(client, EVERYTHING)["inventoryPositions"])

    assert len(rows) == 500
    assert all(len(row["quantities"]["edges"]) == 1 for row in rows)


def test_a_query_is_refused_for_what_its_reply_holds_and_not_for_what_it_might(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(graphql_max_values="1000"))
    client.load([record("P0", "L", 1)])
    assert len(ask(client, EVERYTHING)["inventoryPositions"]["edges"]) == 1

    client.load([record(f"P{number}", "L", 1) for number in range(1, 200)])
    reply = post(client, EVERYTHING)

    answer = answer_of(reply)
    assert reply.status_code == 200
    assert "data" not in answer
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "C0001E"
    assert "1,000 values (behaviour graphql.max_values)" in error["message"]


def test_a_mutation_is_refused_before_it_has_done_anything(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(graphql_max_values="1000"))
    client.load([record("P0", "L", 1)])
    mutation = """mutation { createControlGroup(input: {ref: "G", type: "T", name: "N"}) {
        controls(first: 500) { edges { node { ref name } } } } }"""

    assert code_of(client, mutation) == "C0001E"
    assert ask(client, '{ controlGroup(ref: "G") { ref } }') == {"controlGroup": None}


def test_a_limit_of_the_simulators_tells_the_switch_that_it_has(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(
        make_simulator(
            graphql_max_fields="5",
            graphql_max_comparisons="2",
            graphql_max_rows_read="20",
            graphql_max_depth="3",
            graphql_max_complexity="100",
        )
    )
    client.load([record(f"P{number}", "L", 1) for number in range(30)])
    queries = {
        "graphql.max_fields": "{ me { id ref type status username } }",
        "graphql.max_comparisons": "{ me { id id id id } }",
        "graphql.max_rows_read": "{ inventoryPositions(onHand: [-1]) { edges { cursor } } }",
        "graphql.max_depth": "{ inventoryPositions { edges { node { catalogue { id } } } } }",
        "graphql.max_complexity": "{ __schema { queryType { name } } }",
    }

    for switch, query in queries.items():
        [(code, message)] = errors_of(client, query)
        assert code == "C0001E"
        assert f"(behaviour {switch})" in message


def test_a_page_larger_than_the_largest_is_the_largest(make_simulator: MakeSimulator) -> None:
    """Values over 5,000 are replaced by 5,000 (GraphQL operations, 16 Oct 2024)."""
    client = Client(make_simulator(graphql_largest_page="5"))
    client.load([record(f"P{number}", "L", 1) for number in range(9)])
    query = "{ inventoryPositions(%s: 1000) { edges { cursor } pageInfo { hasNextPage } } }"

    for argument in ("first", "last"):
        page = ask(client, query % argument)["inventoryPositions"]
        assert len(page["edges"]) == 5
    assert page["pageInfo"] == {"hasNextPage": False}


def test_a_page_larger_than_the_largest_is_refused_where_the_switch_says_so(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(graphql_page_too_large="refuse"))

    for field in ("inventoryPositions", "inventoryQuantities"):
        for argument, rows in (("first: 5001", "5,001"), ("last: 2147483647", "2,147,483,647")):
            query = f"{{ {field}({argument}) {{ edges {{ cursor }} }} }}"
            [(code, message)] = errors_of(client, query)
            assert code == "C0001E"
            assert f"{rows} rows" in message
            assert "(behaviour graphql.largest_page)" in message


def test_a_document_with_too_many_words_or_comments_tells_the_switch(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(graphql_max_tokens="8"))

    for query in ("{ me { id ref type status username } }", "# a\n" * 9 + "{ me { id } }"):
        reply = post(client, query)
        [error] = answer_of(reply)["errors"]
        assert reply.status_code == 400
        assert (
            "more than 8 words and signs, or comments (behaviour graphql.max_tokens)"
            in (error["message"])
        )
    [(_, message)] = errors_of(client, '{ "contains more than 8 tokens. x" }')
    assert "max_tokens" not in message


@pytest.mark.parametrize("too_large", ["refuse", "clamp"])
def test_a_page_without_a_size_is_never_larger_than_the_largest(
    make_simulator: MakeSimulator, too_large: str
) -> None:
    simulator = make_simulator(graphql_largest_page="3", graphql_page_too_large=too_large)
    client = Client(simulator)
    client.load([record(f"P{number}", "L", 1) for number in range(5)])

    page = ask(client, "{ inventoryPositions { edges { cursor } pageInfo { hasNextPage } } }")
    assert len(page["inventoryPositions"]["edges"]) == 3
    assert page["inventoryPositions"]["pageInfo"] == {"hasNextPage": True}
    for argument in ("first: null", "first: 3", "last: 3"):
        page = ask(client, f"{{ inventoryPositions({argument}) {{ edges {{ cursor }} }} }}")
        assert len(page["inventoryPositions"]["edges"]) == 3
