"""`fluent-sim demo`: the whole story once, told with the simulator's own answers."""

import click

from ..console.refusal import Refusal


@click.command(name="demo")
def command() -> None:
    """Start a simulator, load it, send deltas, and show what the catalogue shows and why."""
    from ..client.client_errors import ClientError
    from ..client.fluent_api import Api
    from ..client.simulator_process import started
    from ..client.target_server import Target
    from .demo_story import tell

    try:
        with started() as server:
            tell(Api(Target(server.url)))
    except ClientError as fault:
        raise Refusal(f"fluent-sim demo: {fault}") from None
