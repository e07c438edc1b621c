"""No form of a page changes anything through the control API, whichever call it is sent to.

The calls are those that `GET /__admin` lists, so that a new one is held to the same.
"""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ..api.helpers.replies import refusals
from ..support import Client, record

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
NAMESPACE = "/__ns/other"
FORMS = (
    "application/x-www-form-urlencoded",
    "text/plain",
    "text/plain;charset=UTF-8",
    "multipart/form-data; boundary=x",
)
"""What a form is sent as, and a script of another site without being asked before."""
BODIES = (b"", b"{}", b"units=0", b"a" * 100_000)


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load([record("D45", "LOC_MEL", 100)])
    assert client.http.put(f"/__admin/namespaces/{NAMESPACE[6:]}", json={}).status_code == 201
    assert client.http.put("/__admin/snapshots/empty", json={}).status_code == 201
    return client


def changing_calls(http: FlaskClient) -> list[tuple[str, str]]:
    listed = http.get("/__admin").get_json()["calls"]
    calls = [(call["method"], re.sub(r"\{\w+\}", "empty", call["path"])) for call in listed]
    found = [call for call in calls if call[0] in CHANGING]
    for path in ("reset", "settle", "conformance/reset", "snapshots/empty/restore", "seed"):
        assert ("POST", f"/__admin/{path}") in found
    return found


def sent(
    http: FlaskClient, call: tuple[str, str], headers: dict[str, str], body: bytes = b""
) -> TestResponse:
    """As a browser sends it, which tells how long a body is also where there is none."""
    method, path = call
    return http.open(path, method=method, data=body, headers=headers)


@pytest.mark.parametrize("base", ["", NAMESPACE])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_refused_by_every_call_that_changes_something(
    stocked: Client, form: str, base: str
) -> None:
    http = stocked.http
    for method, path in changing_calls(http):
        for body in BODIES:
            for page in ({}, {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}):
                headers = {"Content-Type": form, **page}
                [(_, told)] = refusals(sent(http, (method, base + path), headers, body), 415)
                assert told.startswith(f"The Content-Type is {form.partition(';')[0]}"), path
    assert stocked.on_hand("D45", "LOC_MEL") == 100


@pytest.mark.parametrize("base", ["", NAMESPACE])
def test_a_body_of_no_type_is_refused_by_every_call_that_changes_something(
    stocked: Client, base: str
) -> None:
    for method, path in changing_calls(stocked.http):
        [(_, told)] = refusals(sent(stocked.http, (method, base + path), {}, b"{}"), 415)
        assert told.startswith("The Content-Type is none: expected "), path


@pytest.mark.parametrize("base", ["", NAMESPACE])
@pytest.mark.parametrize(
    "page",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
    ids=str,
)
def test_a_foreign_page_is_refused_whatever_it_sends(
    stocked: Client, page: dict[str, str], base: str
) -> None:
    for method, path in changing_calls(stocked.http):
        for declared in ({}, {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}):
            refusals(sent(stocked.http, (method, base + path), {**page, **declared}), 403)
    assert stocked.on_hand("D45", "LOC_MEL") == 100


@pytest.mark.parametrize("base", ["", NAMESPACE])
def test_what_needs_no_body_is_called_without_one(stocked: Client, base: str) -> None:
    """As `curl -X POST` does, or a program that declares JSON and sends none of it."""
    if base:
        assert stocked.http.put(f"{base}/__admin/snapshots/empty").status_code == 201
    for declared in ({}, {"Content-Type": "application/json"}):
        for method, path in (
            ("POST", "/__admin/settle"),
            ("POST", "/__admin/snapshots/empty/restore"),
            ("POST", "/__admin/conformance/reset"),
            ("DELETE", "/__admin/faults"),
            ("DELETE", "/__admin/requests"),
            ("DELETE", "/__admin/clock"),
            ("POST", "/__admin/reset"),
        ):
            reply = sent(stocked.http, (method, base + path), declared)
            assert reply.status_code == 200, (path, reply.get_data(as_text=True))


def test_a_namespace_and_a_snapshot_are_made_without_a_body(client: Client) -> None:
    for path in ("namespaces/alpha", "snapshots/alpha"):
        assert client.http.put(f"/__admin/{path}").status_code == 201


def test_a_call_that_needs_a_body_says_so(client: Client) -> None:
    for method, path in (("PUT", "faults"), ("POST", "verify"), ("POST", "clock/advance")):
        [(_, told)] = refusals(client.http.open(f"/__admin/{path}", method=method), 400)
        assert told == "The body is empty: expected a JSON object."
