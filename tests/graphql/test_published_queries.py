"""What the vendor's client and its pages ask for runs, or is refused as the real schema does."""

from collections.abc import Iterator

import pytest
from fluent_oms_simulator import Settings, Simulator, build
from graphql import (
    IntrospectionQuery,
    build_client_schema,
    get_introspection_query,
    print_schema,
)

from ..support import Client, record
from .helpers.published_queries import INTROSPECTION, QUERIES, Published
from .helpers.support import answer_of, ask, post

SWITCHED = {name: query for name, query in QUERIES.items() if query.switch}
REJECTED = {name: query for name, query in QUERIES.items() if query.rejected}
RUNNING = {name: query for name, query in QUERIES.items() if not query.rejected}


def started(**behaviours: str) -> tuple[Simulator, Client]:
    settings = Settings(
        seed_data="none",
        behaviours={name.replace("_", ".", 1): v for name, v in behaviours.items()},
    )
    simulator = build(settings)
    simulator.start()
    client = Client(simulator)
    client.load([record("D45", "LOC_MEL", 10), record("D46", "LOC_MEL", 5)])
    return simulator, client


@pytest.fixture(scope="module")
def strict() -> Iterator[Client]:
    simulator, client = started()
    yield client
    simulator.close()


@pytest.fixture(scope="module")
def lenient() -> Iterator[Client]:
    simulator, client = started(
        graphql_catalogues_argument="accept", graphql_page_info_cursors="served"
    )
    yield client
    simulator.close()


def runs(client: Client, published: Published) -> None:
    answer = answer_of(post(client, published.query, published.variables))
    assert "errors" not in answer, answer["errors"]
    assert None not in answer["data"].values()


@pytest.mark.parametrize("name", RUNNING)
def test_a_query_of_the_vendors_runs(strict: Client, name: str) -> None:
    runs(strict, QUERIES[name])


@pytest.mark.parametrize("name", REJECTED)
def test_what_the_schema_does_not_know_is_refused_by_name(strict: Client, name: str) -> None:
    published = QUERIES[name]
    reply = post(strict, published.query, published.variables)
    answer = answer_of(reply)
    messages = "\n".join(error["message"] for error in answer["errors"])

    assert reply.status_code == 200
    assert answer.get("data") is None
    assert [words for words in published.rejected if words not in messages] == [], messages


@pytest.mark.parametrize("name", SWITCHED)
def test_a_query_runs_where_a_switch_allows_it(lenient: Client, name: str) -> None:
    runs(lenient, QUERIES[name])


def test_the_cursors_of_a_page_are_those_of_its_first_and_last_edge(lenient: Client) -> None:
    for arguments in ("first: 2", "last: 1", "first: 0", 'ref: "none"'):
        (page,) = ask(
            lenient,
            f"{{ inventoryPositions({arguments}) "
            "{ edges { cursor } pageInfo { startCursor endCursor } } }",
        ).values()
        cursors = [edge["cursor"] for edge in page["edges"]] or [None]

        assert list(page["pageInfo"].values()) == [cursors[0], cursors[-1]]


def test_several_catalogues_are_searched_where_a_switch_allows_it(lenient: Client) -> None:
    query = (
        "query ($c: [InventoryCatalogueKey]) "
        "{ inventoryPositions(catalogues: $c) { edges { cursor } } }"
    )
    found = [
        len(ask(lenient, query, c=[{"ref": ref} for ref in wanted])["inventoryPositions"]["edges"])
        for wanted in (["DEFAULT:1"], ["DEFAULT:2"], ["DEFAULT:1", "DEFAULT:2"], [])
    ]

    assert found == [2, 0, 2, 0]


@pytest.mark.parametrize("query", [get_introspection_query(), INTROSPECTION], ids=["all", "client"])
def test_introspection_gives_the_schema_that_is_served(strict: Client, query: str) -> None:
    result: IntrospectionQuery = ask(strict, query)  # type: ignore[assignment]
    introspected = print_schema(build_client_schema(result))

    assert "directive @complexityCost" in introspected
    assert introspected == print_schema(strict.simulator.graphql.schema)


def test_the_fields_of_an_input_are_told_with_their_types(strict: Client) -> None:
    fields = ask(strict, QUERIES["fields of an input"].query)["__type"]["inputFields"]

    assert {field["name"]: field["type"]["kind"] for field in fields} == {
        "ref": "NON_NULL",
        "catalogue": "NON_NULL",
        "type": "NON_NULL",
        "productRef": "NON_NULL",
        "locationRef": "NON_NULL",
        "onHand": "SCALAR",
        "attributes": "LIST",
        "quantities": "LIST",
    }
