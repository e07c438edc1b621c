"""`python -m fluent_oms_simulator.loadtests.benchmarks`: run the benchmarks."""

from fluent_oms_simulator.console.ending import run

from .runner import main

if __name__ == "__main__":
    run(main, "python -m fluent_oms_simulator.loadtests.benchmarks")
