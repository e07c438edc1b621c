"""A server and the worlds that tests make on it."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from typing import Unpack
from urllib.parse import quote

from ..client.client_errors import AnswerError, UnreachableError
from ..client.control_calls import ControlCalls
from .connector_credentials import ConnectorCredentials
from .fluent_oms import FluentOms
from .world_options import WorldOptions, check_options, faults_of, unstruck_of, wish_of

NAMESPACES = "/__admin/namespaces"
LONGEST_NAME = 48
NO_PART_OF_A_NAME = re.compile(r"[^0-9A-Za-z_-]+")


class FluentServer:
    """Makes worlds of their own on a server, wherever that runs, and drops them."""

    def __init__(self, url: str, *, token: str = "", is_in_process: bool = False) -> None:
        """`token` is what the server's control API asks for, if it does.

        One `is_in_process` if it is in the process of the tests.
        """
        self.url = url.rstrip("/")
        self._token = token
        self._is_in_process = is_in_process
        self._calls = ControlCalls(url, token)
        self._names: dict[FluentOms, str] = {}

    def __repr__(self) -> str:
        return f"FluentServer({self.url!r})"

    def make(self, called: str = "", **options: Unpack[WorldOptions]) -> FluentOms:
        """A world with nothing in it; `called` becomes a part of its address."""
        check_options(options, "make")
        name = _name(called)
        path = f"{NAMESPACES}/{quote(name)}"
        told = self._calls.document("PUT", path, wish_of(options))
        calls = ControlCalls(told["url"], self._token, self._calls.wire)
        credentials = ConnectorCredentials.told(told)
        world = FluentOms(
            told["url"],
            credentials,
            calls=calls,
            seed=options.get("seed"),
            is_in_process=self._is_in_process,
            unstruck=unstruck_of(options),
        )
        self._names[world] = name
        try:
            world.faults.note_begun_with(faults_of(options))
        except BaseException:
            self.drop(world)
            raise
        return world

    def drop(self, world: FluentOms) -> None:
        """End a world with all that is in it; one that is gone already is none the worse."""
        name = self._names.pop(world, None)
        if name is not None:
            with suppress(AnswerError, UnreachableError):
                self._calls.call("DELETE", f"{NAMESPACES}/{quote(name)}")

    def close(self) -> None:
        """Drop all worlds that were made here, and close the connections."""
        for world in list(self._names):
            self.drop(world)
        self._calls.wire.close()


def _name(called: str) -> str:
    said = NO_PART_OF_A_NAME.sub("-", called)[:LONGEST_NAME].strip("-_")
    token = secrets.token_hex(4)
    return f"{said}-{token}" if said else token
