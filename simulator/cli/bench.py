"""`fluent-sim bench`: hands its arguments to the benchmarks."""

import sys
from importlib import import_module

import click


@click.command(
    name="bench",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
@click.pass_context
def command(context: click.Context) -> None:
    """Measure speed and memory; --help lists what can be measured."""
    # loadtests is a folder beside this one; it becomes a part of the package when installed
    benchmarks = import_module("fluent_oms_simulator.loadtests.benchmarks.runner")
    sys.exit(benchmarks.main(context.args, prog_name=context.command_path))
