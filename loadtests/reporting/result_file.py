"""The result file: one run as JSON, that `fluent-sim load compare` and other tools read."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import orjson
from fluent_oms_simulator.console.report_folder import RESULT
from fluent_oms_simulator.text.json_documents import NotADocumentError, document_in

from .first_version import as_second
from .run_result import RESULT_VERSION, RunResult

_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE


class NotAResultError(ValueError):
    """What was read is not a result of a load run; the message is a sentence for people."""


def to_json(result: RunResult) -> bytes:
    """A result as the content of its file; the verdict is said first, and worked out anew."""
    verdict = {"verdict": result.verdict, "exit_code": result.verdict.exit_code}
    facts = {each.name: getattr(result, each.name) for each in dataclasses.fields(result)}
    return orjson.dumps(verdict | facts, option=_OPTIONS)


def from_json(content: bytes) -> RunResult:
    """The result that a file holds; raises NotAResultError."""
    try:
        document = document_in(content)
    except NotADocumentError as error:
        raise NotAResultError(f"it is not JSON ({error})") from error
    if not isinstance(document, dict) or "scenario" not in document:
        raise NotAResultError("it is JSON, but not the result of a load run")
    if document.get("version") == 1:
        document = as_second(document)
    if document.get("version") != RESULT_VERSION:
        raise NotAResultError(
            f"it has version {document.get('version')!r}; this program reads {RESULT_VERSION} and 1"
        )
    try:
        return msgspec.convert(document, RunResult, str_keys=True)
    except msgspec.ValidationError as error:
        fault, _, place = str(error).partition(" - at ")
        raise NotAResultError(f"at {place or '`$`'}: {fault[0].lower()}{fault[1:]}") from error


def read(path: Path) -> RunResult:
    """Read a result file, or that of a folder; raises NotAResultError with a sentence."""
    if path.is_dir():
        path = path / RESULT
    try:
        return from_json(path.read_bytes())
    except OSError as error:
        raise NotAResultError(f"{path} cannot be read: {error.strerror}") from error
    except NotAResultError as error:
        raise NotAResultError(f"{path} is not the result of a load run: {error}") from error
