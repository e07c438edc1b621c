"""Who may call: nobody without a token, and nobody for another account."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import quote

import orjson
import pytest
from fluent_oms_simulator.client.answers import Answer
from fluent_oms_simulator.client.builders import delta, record
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.running.plugin import Observe
from fluent_oms_simulator.contracts.suite.spelling import SPELLINGS
from fluent_oms_simulator.contracts.target.names import Names
from fluent_oms_simulator.intake.api_description import bundled

DOCUMENT = bundled()
METHODS = ("get", "post")
PROTECTED = [
    pytest.param(method.upper(), path, id=operation["operationId"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS and operation.get("security") != []
]
MESSAGE = "Invalid user, Authorization header value does not belong to a valid user"
"""The documented text (REST API error codes overview, 26 May 2025)."""
REFUSALS = (400, 401, 403, 404, 405)
NOT_A_TOKEN = "00000000000000000000000000000000"


def bad_headers(api: Api) -> dict[str, str | None]:
    """Headers that let nobody in; None stands for no header at all."""
    token = api.token
    user = base64.b64encode(b"somebody:something").decode()
    return {
        "no header": None,
        "an unknown token": f"Bearer {NOT_A_TOKEN}",
        "a token too long by one": f"Bearer {token}0",
        "a token too short by one": f"Bearer {token[:-1]}",
        "no token": "Bearer",
        "a token without its scheme": token,
        "another scheme": f"Basic {user}",
        "a token under another scheme": f"Basic {token}",
        "a header of nonsense": "Bearer\t;,=",
    }


@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_nobody_is_let_in_without_a_token(api: Api, method: str, path: str) -> None:
    for said, header in bad_headers(api).items():
        answer = called(api, method, path, header)

        assert answer.status == 401, f"{said}: answered {answer.status}, expected 401"
        errors = answer.document.get("errors") if isinstance(answer.document, dict) else None
        assert errors, f"{said}: expected a list of errors, found {answer.text[:200]}"
        assert errors[0] == {"code": "401", "message": MESSAGE}, f"{said}: {errors[0]}"


@pytest.fixture(scope="session")
def good_calls(api: Api, names: Names) -> Callable[[str], tuple[str, object]]:
    """For each path one of its own and a body, so that whoever is let in is answered 200."""
    job = api.open_job()
    position = names.product(), names.location()
    nothing, one_more = record(*position, 0), delta(*position, 1, names.delta_id())
    batch = str(api.load([nothing], job)["batchId"])
    change = api.event("INVENTORY_DELTA", {"deltas": [one_more]})
    event = str(api.send_and_wait(change)["id"])
    retailer = api.target.retailer_id
    bodies: dict[str, object] = {
        "/api/v4.1/job": {"name": names.prefix, "retailerId": retailer},
        "/api/v4.1/job/{jobId}/batch": {
            "action": "UPSERT",
            "entityType": "INVENTORY",
            "entities": [nothing],
        },
        "/api/v4.1/event/async": change,
        "/api/v4.1/event/sync": change,
        "/graphql": {"query": "{ __typename }"},
    }

    def call(path: str) -> tuple[str, object]:
        ids = {"{jobId}": job, "{batchId}": batch, "{eventId}": event}
        own = path
        for name, given in ids.items():
            own = own.replace(name, quote(given, safe=""))
        return own, bodies.get(path)

    return call


@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_no_spelling_of_a_path_lets_anybody_in(
    api: Api, method: str, path: str, good_calls: Callable[[str], tuple[str, object]]
) -> None:
    """Refused, or unknown: any other answer has gone round the look at the token.

    Sent as it is: most clients put a path in order before it leaves them. The calls are good ones,
    so that no refusal is about anything else.
    """
    own, body = good_calls(path)
    sent = None if body is None else orjson.dumps(body)
    for said, spelt in SPELLINGS.items():
        status = api.wire.raw(method, api.target.url, spelt(own), sent)

        assert status in REFUSALS, (
            f"{said}: {method} {spelt(own)} without a token was answered {status},"
            f" expected one of {', '.join(map(str, REFUSALS))}"
        )


def called(api: Api, method: str, path: str, header: str | None) -> Answer:
    """A call of an operation with a body that fits it, and this header."""
    headers = {} if header is None else {"Authorization": header}
    filled = path.replace("{jobId}", "1").replace("{batchId}", "1").replace("{eventId}", "1")
    body: object = None if method == "GET" else {}
    return api.call(method, filled, json=body, headers=headers, token=None)


def test_a_wrong_secret_is_told_from_a_wrong_password(api: Api) -> None:
    client = api.sign_in(client_secret="not the secret")
    user = api.sign_in(password="not the password")

    assert (client.status, user.status) == (401, 400)
    assert user.document["error"] == "invalid_grant"
    assert all("access_token" not in answer.document for answer in (client, user))


@pytest.mark.parametrize("left_out", ["grant_type", "client_id", "client_secret", "username"])
def test_a_sign_in_needs_all_its_parts(api: Api, left_out: str) -> None:
    answer = api.sign_in(**{left_out: ""})

    assert answer.status in (400, 401)
    assert isinstance(answer.document["error"], str)


def test_a_fresh_token_is_good(api: Api) -> None:
    answer = api.sign_in()
    token = answer.document["access_token"]

    assert answer.document["token_type"].lower() == "bearer"
    let_in = api.call("GET", "/api/v4.1/event?count=1", token=token)
    assert let_in.status == 200


def test_an_event_of_another_account(api: Api, names: Names, observe: Observe) -> None:
    """Refused, or taken for this account's own: both are possible, but never an error."""
    product, location = names.product(), names.location()
    api.load([record(product, location, 10)])
    deltas = [delta(product, location, -1, names.delta_id())]
    event = api.event("INVENTORY_DELTA", {"deltas": deltas}, accountId=f"{names.prefix}-OTHER")

    answer = api.send_event(event)

    assert answer.status < 500, answer.text
    if answer.status == 200:
        api.wait_for_event(answer.document["id"])
        observe("event.account_mismatch", "accept", "an event for another account was queued")
    else:
        assert api.on_hand(product, location) == 10, "a refused event has changed stock"
        observe("event.account_mismatch", "refuse", f"it was answered {answer.status}")
