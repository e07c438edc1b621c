"""How GraphQL refuses: one shape, a code in every error, and data where there is some."""

from io import BytesIO
from typing import Any

import pytest
from fluent_oms_simulator.graphql.endpoint.engine import MOST_ERRORS

from ..conftest import MakeSimulator
from ..support import Client, record
from .helpers.support import KEY, answer_of, ask, errors_of, post

ONE = "{ inventoryPositions { edges { node { ref } } } }"


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load([record("A", "L", 10)])
    return client


def code_and_message(answer: dict[str, Any]) -> tuple[str, str]:
    (error,) = answer["errors"]
    return error["extensions"]["code"], error["message"]


def test_one_field_may_fail_while_the_others_answer(stocked: Client) -> None:
    reply = post(
        stocked,
        f"""query {{
          good: inventoryPosition(ref: "A:L:DEFAULT", catalogue: {KEY}) {{ onHand }}
          negative: inventoryPositions(first: -1) {{ edges {{ cursor }} }}
          nested: inventoryPositions {{ edges {{ node {{ ref
            quantities(after: "no") {{ edges {{ cursor }} }} }} }} }}
          open: inventoryPositions(updatedOn: {{}}) {{ edges {{ cursor }} }}
        }}""",
    )
    answer = answer_of(reply)

    assert reply.status_code == 200
    assert answer["data"] == {
        "good": {"onHand": 10},
        "negative": None,
        "nested": {"edges": [{"node": {"ref": "A:L:DEFAULT", "quantities": None}}]},
        "open": None,
    }
    assert [(e["path"], e["extensions"]["code"]) for e in answer["errors"]] == [
        (["negative"], "C0122E"),
        (["nested", "edges", 0, "node", "quantities"], "C0140E"),
        (["open"], "C0101E"),
    ]
    assert all(error["locations"] for error in answer["errors"])


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "}",
        "me",
        "{ me { id }",
        "{ me(: 1) { id } }",
        'query { "a" }',
        "{ me { id } } &",
        "\u00e9",
    ],
)
def test_what_is_not_graphql_is_a_bad_request(client: Client, document: str) -> None:
    reply = post(client, document)
    code, message = code_and_message(answer_of(reply))

    assert reply.status_code == 400
    assert (code, message.startswith("Syntax Error")) == ("C0140E", True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"{", "JSON"),
        (b"[]", "object"),
        (b'[{"query": "{ me { id } }"}]', "object"),
        (b"null", "object"),
        (b'"{ me { id } }"', "object"),
        (b"{}", "query"),
        (b'{"query": null}', "query"),
        (b'{"query": 1}', "query"),
        (b'{"query": ""}', "query"),
        (b'{"query": {"a": 1}}', "query"),
        (b'{"variables": {}}', "query"),
        (b'{"query": "{ me { id } }", "variables": []}', "variables"),
        (b'{"query": "{ me { id } }", "variables": "{}"}', "variables"),
        (b'{"query": "{ me { id } }", "operationName": 1}', "operationName"),
        (b'{"query": "{ me { id } }", "query": "{ me { ref } }"}', "query"),
        (b'{"query": "\xff"}', "JSON"),
        (b"query { me { id } }", "JSON"),
    ],
    ids=range(18),
)
def test_a_body_that_holds_no_request_is_a_bad_request(
    client: Client, body: bytes, words: str
) -> None:
    reply = client.post("/graphql", body)
    answer = answer_of(reply)

    assert reply.status_code == 400
    assert words in answer["errors"][0]["message"]
    assert not answer.get("data")


def test_null_variables_and_operation_are_as_good_as_none(stocked: Client) -> None:
    document = {"query": ONE, "variables": None, "operationName": None, "extensions": {"a": 1}}

    assert answer_of(stocked.post("/graphql", document)) == {"data": ask(stocked, ONE)}


@pytest.mark.parametrize("document", ["   ", "# nothing"])
def test_a_document_without_an_operation_is_refused(client: Client, document: str) -> None:
    reply = post(client, document)

    assert reply.status_code == 400
    answer_of(reply)


def test_a_document_of_fragments_only_is_refused(client: Client) -> None:
    answer = answer_of(post(client, "fragment F on User { id }"))

    assert answer["errors"]
    assert not answer.get("data")


def test_a_missing_variable_is_told_by_name(client: Client) -> None:
    """Fluent docs: GraphQL error codes, 12 June 2025: C0140E."""
    query = """query ($ref: String!) { inventoryCatalogue(ref: $ref) { ref } }"""
    for variables in ({}, {"ref": None}, {"Ref": "x"}):
        code, message = code_and_message(answer_of(post(client, query, variables)))

        assert code == "C0140E"
        assert "$ref" in message


# -- what the REST side of the server refuses ------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_graphql_is_posted(client: Client, method: str) -> None:
    reply = client.http.open("/graphql", method=method, headers=client.headers)

    assert (reply.status_code, reply.get_json()["errors"][0]["code"]) == (405, "405")
    assert "POST" in reply.headers["Allow"]


@pytest.mark.parametrize("authorization", [None, "", "Bearer x", "Basic eDp5", "Bearer "])
def test_a_caller_without_a_token_gets_the_documented_401(
    client: Client, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    reply = client.http.post("/graphql", json={"query": ONE}, headers=headers)

    assert reply.status_code == 401
    assert set(reply.get_json()) == {"errors"}
    assert set(reply.get_json()["errors"][0]) == {"code", "message"}
    assert reply.get_json()["errors"][0]["code"] == "401"


@pytest.mark.parametrize("kind", ["text/plain", "application/graphql", "", "multipart/form-data"])
def test_a_body_that_is_not_declared_as_json_is_refused(client: Client, kind: str) -> None:
    reply = client.post("/graphql", b'{"query": "{ me { id } }"}', **{"Content-Type": kind})

    assert (reply.status_code, reply.get_json()["errors"][0]["code"]) == (415, "415")


def chunked(client: Client, body: bytes) -> tuple[int, Any]:
    """A body of a length that was not announced."""
    reply = client.http.post(
        "/graphql",
        input_stream=BytesIO(body),
        headers={**client.headers, "Content-Type": "application/json"},
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    return reply.status_code, reply.get_json()


def test_a_body_has_at_most_two_megabytes(stocked: Client) -> None:
    """Fluent docs: GraphQL query limits, 25 Sept 2024."""
    body = b'{"query": "%s"}' % ONE.encode()
    most = 2 * 1024 * 1024
    fitting = body + b" " * (most - len(body))
    for large in (fitting + b" ", b"[" * (most * 2)):
        plain = stocked.post("/graphql", large)
        status, answer = chunked(stocked, large)

        assert (plain.status_code, status) == (413, 413)
        assert plain.get_json() == answer
        assert "Request Entity Too Large" in answer["errors"][0]["message"]
    assert stocked.post("/graphql", fitting).get_json() == {"data": ask(stocked, ONE)}
    assert chunked(stocked, fitting) == (200, {"data": ask(stocked, ONE)})


def test_an_error_message_stays_short_whatever_it_quotes(client: Client) -> None:
    for query in ("{ " + "a" * 100_000 + " }", '{ me(a: "' + "b" * 100_000 + '") { id } }'):
        assert len(post(client, query).get_data()) < 5_000


def test_the_operations_of_a_strict_simulator_refuse_unknown_fields_of_a_request(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(schema_unknown_fields="refuse"))
    reply = client.post("/graphql", {"query": "{ me { id } }", "more": 1})

    assert reply.status_code == 400
    assert "more" in answer_of(reply)["errors"][0]["message"]


def test_of_very_many_names_that_there_are_not_the_first_are_told(client: Client) -> None:
    errors = errors_of(client, f"{{ {' '.join(f'inventoryPosition{n}' for n in range(200))} }}")

    assert len(errors) == MOST_ERRORS + 1
    assert "Did you mean 'inventoryPosition'" in errors[0][1]
    assert "Too many validation errors" in errors[-1][1]
