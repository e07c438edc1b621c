"""The contract as each peer is given it: the files that it is started with.

Each does as much as the peer can by what is written for it, without a program of one's own.
"""

from __future__ import annotations

import uuid

import orjson

from .shared_contract import (
    ACCEPTED,
    EVENTS,
    GRAPHQL,
    OPENING,
    POSITION,
    description,
    event_schema,
    held,
)

_JSON = "application/json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TOKEN = "Bearer .+"


def nothing() -> dict[str, bytes]:
    """For a peer with an API of its own."""
    return {}


def prism() -> dict[str, bytes]:
    """The OpenAPI description."""
    return {"openapi.json": orjson.dumps(description())}


def wiremock() -> dict[str, bytes]:
    """A stub with the schema of an event, and one with what is on hand."""
    schema = orjson.dumps({"$schema": _DRAFT, **event_schema()}).decode()
    stubs = {
        EVENTS: (orjson.dumps(ACCEPTED).decode(), [{"matchesJsonSchema": schema, **_V202012}]),
        GRAPHQL: (held(OPENING), []),
    }
    mappings = [
        {
            "request": {
                "method": "POST",
                "urlPath": path,
                "headers": {"Authorization": {"matches": _TOKEN}},
                "bodyPatterns": patterns,
            },
            "response": {"status": 200, "headers": {"Content-Type": _JSON}, "body": body},
        }
        for path, (body, patterns) in stubs.items()
    ]
    return {"mappings/stubs.json": orjson.dumps({"mappings": mappings})}


_V202012 = {"schemaVersion": "V202012"}


def mockserver() -> dict[str, bytes]:
    """An expectation with the schema of an event, and one with what is on hand."""
    schema = {"type": "JSON_SCHEMA", "jsonSchema": {"$schema": _DRAFT, **event_schema()}}
    asked = {"method": "POST", "headers": {"Authorization": [_TOKEN]}}
    expectations = [
        {
            "httpRequest": {**asked, "path": path, **body},
            "httpResponse": {
                "statusCode": 200,
                "headers": {"Content-Type": [_JSON]},
                "body": answer,
            },
        }
        for path, body, answer in (
            (EVENTS, {"body": schema}, orjson.dumps(ACCEPTED).decode()),
            (GRAPHQL, {}, held(OPENING)),
        )
    ]
    return {"expectations.json": orjson.dumps(expectations)}


def mockoon() -> dict[str, bytes]:
    """Two routes and two data buckets: the schema of an event, and the stock that deltas change."""
    is_sound = {
        "target": "body",
        "modifier": "",
        "value": "contract",
        "invert": False,
        "operator": "valid_json_schema",
    }
    apply = (
        "{{#each (bodyRaw 'attributes.deltas')}}"
        "{{setData 'inc' 'stock' (concat productRef ':' locationRef ':DEFAULT') qty}}"
        "{{/each}}"
    )
    routes = [
        _route(
            EVENTS,
            [
                _response(200, apply + orjson.dumps(ACCEPTED).decode(), rules=[is_sound]),
                _response(400, '{"errors":[{"code":"400"}]}', default=True),
            ],
        ),
        _route(GRAPHQL, [_response(200, held(f"{{{{data 'stock' '{POSITION}'}}}}"), default=True)]),
    ]
    environment = {
        "uuid": _id("environment"),
        "lastMigration": 33,
        "name": "inventory",
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
        "headers": [{"key": "Content-Type", "value": _JSON}],
        "data": [
            _bucket("contract", event_schema()),
            _bucket("stock", {POSITION: OPENING}),
        ],
    }
    return {"environment.json": orjson.dumps(environment)}


def _route(path: str, responses: list[dict[str, object]]) -> dict[str, object]:
    return {
        "uuid": _id(path),
        "type": "http",
        "method": "post",
        "endpoint": path.removeprefix("/"),
        "responses": responses,
    }


def _response(
    status: int,
    body: str,
    *,
    rules: list[dict[str, object]] | None = None,
    default: bool = False,
) -> dict[str, object]:
    return {
        "uuid": _id(body),
        "statusCode": status,
        "body": body,
        "rules": rules or [],
        "default": default,
    }


def _bucket(name: str, value: object) -> dict[str, object]:
    return {"uuid": _id(name), "id": name, "name": name, "value": orjson.dumps(value).decode()}


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def pytest_httpserver() -> dict[str, bytes]:
    """A program, as a test has one: it can compare a body as a whole, and knows no schema."""
    answers = {EVENTS: ACCEPTED, GRAPHQL: orjson.loads(held(OPENING))}
    return {"serve.py": (_SERVE % answers).encode()}


_SERVE = """import sys, threading
from pytest_httpserver import HTTPServer

server = HTTPServer(sys.argv[1], int(sys.argv[2]))
for path, answer in %r.items():
    server.expect_request(path, method="POST").respond_with_json(answer)
server.start()
threading.Event().wait()
"""
