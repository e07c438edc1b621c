"""`python -m fluent_oms_simulator` is `fluent-sim`, also where the command is not on the path."""

import sys

try:
    from contextlib import suppress
    from typing import NoReturn

    from .console.interrupts import Interrupts
except (KeyboardInterrupt, RuntimeError):  # as which Python 3.11 has it while a class is made
    sys.exit(130)  # there is nothing yet that could tell of it


def main() -> NoReturn:
    """The command `fluent-sim`: runs it, and ends the process."""
    interrupts = Interrupts()
    interrupts.begin()
    try:
        from .cli import main as command
        from .console.ending import run
    except BaseException:
        ended = interrupts.ended_by
        if ended is None:
            raise
        if sys.stderr is not None:
            with suppress(OSError):
                print(f"fluent-sim: {ended}.", file=sys.stderr)
        sys.exit(ended.exit_code)
    run(command)


if __name__ == "__main__":
    main()
