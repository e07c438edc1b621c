"""The control API of a running simulator, as commands call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click
import orjson
from click.core import ParameterSource

from ..client.answers import object_or_empty
from ..client.client_errors import UnreachableError
from ..client.exchanges import RoundTrip, Wire
from ..client.server_address import fault_of_address
from ..console.refusal import Refusal
from ..settings import ADMIN_TOKEN_ENV

URL = "http://127.0.0.1:4141"
TOKEN_HELP = (
    f"What a simulator that other machines can reach has printed at its start. [{ADMIN_TOKEN_ENV}]"
)
SECONDS_TO_ANSWER = 120.0
"""What is asked for may take the simulator a minute, such as to run all that falls due."""

Command = TypeVar("Command", bound=Callable[..., object])


def simulator_options(command: Command) -> Command:
    """`--url` and `--token`: which simulator, and what it asks for."""
    return _options(command, is_passed_on=True)


def before_the_verb(group: Command) -> Command:
    """The same two for a group, whose verbs take them from there; what stands behind one counts."""
    return _options(group, is_passed_on=False)


def _options(command: Command, *, is_passed_on: bool) -> Command:
    token = click.option(
        "--token",
        envvar=ADMIN_TOKEN_ENV,
        default="",
        metavar="TEXT",
        help=TOKEN_HELP,
        callback=_given,
        expose_value=is_passed_on,
    )
    url = click.option(
        "--url",
        default=URL,
        show_default=True,
        help="The simulator.",
        callback=_given,
        expose_value=is_passed_on,
    )
    return url(token(command))


def _given(context: click.Context, option: click.Parameter, value: str) -> str:
    """What was written on the command line, before the verb or behind it; else a default."""
    name = str(option.name)
    said = context.meta.setdefault(__name__, {})  # a group's verbs share it
    if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
        said[name] = value
    return str(said.get(name, value))


def named_values(api: ControlApi, option: str, texts: Sequence[str]) -> dict[str, str]:
    """What an option says by name; a value may be empty."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise api.refusal(f"{option} is {name!r}: expected NAME=VALUE.")
        found[name] = value
    return found


class ControlApi:
    """Calls a simulator for a command, which ends with a sentence where a call does not succeed."""

    def __init__(
        self, command: str, url: str, token: str, *, seconds: float = SECONDS_TO_ANSWER
    ) -> None:
        self._command = command
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        if wrong := fault_of_address(self._url):
            raise self.refusal(wrong)
        self._wire = Wire(seconds=seconds)

    def call(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | bytes | None = None,
        *,
        content_type: str = "application/json",
    ) -> RoundTrip:
        """A call that has to succeed; bytes are sent as they are."""
        headers, body = dict(self._headers), b""
        if document is not None:
            headers["Content-Type"] = content_type
            body = document if isinstance(document, bytes) else orjson.dumps(document)
        try:
            answer = self._wire.send(method, self._url + path, headers, body)
        except UnreachableError as fault:
            raise self.refusal(
                f"no simulator answers at {self._url} ({fault.reason});"
                " start one with `fluent-sim serve`, or name it with --url"
            ) from None
        if answer.status >= 300:
            raise self.refusal(self._why(answer))
        return answer

    def document(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | bytes | None = None,
        *,
        content_type: str = "application/json",
    ) -> dict[str, Any]:
        """The JSON object that such a call is answered with."""
        reply = self.call(method, path, document, content_type=content_type)
        answer = object_or_empty(reply.received)
        if not answer:
            raise self.refusal(f"at {self._url} is no simulator.")
        return answer

    def refusal(self, why: str) -> Refusal:
        """How the command ends."""
        return Refusal(f"fluent-sim {self._command}: {why}")

    def _why(self, answer: RoundTrip) -> str:
        try:
            errors = object_or_empty(answer.received)["errors"]
            return " ".join(
                f"{error['message']}: {error['detail']}"
                if error.get("detail")
                else error["message"]
                for error in errors
            )
        except (AttributeError, KeyError, TypeError):
            return f"at {self._url} is no simulator: it answers {answer.status}."
