"""The API description holds together, and its pages need nothing from outside."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import orjson
import pytest
from flask.testing import FlaskClient
from fluent_oms_simulator import Settings, Simulator, build, create_app
from fluent_oms_simulator.intake.api_description import bundled, load_description
from fluent_oms_simulator.operations.shown_credentials import shown_credentials
from fluent_oms_simulator.ui.openapi import description_for

METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
DOCUMENT = bundled()
OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
]


@pytest.fixture
def client() -> FlaskClient:
    return create_app(build(Settings())).test_client()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)


def target(reference: str) -> Any:
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = target(node["$ref"]) if "$ref" in node else node
    return found


def test_every_reference_leads_somewhere_inside_the_document() -> None:
    found = set(references(DOCUMENT))

    assert found
    for reference in found:
        assert reference.startswith("#/"), reference
        assert target(reference), reference


def test_the_written_description_refers_to_the_schema_files() -> None:
    outside = {ref for ref in references(load_description()) if not ref.startswith("#/")}

    assert outside
    assert all(re.fullmatch(r"\.\./schemas/\w+/\w+\.schema\.json", ref) for ref in outside)


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]

    assert len(ids) == len(set(ids)) == 11


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_is_whole(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    responses = operation["responses"]
    assert {"200", "401"} <= set(responses)
    assert {"400", "413"} <= set(responses) or method == "get"
    assert all(resolved(response)["description"] for response in responses.values())
    shared = DOCUMENT["paths"][path].get("parameters", [])
    parameters = [resolved(node) for node in [*shared, *operation.get("parameters", [])]]
    in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", path))
    assert all(parameter["description"] for parameter in parameters)


def media_types() -> Iterator[Any]:
    for path, method, operation in OPERATIONS:
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for body in [*bodies, *operation["responses"].values()]:
            for media in resolved(body)["content"].values():
                for name, example in media.get("examples", {}).items():
                    yield pytest.param(
                        media["schema"], example["value"], id=f"{method} {path} {name}"
                    )


@pytest.mark.parametrize(("schema", "example"), list(media_types()))
def test_an_example_fits_its_schema(schema: dict[str, Any], example: Any) -> None:
    rooted = {**schema, "components": DOCUMENT["components"]}

    jsonschema.Draft202012Validator(rooted).validate(example)


def test_the_description_is_served(client: FlaskClient) -> None:
    reply = client.get("/openapi.json")

    assert reply.status_code == 200
    document = reply.get_json()
    known = shown_credentials(Settings())
    assert document == orjson.loads(description_for("", tuple(known.items())))
    assert document["paths"].keys() == DOCUMENT["paths"].keys()
    assert document["servers"][0]["url"] == "/"


@pytest.mark.parametrize("path", ["/__ui/docs", "/__ui/docs/"])
def test_the_page_and_all_it_loads_come_from_here(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    loaded = re.findall(r'<(?:script|link)[^>]* (?:src|href)="(/[^"]+)"', page.text)

    assert page.status_code == 200
    assert "//" not in page.text
    assert len(loaded) == 5
    for address in loaded:
        reply = client.get(address)
        assert reply.status_code == 200, address
        reply.close()


def test_the_browser_is_told_to_refuse_other_hosts(client: FlaskClient) -> None:
    page = client.get("/__ui/docs")
    policy = page.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|\*", policy)
    assert not re.search(r"<script(?![^>]* src=)", page.text)


def test_the_form_that_the_page_fills_in_signs_in(simulator: Simulator) -> None:
    client = create_app(simulator).test_client()
    fields = client.get("/openapi.json").get_json()["components"]["schemas"]["TokenForm"][
        "properties"
    ]
    # A page makes up a value, the word `string`, for each field that is given none.
    filled = {name: field["default"] for name, field in fields.items()}

    assert client.post("/oauth/token", data=filled).status_code == 200
    assert filled["refresh_token"] == ""


def test_a_form_without_credentials_to_show_makes_none_up() -> None:
    client = create_app(build(Settings(host="0.0.0.0"))).test_client()
    reply = client.get("/openapi.json", headers={"Host": "127.0.0.1:4141"})
    fields = reply.get_json()["components"]["schemas"]["TokenForm"]["properties"]

    assert {name: field["default"] for name, field in fields.items() if field["default"]} == {
        "grant_type": "password",
        "scope": "api",
    }


def test_authorize_signs_in_with_what_the_page_is_given(simulator: Simulator) -> None:
    client = create_app(simulator).test_client()
    document = client.get("/openapi.json").get_json()
    flow = document["components"]["securitySchemes"]["sign_in"]["flows"]["password"]
    page = client.get("/__ui/docs").text
    given = dict(re.findall(r' data-([a-z-]+)="([^"]*)"', page))
    fields = ("client-id", "client-secret", "username", "password")

    form = {name.replace("-", "_"): given[name] for name in fields}
    reply = client.post(flow["tokenUrl"], data={"grant_type": "password", "scope": "", **form})

    assert {"sign_in": []} in document["security"]
    assert reply.status_code == 200
    token = reply.get_json()["access_token"]
    found = client.get("/api/v4.1/event", headers={"Authorization": f"Bearer {token}"})
    assert found.status_code == 200


@pytest.mark.parametrize(
    ("settings", "client_id"),
    [
        (Settings(client_id="acme", client_secret="s3cret", password="pa55word"), "acme"),
        (Settings(host="0.0.0.0"), ""),
    ],
)
def test_no_secret_of_the_users_and_nothing_for_other_machines_is_on_the_page(
    settings: Settings, client_id: str
) -> None:
    client = create_app(build(settings)).test_client()
    page = client.get("/__ui/docs").text
    document = client.get("/openapi.json").text

    assert f'data-client-id="{client_id}"' in page
    assert 'data-client-secret=""' in page
    assert 'data-password=""' in page
    for text in (page, document):
        assert settings.client_secret not in text
        assert settings.password not in text


def test_no_other_file_is_served(client: FlaskClient) -> None:
    assert client.get("/__ui/docs/index.html").status_code == 404
    assert client.get("/__ui/docs/..%2f__init__.py").status_code == 404
