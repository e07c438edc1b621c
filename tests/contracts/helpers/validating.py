"""Runs `fluent-sim validate` for a test, and reads what it reports."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner, Result
from fluent_oms_simulator.cli import main

Document = dict[str, Any]


class Found(NamedTuple):
    """What a test asks of a finding."""

    rule: str
    line: int | None
    column: int | None
    pointer: str


def validate(*args: object, stdin: bytes | None = None) -> Result:
    """The command as a person runs it; a traceback fails the test."""
    result = CliRunner().invoke(main, ["validate", *map(str, args)], input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def report_of(*args: object, stdin: bytes | None = None) -> Document:
    """The report as JSON, whatever the exit code."""
    result = validate("--format", "json", *args, stdin=stdin)
    report: Document = json.loads(result.stdout)
    return report


def findings(*args: object, stdin: bytes | None = None) -> list[Found]:
    """Every finding, in the order of the report."""
    return [
        Found(row["rule"], row["place"]["line"], row["place"]["column"], row["pointer"])
        for row in report_of(*args, stdin=stdin)["findings"]
    ]


def write(path: Path, content: object) -> Path:
    """A file with text as it is, or with anything else as JSON."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_bytes(text.encode())
    return path


def lines(*documents: Mapping[str, object]) -> str:
    """NDJSON."""
    return "".join(json.dumps(document) + "\n" for document in documents)
