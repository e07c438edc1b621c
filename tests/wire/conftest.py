"""One server for each file of tests, and what they say to it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from ..cli.conftest import serving, start_server
from .helpers.raw import Connection, Reply, connected, head

__all__ = ["start_server"]  # a fixture here too

CREDENTIALS = {
    "grant_type": "password",
    "client_id": "fluent-sim",
    "client_secret": "fluent-sim-secret",
    "username": "sim",
    "password": "sim-password",
}


@dataclass
class Wire:
    """A server that is reached over sockets only, and a token for it."""

    port: int
    token: str = ""

    def connect(self) -> AbstractContextManager[Connection]:
        """A new connection, for a `with`."""
        return connected(self.port)

    def signed_in(self, method: str, path: str, *headers: str) -> bytes:
        """The head of a call that carries the token."""
        return head(method, path, f"Authorization: Bearer {self.token}", *headers)

    def json_call(self, path: str, *headers: str) -> bytes:
        """The head of a POST of JSON that carries the token."""
        return self.signed_in("POST", path, "Content-Type: application/json", *headers)

    def get(self, path: str) -> Reply:
        """A whole GET with the token, on a connection of its own."""
        with self.connect() as connection:
            connection.send(self.signed_in("GET", path))
            return connection.reply()

    def post(self, path: str, document: object) -> Reply:
        """A whole POST with the token, on a connection of its own."""
        body = json.dumps(document).encode()
        with self.connect() as connection:
            connection.send(self.json_call(path, f"Content-Length: {len(body)}"), body)
            return connection.reply()

    def is_well(self) -> bool:
        """Whether health answers, on a connection of its own."""
        return self.get("/__admin/health").status == 200


def sign_in_with(port: int, credentials: Mapping[str, str]) -> Reply:
    """What the token endpoint says to these."""
    form = urlencode(credentials).encode()
    declared = "Content-Type: application/x-www-form-urlencoded"
    with connected(port) as connection:
        length = f"Content-Length: {len(form)}"
        connection.send(head("POST", "/oauth/token", declared, length), form)
        return connection.reply()


def sign_in(wire: Wire) -> str:
    """A token of the well-known user."""
    return str(sign_in_with(wire.port, CREDENTIALS).document["access_token"])


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """A server without stock."""
    with serving("--seed-data", "none") as server:
        found = Wire(server.port)
        found.token = sign_in(found)
        yield found


@pytest.fixture
def connection(wire: Wire) -> Iterator[Connection]:
    """A connection to it."""
    with connected(wire.port) as found:
        yield found
