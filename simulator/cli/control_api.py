"""The control API of a running simulator, as commands call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from ..client.client_errors import ClientError, UnreachableError
from ..client.control_calls import SECONDS_TO_ANSWER, ControlCalls
from ..client.exchanges import RoundTrip, Wire
from ..client.server_address import URL, fault_of_address
from ..console.refusal import Refusal
from ..settings import ADMIN_TOKEN_ENV

TOKEN_HELP = (
    f"What a simulator that other machines can reach has printed at its start. [{ADMIN_TOKEN_ENV}]"
)

Command = TypeVar("Command", bound=Callable[..., object])


class VerbGroup(click.Group):
    """A group that names its verbs where only the simulator is named; with nothing it is help."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.invoke_without_command = self.no_args_is_help = True
        self.subcommand_metavar = "VERB [ARGS]..."

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        done = super().invoke(ctx)
        if ctx.invoked_subcommand is None:
            ctx.fail(f"Missing verb: expected one of {', '.join(self.list_commands(ctx))}")
        return done


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
        self._calls = ControlCalls(url, token, Wire(seconds=seconds))
        if wrong := fault_of_address(self._calls.url):
            raise self.refusal(wrong)

    def call(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | bytes | None = None,
        *,
        content_type: str = "application/json",
    ) -> RoundTrip:
        """A call that has to succeed; bytes are sent as they are."""
        with self._ends_in_a_sentence():
            return self._calls.call(method, path, document, content_type=content_type)

    def document(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | bytes | None = None,
        *,
        content_type: str = "application/json",
    ) -> dict[str, Any]:
        """The JSON object that such a call is answered with."""
        with self._ends_in_a_sentence():
            return self._calls.document(method, path, document, content_type=content_type)

    def refusal(self, why: str) -> Refusal:
        """How the command ends."""
        return Refusal(f"fluent-sim {self._command}: {why}")

    @contextmanager
    def _ends_in_a_sentence(self) -> Iterator[None]:
        try:
            yield
        except UnreachableError as fault:
            raise self.refusal(
                f"no simulator answers at {self._calls.url} ({fault.reason});"
                " start one with `fluent-sim serve`, or name it with --url"
            ) from None
        except ClientError as fault:
            raise self.refusal(str(fault)) from None
