"""`python -m fluent_oms_simulator.loadtests.benchmarks`: run the benchmarks."""

from .runner import main

if __name__ == "__main__":
    main(prog_name="python -m fluent_oms_simulator.loadtests.benchmarks")
