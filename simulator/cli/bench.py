"""`fluent-sim bench`: the command of the benchmarks, which can be run without this one too."""

from fluent_oms_simulator.loadtests.benchmarks.runner import main as command

__all__ = ["command"]
