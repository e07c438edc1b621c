"""The control API is described in an OpenAPI file of its own, whose examples are true."""

from collections.abc import Iterator
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build, create_app
from fluent_oms_simulator.admin import PARAMETERS
from fluent_oms_simulator.api.paths import template
from fluent_oms_simulator.intake.api_description import CONTROL, bundled
from fluent_oms_simulator.intake.schemas import load_index

from ..support import Client, delta, deltas, record

DOCUMENT = bundled(CONTROL)
OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
NAMES = [f"{method} {path}" for path, method, _ in OPERATIONS]


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    found: Any = DOCUMENT
    if "$ref" not in node:
        return node
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def parameters(operation: dict[str, Any], place: str) -> Iterator[dict[str, Any]]:
    for parameter in map(resolved, operation.get("parameters", ())):
        if parameter["in"] == place:
            yield parameter


JSON = "application/json"
PACKED = {"application/gzip"}
"""What a person cannot read is without an example."""


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a call is sent with: each example as it is declared; nothing where it has none."""
    if "requestBody" not in operation:
        yield {}
        return
    for content_type, body in operation["requestBody"]["content"].items():
        if content_type in PACKED:
            continue
        if content_type == JSON:
            yield {"json": body["example"]}
        else:
            yield {"data": body["example"], "content_type": content_type}


def test_every_call_is_described_and_no_other() -> None:
    app = create_app(build(Settings(seed_data="none")))
    rules = {
        (template(rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("admin.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert {(path, method) for path, method, _ in OPERATIONS} == rules


def test_every_query_parameter_is_described_and_no_other() -> None:
    app = create_app(build(Settings(seed_data="none")))
    adapter = app.url_map.bind("localhost")
    for path, method, operation in OPERATIONS:
        endpoint, _ = adapter.match(path.replace("{", "").replace("}", ""), method.upper())
        described = {parameter["name"] for parameter in parameters(operation, "query")}
        assert described == set(PARAMETERS.get(str(endpoint), ())), endpoint


def test_every_payload_of_it_is_a_request_of_a_call() -> None:
    kinds = {name for name, kind in load_index().items() if kind["file"].startswith("control/")}
    used = {
        operation["requestBody"]["content"][JSON]["schema"]["$ref"].rpartition("/")[2]
        for _, _, operation in OPERATIONS
        if JSON in operation.get("requestBody", {"content": ()})["content"]
    }

    assert {"".join(word.capitalize() for word in kind.split("_")) for kind in kinds} == used


@pytest.fixture
def used(client: Client) -> Client:
    """With something to tell: a request, a rule, a fault, a namespace, a snapshot, a webhook."""
    client.load([record("D45", "LOC_MEL", 100)])
    nobody = {"url": "http://127.0.0.1:9/"}
    assert client.http.put("/__admin/webhooks/orders", json=nobody).status_code == 201
    client.send(deltas(delta("D45", "LOC_MEL", -10, "pos-1")))
    client.http.put("/__admin/faults", json={"rules": [{"id": "lost", "kind": "reset"}]})
    [own] = [
        operation["requestBody"]["content"][JSON]["example"]
        for _, _, operation in OPERATIONS
        if operation["operationId"] == "makeNamespace"
    ]
    assert client.http.put("/__admin/namespaces/orders-test", json=own).status_code == 201
    client.http.put("/__admin/snapshots/filled", json={})
    return client


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=NAMES)
def test_its_example_is_taken(
    used: Client, path: str, method: str, operation: dict[str, Any]
) -> None:
    query = {
        parameter["name"]: parameter["example"] for parameter in parameters(operation, "query")
    }
    query.pop("asOf", None)
    # Of an event the id is drawn.
    newest = used.http.get("/__admin/events").get_json()["newest"]
    path = path.replace("{eventId}", newest)
    for parameter in parameters(operation, "path"):
        path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
    for sent in bodies(operation):
        reply = used.http.open(path, method=method.upper(), query_string=query, **sent)

        assert reply.status_code in (200, 201), reply.get_data(as_text=True)
        assert str(reply.status_code) in operation["responses"]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=NAMES)
def test_every_answer_that_it_tells_of_has_an_example(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    for status, response in operation["responses"].items():
        content = resolved(response)["content"]
        assert content.keys() <= PACKED or content[JSON]["example"], (path, method, status)


def test_what_an_answer_s_example_has_the_answer_has_too(used: Client) -> None:
    for path in (
        "/health",
        "/ready",
        "/clock",
        "/settling",
        "/requests",
        "/ledger",
        "/ledger/records",
        "/positions",
        "/virtualPositions",
        "/jobs",
        "/batches",
        "/events",
        "/behaviours",
        "/faults",
    ):
        [operation] = [
            one for at, how, one in OPERATIONS if (at, how) == (f"/__admin{path}", "get")
        ]
        example = resolved(operation["responses"]["200"])["content"]["application/json"]["example"]

        answer = used.http.get(f"/__admin{path}").get_json()

        assert example.keys() <= answer.keys(), path


def test_it_is_served_and_shown(client: Client) -> None:
    assert client.http.get("/__admin/openapi.json").get_json() == DOCUMENT
    page = client.http.get("/__ui/docs?api=control").get_data(as_text=True)
    assert 'data-description="/__admin/openapi.json"' in page
    assert 'data-description="/openapi.json"' in client.http.get("/__ui/docs").get_data(
        as_text=True
    )
    assert "/__admin" not in client.http.get("/openapi.json").get_json()["paths"]
