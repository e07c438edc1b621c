"""`fluent-sim settling`: how fast a running simulator applies what it accepts."""

from __future__ import annotations

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from .control_api import ControlApi, VerbGroup, before_the_verb, simulator_options

PATH = "/__admin/settling"


@click.group(name="settling", cls=VerbGroup)
@before_the_verb
def command() -> None:
    """Choose how fast a running simulator applies what it accepts.

    `fluent-sim settle` applies what is held.
    """
    tell_unknown(ENV_PREFIX, variables())


@command.command()
@simulator_options
def show(url: str, token: str) -> None:
    """Tell how fast, and what is held."""
    _tell(url, token)


@command.command()
@simulator_options
def immediate(url: str, token: str) -> None:
    """Apply it at once, with all that is held."""
    _tell(url, token, {"mode": "immediate"})


@command.command()
@simulator_options
def manual(url: str, token: str) -> None:
    """Hold it until `fluent-sim settle`."""
    _tell(url, token, {"mode": "manual"})


@command.command(name="time")
@click.argument("milliseconds", type=int, required=False)
@click.option("--uniform", type=int, nargs=2, metavar="FROM TO", help="Between these.")
@click.option(
    "--lognormal",
    type=(int, float),
    metavar="MEDIAN SIGMA",
    help="Half of them shorter than MEDIAN; sigma is of the logarithm.",
)
@click.option("--seed", type=int, help="The same seed, the same times.  [default: 0]")
@simulator_options
def after_time(
    milliseconds: int | None,
    uniform: tuple[int, int] | None,
    lognormal: tuple[int, float] | None,
    seed: int | None,
    url: str,
    token: str,
) -> None:
    """Apply it so many MILLISECONDS of the simulator's time after it was accepted."""
    wanted: dict[str, object] = {"mode": "time"}
    if milliseconds is not None:
        wanted |= {"milliseconds": milliseconds}
    if uniform is not None:
        wanted |= {"distribution": "uniform", "from": uniform[0], "to": uniform[1]}
    if lognormal is not None:
        wanted |= {"distribution": "lognormal", "median": lognormal[0], "sigma": lognormal[1]}
    if seed is not None:
        wanted["seed"] = seed
    _tell(url, token, wanted)


def _tell(url: str, token: str, wanted: dict[str, object] | None = None) -> None:
    api = ControlApi("settling", url, token)
    answer = api.document("GET" if wanted is None else "PUT", PATH, wanted)
    held = answer.pop("held")
    told = [str(answer.pop("mode"))]
    told += [f"{name} {value}" for name, value in answer.items()]
    click.echo(f"{', '.join(told)}; {held['events']:,} events and {held['batches']:,} batches held")
