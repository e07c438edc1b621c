"""Every reply of a server held against its description, by both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import jsonschema_rs
import orjson
from fluent_oms_simulator.client.exchanges import RoundTrip
from fluent_oms_simulator.errors import Fault
from fluent_oms_simulator.intake.api_description import bundled
from fluent_oms_simulator.intake.operation_names import called

from ..reporting.run_report import Check, Place, Reported, Verdict
from ..rules.rule import Finding
from ..validation.file_faults import ENGINES
from .payload_judgements import disagreement
from .reference import Validator, fault_of

MOST_TOLD = 20
NAME = "shape: every reply that was seen fits its description"
METHODS = ("get", "post", "put", "patch", "delete")


class Engines(NamedTuple):
    """One schema, read by both."""

    fast: jsonschema_rs.Validator
    reference: Validator


class Replies:
    """A listener at the wire: judges what is described, and keeps what was wrong with it."""

    def __init__(self, base_url: str) -> None:
        self._base = urlsplit(base_url).path.rstrip("/")
        self._times: Counter[tuple[str, Finding]] = Counter()
        self._misfits: Counter[str] = Counter()
        self.judged = 0

    def __call__(self, exchange: RoundTrip) -> None:
        """Judge one reply, if a schema is described for it and it is JSON."""
        path = urlsplit(exchange.url).path.removeprefix(self._base)
        operation = called(exchange.method, path).operation
        engines = _engines(operation, exchange.status)
        if engines is None:
            return
        try:
            document = orjson.loads(exchange.received)
        except orjson.JSONDecodeError:
            return  # another contract's matter
        self.judged += 1
        fast = _fast_faults(engines.fast, document)
        reference = [fault_of(error) for error in engines.reference.iter_errors(document)]
        where = f"{operation} {exchange.status}"
        if bool(fast) != bool(reference):
            told = disagreement(fast, reference)
            self._count(self._times, (where, Finding(ENGINES.id, ENGINES.severity, *told)))
        elif reference:
            self._count(self._misfits, f"{where}: {reference[0].message}")

    @staticmethod
    def _count(times: Counter[Any], what: object) -> None:
        if what in times or len(times) < MOST_TOLD:
            times[what] += 1

    @property
    def note(self) -> str:
        """How many replies were judged."""
        many = "1 reply was" if self.judged == 1 else f"{self.judged:,} replies were"
        return f"{many} held against the description by two validators"

    @property
    def findings(self) -> list[Reported]:
        """Where the engines came to different verdicts."""
        return [
            Reported(finding, Place(where), ENGINES.hint, times, title=ENGINES.title)
            for (where, finding), times in self._times.items()
        ]

    @property
    def checks(self) -> list[Check]:
        """The replies that do not fit, as a failed check; nothing where all do."""
        told = [f"{what} ({times:,} times)" for what, times in self._misfits.items()]
        told += [f"{where}: {finding.found}" for where, finding in self._times]
        if not told:
            return []
        return [Check(NAME, Verdict.FAILED, told[0], "\n".join(told))]


def _fast_faults(validator: jsonschema_rs.Validator, document: object) -> list[Fault]:
    if validator.is_valid(document):
        return []
    return [
        Fault("".join(f"/{step}" for step in error.instance_path), "", error.message)
        for error in validator.iter_errors(document)
    ] or [Fault("", "a reply", "one that fits its schema")]


@cache
def _engines(operation: str, status: int) -> Engines | None:
    """Both engines for what an operation answers with this status; None where nothing is said."""
    described = _replies().get(operation, {})
    reply = _resolved(described.get(str(status), described.get("default", {})))
    schema = reply.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return None
    root = {**schema, "components": _description()["components"]}
    return Engines(jsonschema_rs.validator_for(root), Validator(root))


@cache
def _description() -> Mapping[str, Any]:
    return bundled()


@cache
def _replies() -> dict[str, Mapping[str, Any]]:
    """The described replies, by operation and status."""
    return {
        operation["operationId"]: operation["responses"]
        for item in _description()["paths"].values()
        for method, operation in item.items()
        if method in METHODS
    }


def _resolved(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    target = reply.get("$ref")
    if target is None:
        return reply
    found: Any = _description()
    for step in target.removeprefix("#/").split("/"):
        found = found[step]
    resolved: Mapping[str, Any] = found
    return resolved
