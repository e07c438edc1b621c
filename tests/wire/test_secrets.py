"""Nothing that lets somebody in is told to anybody else: in no log, report or list."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from ..cli.conftest import Server, serving
from ..cli.helpers.command_line import ENVIRON, fluent_sim
from ..support import delta, deltas
from .conftest import CREDENTIALS, Wire
from .helpers.raw import Reply, connected, head

SET = {
    "FLUENT_SIM_CLIENT_SECRET": "set-client-secret",
    "FLUENT_SIM_PASSWORD": "set-password",
    "FLUENT_SIM_ADMIN_TOKEN": "set-admin-token",
}
WRONG = ["wrong-client-secret", "wrong-password", "wrong-token", "wrong-refresh", "wrong-admin"]
FORMATS = ("text", "json", "junit", "sarif", "github", "markdown")
FORM = "Content-Type: application/x-www-form-urlencoded"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(
        "--host", "0.0.0.0", "--seed-data", "none", "--log-level", "debug", **SET
    ) as started:
        yield started


def exchange(port: int, sent: bytes, body: bytes = b"") -> Reply:
    with connected(port) as connection:
        connection.send(sent, body)
        return connection.reply()


def signed_in(port: int, *, in_query: bool, **other: str) -> Reply:
    """A sign-in, its parameters in the body or, as some clients send them, in the query."""
    parameters = urlencode({**CREDENTIALS, **other})
    if in_query:
        return exchange(port, head("POST", f"/oauth/token?{parameters}", "Content-Length: 0"))
    length = f"Content-Length: {len(parameters)}"
    return exchange(port, head("POST", "/oauth/token", FORM, length), parameters.encode())


def all_that_was_said(server: Server) -> tuple[list[str], list[str]]:
    """By calls that go well, go wrong and break off, and by all that tells of them.

    And the tokens that were handed out.
    """
    port, said, known = server.port, list[str](), list[str]()
    right = {"client_secret": "set-client-secret", "password": "set-password"}
    for in_query in (False, True):
        for parameters in (
            right,
            {**right, "password": "wrong-password"},
            {**right, "client_secret": "wrong-client-secret"},
            {**right, "grant_type": "refresh_token", "refresh_token": "wrong-refresh"},
        ):
            reply = signed_in(port, in_query=in_query, **parameters)
            if reply.status == 200:
                known += [reply.document["access_token"], reply.document["refresh_token"]]
            else:
                said.append(reply.body.decode())
    wire = Wire(port, known[0])
    for token in (known[0], "wrong-token"):
        wire.token = token
        replies = (
            wire.post("/api/v4.1/event/async", deltas(delta("A", "L", 0, "d"))),
            wire.post("/graphql", {"query": "{ nothing }"}),
            wire.get(f"/api/v4.1/event?access_token={token}"),
            wire.get(f"/api/v4.1/nothing?token={token}"),
        )
        said += [reply.body.decode() for reply in replies]
        exchange(port, wire.json_call("/api/v4.1/job", "Transfer-Encoding: chunked"), b"zz\r\n")
    for token in ("set-admin-token", "wrong-admin"):
        wire.token = token
        for path in ("health", "behaviours", "positions", "conformance", ""):
            said.append(wire.get(f"/__admin/{path}").body.decode())
    for path in ("/", "/__ui", "/__ui/docs", "/__ui/graphql", "/openapi.json"):
        said.append(exchange(port, head("GET", path)).body.decode())
    for form in FORMATS:
        told = fluent_sim("report", "--url", server.url, "--format", form, env=ENVIRON | SET)
        said += [told.stdout, told.stderr]
    assert server.stop() == 0
    said.append(server.log())
    return said, known


def test_no_secret_is_in_any_log_or_report(server: Server) -> None:
    said, tokens = all_that_was_said(server)
    secrets = [*SET.values(), *WRONG, *tokens]

    assert len(tokens) >= 2
    assert any("FOMS-" in text for text in said)
    assert [secret for secret in secrets if any(secret in text for text in said)] == []
