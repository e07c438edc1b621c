"""`python -m fluent_oms_simulator` is `fluent-sim`, also where the command is not on the path."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="fluent-sim")
