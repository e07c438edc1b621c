"""`python -m fluent_oms_simulator` is `fluent-sim`, also where the command is not on the path."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """The command `fluent-sim`: runs it, and ends the process."""
    try:
        from .cli import main as command
        from .cli.ending import run
    except KeyboardInterrupt:  # Ctrl-C before there is anything that could be told
        sys.exit(130)
    run(command)


if __name__ == "__main__":
    main()
