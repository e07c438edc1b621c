"""One world of a simulator, for one run: made, its faults armed, looked at, dropped."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from ..client.exchanges import RoundTrip
from ..client.listed_rows import listed_rows
from ..client.upload_parts import upload_parts
from ..domain.trouble.fault_kinds import KINDS
from .fault_schedules import Schedule
from .run_judgement import Effect, NotExploredError, ObservedRun, Place

SECONDS_TO_SETTLE = 30
KEPT_FOR_AT_MOST = 60
"""Seconds of the simulator's time: longer than any fault of ours keeps something for later."""
MOST_UNEXPECTED = 20
"""Lines that are told of a list that is not met."""
_POLLED = {"expectations": [{"effect": "everyBatchPolledToComplete"}]}


class ControlOfWorlds(Protocol):
    """The control API, whose calls have to succeed; raises what ends the command."""

    def call(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | bytes | None = None,
        *,
        content_type: str = "application/json",
    ) -> RoundTrip:
        """A call."""
        ...

    def document(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | bytes | None = None,
        *,
        content_type: str = "application/json",
    ) -> dict[str, Any]:
        """The JSON object that a call is answered with."""
        ...


class DisturbedWorld:
    """A namespace with the faults of a schedule, for as long as it is entered."""

    def __init__(self, control: ControlOfWorlds, name: str, schedule: Schedule, seed: int) -> None:
        self._control = control
        self._path = f"/__admin/namespaces/{quote(name, safe='')}"
        self._admin = f"/__ns/{quote(name, safe='')}/__admin"
        self._schedule = schedule
        self._seed = seed
        self._before: dict[Place, int] = {}
        self.url = ""

    def __enter__(self) -> DisturbedWorld:
        self.url = self._control.document("PUT", self._path, {})["url"]
        if self._schedule:
            rules = [fault.rule(f"fault-{n}") for n, fault in enumerate(self._schedule, 1)]
            self._ask("PUT", "/faults", {"rules": rules, "seed": self._seed})
        else:
            self._before = {_place(row): row["onHand"] for row in self._pages("/positions")}
        return self

    def __exit__(self, *_: object) -> None:
        self._control.call("DELETE", self._path)

    def observe(self, expected: bytes | None) -> ObservedRun:
        """What has become of it, once all that was accepted is applied."""
        struck = {each["id"] for each in self._ask("GET", "/faults")["rules"] if each["fired"]}
        self._ask("DELETE", "/faults")
        settled = self._ask("POST", f"/settle?wait={SECONDS_TO_SETTLE}")
        if any(settled["keptByFaults"].values()):
            self._ask("POST", "/clock/advance", {"seconds": KEPT_FOR_AT_MOST})
            self._ask("POST", f"/settle?wait={SECONDS_TO_SETTLE}")
        stock: dict[Place, int] = {}
        effects: Counter[Effect] = Counter()
        doubled: dict[str, str] = {}
        for position in self._pages("/positions"):
            place = _place(position)
            stock[place] = position["onHand"]
            effects.update(_by_events(position, place))
        for delta in self._pages("/ledger"):
            counts = delta["arrivals"]
            if times := counts.get("applied", 0) + counts.get("added", 0):
                effects[Effect(_place(delta), delta["type"], _amount(delta))] += times
            if again := _doubled(delta):
                doubled[delta["deltaId"]] = again
        for record in self._pages("/ledger/records", fate="applied"):
            effects[Effect(_place(record), record["type"], record["amount"])] += 1
        verdict = self._ask("POST", "/verify", _POLLED)["results"][0]
        requests = list(self._pages("/requests"))[::-1]
        return ObservedRun(
            stock,
            effects,
            doubled,
            unpolled(verdict, requests),
            [] if expected is None else list(self._unmet(expected)),
            requests,
            frozenset(struck),
            self._before,
        )

    def _unmet(self, expected: bytes) -> Iterator[str]:
        """In what a file of stock or deltas is not met, as `fluent-sim reconcile` has it."""
        query = {"session": "explore"}
        kind, told, lines = "", 0, 0
        for part in upload_parts(io.BytesIO(expected)):
            at = urlencode(query | {"line": str(part.first_line)})
            answer = self._ask(
                "POST", f"/reconcile?{at}", part.body, content_type=part.content_type
            )
            kind = answer["kind"]
            lines += answer["lines"]
            for fault in answer["faults"]:
                where = f"of what is expected, line {fault['line']} cannot be read"
                raise NotExploredError(f"{where}: found {fault['found']}")
            for row in [*answer["missing"], *answer["different"]]:
                told += 1
                if told <= MOST_UNEXPECTED:
                    yield _unmet(row)
        if not lines:
            raise NotExploredError("of what is expected there is nothing: no line of data")
        if kind == "deltas":
            rest = urlencode(query | {"complete": "true", "count": str(MOST_UNEXPECTED)})
            for row in self._ask("POST", f"/reconcile?{rest}", b"", content_type="text/csv")[
                "extra"
            ]:
                yield f"delta {row['deltaId']} was applied ({row['qty']:+,}), and is not expected"

    def _pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        return listed_rows(self._control, self._admin + path, query)

    def _ask(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | bytes | None = None,
        *,
        content_type: str = "application/json",
    ) -> dict[str, Any]:
        return self._control.document(
            method, self._admin + path, document, content_type=content_type
        )


def _place(row: Mapping[str, Any]) -> Place:
    return row["catalogueRef"] or "", row["productRef"] or "", row["locationRef"] or ""


def _amount(delta: Mapping[str, Any]) -> int | None:
    """Of one application, as its first body has it."""
    taken = (body["qty"] for body in delta["bodies"] if body["takenIn"])
    amount: int | None = next(taken, delta["amount"])
    return amount


def _doubled(delta: Mapping[str, Any]) -> str:
    if "appliedAgain" in delta["fates"]:
        return "was applied more than once"
    if "conflicting" in delta["fates"]:
        return "was taken in under several bodies"
    return ""


def _by_events(position: Mapping[str, Any], place: Place) -> Iterator[Effect]:
    """What was neither a delta nor a record: those are told by the ledger, each with its amount."""
    for quantity in position["quantities"]:
        for change in quantity["history"]:
            source: str = change["source"]
            if source.startswith("mutation ") or "/attributes/items" in source:
                yield Effect(place, f"change of {quantity['type']}", None)


def _unmet(row: Mapping[str, Any]) -> str:
    if "deltaId" in row:
        applied = row.get("applied")
        what = f"was applied as {applied['qty']:+,}" if applied else "was not applied"
        return f"delta {row['deltaId']} ({row['qty']:+,}) {what}"
    where = f"{row['productRef']} at {row['locationRef']}"
    found = f"ends at {row['onHand']:,}" if "onHand" in row else "is not there"
    return f"{where} {found}, expected {row['believed']:,}"


def unpolled(verdict: Mapping[str, Any], requests: Sequence[Mapping[str, Any]]) -> str:
    """Why not every batch was polled to its end; one whose id nobody was told cannot be."""
    if verdict["verdict"] != "failed":
        return ""
    untold = {
        seen["id"]
        for seen in requests
        if any(KINDS[fault["kind"]].ends_the_call for fault in seen["outcome"].get("faults", ()))
    }
    is_excused = verdict["requestsTotal"] == len(untold.intersection(verdict["requests"]))
    return "" if is_excused else str(verdict["reason"])


def story(requests: Sequence[Mapping[str, Any]], most: int) -> list[dict[str, Any]]:
    """The requests of a run in short: those that a fault has struck, and what is around them."""
    struck = [n for n, seen in enumerate(requests) if seen["outcome"].get("faults")]
    first = max(0, struck[0] - 2) if struck else 0
    return [
        {
            "id": seen["id"],
            "operation": seen["operation"],
            "status": seen["status"],
            "faults": [fault["kind"] for fault in seen["outcome"].get("faults", ())],
        }
        for seen in requests[first : first + most]
    ]
