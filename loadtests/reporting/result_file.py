"""The result file: one run as JSON, that `fluent-sim load compare` and other tools read."""

from __future__ import annotations

import dataclasses
import types
import typing
from pathlib import Path
from typing import Any, TypeVar, cast

import orjson
from fluent_oms_simulator.console.report_folder import RESULT

from .first_version import as_second
from .run_result import RESULT_VERSION, RunResult

_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE

T = TypeVar("T")


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
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise NotAResultError(f"it is not JSON ({error})") from error
    if not isinstance(document, dict) or "scenario" not in document:
        raise NotAResultError("it is JSON, but not the result of a load run")
    if document.get("version") == 1:
        document = as_second(document)
    if document.get("version") != RESULT_VERSION:
        raise NotAResultError(
            f"it has version {document.get('version')!r}; this program reads {RESULT_VERSION} and 1"
        )
    return _as(RunResult, document, "$")


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


def _as(kind: type[T], value: object, path: str) -> T:
    """`value` as a dataclass, whose fields are read by their annotations."""
    if not isinstance(value, dict):
        raise NotAResultError(f"{path} is {type(value).__name__}, not an object")
    hints = typing.get_type_hints(kind)
    fields = {each.name for each in dataclasses.fields(cast(Any, kind))}
    given = {
        name: _read(hints[name], content, f"{path}.{name}")
        for name, content in value.items()
        if name in fields
    }
    try:
        return kind(**given)
    except TypeError as error:
        raise NotAResultError(f"{path} is incomplete: {error}") from error


def _read(hint: Any, value: object, path: str) -> Any:
    if dataclasses.is_dataclass(hint):
        return _as(cast(type[Any], hint), value, path)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _one_of(arguments, value, path)
    if origin is tuple:
        if not isinstance(value, list):
            raise NotAResultError(f"{path} is {type(value).__name__}, not an array")
        return tuple(_read(arguments[0], each, f"{path}[{n}]") for n, each in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            raise NotAResultError(f"{path} is {type(value).__name__}, not an object")
        return {
            _scalar(arguments[0], key, path): _read(arguments[1], each, f"{path}.{key}")
            for key, each in value.items()
        }
    return _scalar(hint, value, path)


def _one_of(kinds: tuple[Any, ...], value: object, path: str) -> Any:
    if value is None and types.NoneType in kinds:
        return None
    if type(value) in kinds:
        return value
    rest = [each for each in kinds if each is not types.NoneType]
    if len(rest) == 1:
        return _read(rest[0], value, path)
    raise NotAResultError(f"{path} is {type(value).__name__}, which it cannot be")


def _scalar(kind: Any, value: object, path: str) -> Any:
    if type(value) is kind:
        return value
    if kind is float and type(value) is int:
        return float(value)
    if isinstance(value, str) and kind is not bool:  # a key of an object, or a word of an enum
        try:
            return kind(value)
        except ValueError:
            pass
    raise NotAResultError(f"{path} is {value!r:.60}, not {getattr(kind, '__name__', kind)}")
