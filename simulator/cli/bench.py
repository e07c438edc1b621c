"""`fluent-sim bench`: the command of the benchmarks, which can be run without this one too."""

# loadtests is a folder beside this one; it becomes a part of the package when installed
from ..loadtests.benchmarks.runner import main as command

__all__ = ["command"]
