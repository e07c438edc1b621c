"""What every reply is held to: its schema, and Fluent's two shapes of a refusal."""

from collections.abc import Mapping
from typing import Any

from fluent_oms_simulator.intake.schemas import Schemas
from werkzeug.test import TestResponse

from ...support import Client, record

Document = dict[str, Any]

SCHEMAS = Schemas()

INVALID_TOKEN = {
    "errors": [
        {
            "code": "401",
            "message": "Invalid user, Authorization header value does not belong to a valid user",
        }
    ]
}


def of_kind(kind: str, reply: TestResponse, status: int = 200) -> Document:
    """The body of a reply that keeps to its schema."""
    text = reply.get_data(as_text=True)
    assert reply.status_code == status, f"{reply.status_code}: {text[:500]}"
    assert reply.content_type == "application/json"
    body: Document = reply.get_json()
    assert SCHEMAS.is_valid(kind, body), f"no {kind}: {text[:500]}"
    return body


def refusals(reply: TestResponse, status: int = 400) -> list[tuple[str, str]]:
    """Code and message of every fault that a refusal in the errors shape lists, with its detail."""
    body = of_kind("errors", reply, status)
    assert set(body) == {"errors"}
    for error in body["errors"]:
        assert set(error) - {"detail"} == {"code", "message"}
        assert isinstance(error["code"], str)
        assert isinstance(error["message"], str)
        assert error["message"]
    return [
        (error["code"], ": ".join(filter(None, (error["message"], error.get("detail")))))
        for error in body["errors"]
    ]


def oauth_refusal(reply: TestResponse, status: int = 400) -> tuple[str, str]:
    """Error and description of a refusal of the token endpoint."""
    body = of_kind("oauth_error", reply, status)
    assert set(body) == {"error", "error_description"}
    return body["error"], body["error_description"]


def is_refusal(body: object) -> bool:
    """Whether a body has one of Fluent's shapes for what went wrong."""
    return any(SCHEMAS.is_valid(kind, body) for kind in ("errors", "oauth_error")) or (
        isinstance(body, Mapping)
        and SCHEMAS.is_valid("event_result", body)
        and body.get("eventStatus") in ("FAILED", "NO_MATCH")
    )


def footprint(client: Client) -> object:
    """All that an applied request would leave behind: stock, jobs, batches, events."""
    log = of_kind("event_log", client.get("/api/v4.1/event", count="5000"))
    jobs: list[Document] = []
    while True:
        reply = client.get(f"/api/v4.1/job/{len(jobs) + 1}", count="5000")
        if reply.status_code == 404:
            break
        jobs.append(of_kind("job_status", reply))
    return client.positions(), jobs, log["results"]


def assert_refused(
    client: Client,
    path: str,
    body: object,
    *fragments: str,
    status: int = 400,
    code: str | None = None,
) -> list[tuple[str, str]]:
    """The request is refused for exactly one fault whose message holds all fragments."""
    before = footprint(client)

    listed = refusals(client.post(path, body), status)

    assert len(listed) == 1, listed
    found_code, message = listed[0]
    assert found_code == (code or str(status))
    for fragment in fragments:
        assert fragment in message, f"{fragment!r} is not in {message!r}"
    assert_goes_on(client, before)
    return listed


def assert_goes_on(client: Client, before: object) -> None:
    """Nothing was applied, and the next request is served."""
    client.settle()
    assert footprint(client) == before
    after = client.job()
    assert int(after) >= 1
    client.load([record("Z", "L", 11)], job=after)
    assert client.on_hand("Z", "L") == 11
