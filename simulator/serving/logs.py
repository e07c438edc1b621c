"""How the server logs: to standard error, each record on a line of its own, whatever it quotes."""

import logging
from typing import Any

from ..text.printable import printable, printable_lines

LONGEST = 4_000
"""Characters of a record."""
INSIDE = "  | "
"""What lines of a traceback begin with, so that nothing quoted in one begins a line."""


class OneLine(logging.Formatter):
    """Shows what cannot be printed as its escape: a path may hold ends of lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The record's line."""
        record.message = printable(record.message, LONGEST)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """The lines of a traceback."""
        lines = printable_lines(super().formatException(ei), 10 * LONGEST)
        return "\n".join(INSIDE + line for line in lines)


def logging_to_standard_error(level: str) -> dict[str, Any]:
    """A configuration for `logging.config`: standard output carries the one ready line."""
    console = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
    return {
        "formatters": {
            "generic": {"()": OneLine, "fmt": "[%(levelname)s] %(message)s"},
            "access": {"()": OneLine, "fmt": "%(message)s"},
        },
        "handlers": {
            "console": {**console, "formatter": "generic"},
            "access": {**console, "formatter": "access"},
        },
        "root": {"handlers": ["console"], "level": level.upper()},
    }
