"""`fluent-sim demo`: the whole story once, told with the simulator's own answers."""

import click

from ..console.refusal import Refusal


@click.command(name="demo")
def command() -> None:
    """Start a simulator, load it, send deltas, and show what the catalogue shows and why."""
    from .demo_client import ClientError, running_simulator
    from .demo_story import tell

    try:
        with running_simulator() as client:
            tell(client)
    except ClientError as fault:
        raise Refusal(f"fluent-sim demo: {fault}") from None
