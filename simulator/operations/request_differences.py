"""Which requests came closest to one that was expected, and in what they differ from it."""

from collections.abc import Mapping, Sequence
from heapq import heappush, heappushpop
from typing import Any, NamedTuple

import orjson

from ..clock import timestamp
from ..domain.trouble.sightings import DELTA_ID, LOCATION, PRODUCT
from ..domain.verification.verdicts import Difference, NearMiss
from ..errors import shortened
from ..intake.operation_names import called
from ..stores.request_log import LoggedRequest
from ..text.redaction import Redaction
from .request_filter import RequestFilter, lines_of, may_hold
from .request_text import RequestText

MOST_NEAR = 3
"""Near misses that are told of one expected request."""
MOST_LISTED = 3
"""Values of a field that are told of one request."""
LIKE = 0.5
"""Share of a text that has to be the same where nothing else is."""


class _Near(NamedTuple):
    """A request that came close; the closer, the greater."""

    closeness: tuple[int, float, int]
    differences: tuple[Difference, ...]


class NearMisses:
    """Collects, for each of several filters, the requests that came closest to it."""

    def __init__(self, wanted: Sequence[RequestFilter], redaction: Redaction) -> None:
        self._redaction = redaction
        self._wanted = wanted
        self._found: list[list[_Near]] = [[] for _ in wanted]

    def look_at(self, entry: LoggedRequest) -> None:
        """Keep a request where it is closer than others."""
        lines = _Lines(entry)
        for wanted, found in zip(self._wanted, self._found, strict=True):
            differences = tuple(_differences(wanted, entry, lines, self._redaction))
            if not differences or len(differences) > (
                -found[0].closeness[0] if len(found) == MOST_NEAR else len(differences)
            ):
                continue
            likeness = sum(_likeness(each.expected, each.found) for each in differences)
            likeness /= len(differences)
            if len(differences) == wanted.fields and likeness < LIKE:
                continue
            near = _Near((-len(differences), likeness, entry.id), differences)
            if len(found) < MOST_NEAR:
                heappush(found, near)
            else:
                heappushpop(found, near)

    def of(self, index: int) -> list[NearMiss]:
        """Those of one filter, the closest first."""
        found = sorted(self._found[index], reverse=True)
        return [NearMiss(near.closeness[2], near.differences) for near in found]


class _Lines:
    """The lines of a request's body, read when somebody asks for them."""

    def __init__(self, entry: LoggedRequest) -> None:
        self._request = entry.request
        self._lines: list[dict[str, Any]] | None = None

    def differences(self, wanted: Mapping[str, tuple[Sequence[str], str]]) -> list[Difference]:
        """In what the closest line is not the one that is wanted; all fields where there is none.

        Each wanted field has the names under which lines have it, and its value.
        """
        absent = {
            field: value
            for field, (_, value) in wanted.items()
            if not may_hold(self._request, value)
        }
        if self._lines is None:
            sent = self._request.sent
            self._lines = lines_of(sent) if isinstance(sent, bytes) else []
        # Nothing is asked of each of thousands of lines that no line has.
        present = {field: names for field, (names, _) in wanted.items() if field not in absent}
        best: dict[str, Any] = self._lines[0] if self._lines else {}
        most = -1
        for line in self._lines if present else ():
            same = sum(
                any(line.get(name) == wanted[field][1] for name in names)
                for field, names in present.items()
            )
            if same > most:
                most, best = same, line
        told = []
        for field, (names, value) in wanted.items():
            if any(best.get(name) == value for name in names):
                continue
            is_close = most > 0 or field in present
            found = _value(best, names) if is_close else self._first_values(names)
            told.append(Difference(field, value, found or "nothing"))
        return told

    def _first_values(self, names: Sequence[str]) -> str:
        """What the first lines have under one of these names."""
        values: dict[str, None] = {}
        for line in self._lines or ():
            if value := _value(line, names):
                values[value] = None
            if len(values) > MOST_LISTED:
                return ", ".join([*list(values)[:MOST_LISTED], "..."])
        return ", ".join(values)


def _value(line: Mapping[str, Any], names: Sequence[str]) -> str:
    found = [line[name] for name in names if line.get(name) is not None]
    return shortened(found[0] if isinstance(found[0], str) else _json(found[0])) if found else ""


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _differences(
    wanted: RequestFilter, entry: LoggedRequest, lines: _Lines, redaction: Redaction
) -> list[Difference]:
    if wanted.matches(entry, redaction):
        return []
    request = entry.request
    told: list[Difference] = []
    operation = called(request.method, request.path).operation
    if not wanted.has_operation(operation):
        told.append(Difference("operation", str(wanted.operation), operation))
    text = RequestText(entry, redaction)
    path = text.path
    if wanted.path not in path:
        told.append(Difference("path", wanted.path, shortened(path)))
    if wanted.status and not wanted.has_status(entry.status):
        told.append(Difference("status", wanted.status, str(entry.status)))
    if wanted.client and wanted.client not in (request.address, request.agent):
        told.append(
            Difference("client", wanted.client, shortened(f"{request.address}, {text.agent}"))
        )
    if wanted.since is not None and entry.at < wanted.since:
        told.append(Difference("since", timestamp(wanted.since), timestamp(entry.at)))
    if wanted.until is not None and entry.at >= wanted.until:
        told.append(Difference("until", timestamp(wanted.until), timestamp(entry.at)))
    of_lines = {
        field: (names, value)
        for field, names, value in (
            ("product", PRODUCT, wanted.product),
            ("location", LOCATION, wanted.location),
            ("deltaId", DELTA_ID, wanted.delta_id),
        )
        if value
    }
    if of_lines:
        told += lines.differences(of_lines)
    if wanted.text and not wanted.holds_text(entry, redaction):
        told.append(Difference("text", wanted.text, "not among what is kept of it"))
    return told


def _likeness(expected: str, found: str) -> float:
    """Which share of two texts is the same at their beginnings and their ends."""
    shorter = min(len(expected), len(found))
    same = 0
    while same < shorter and expected[same] == found[same]:
        same += 1
    ending = 0
    while ending < shorter - same and expected[-1 - ending] == found[-1 - ending]:
        ending += 1
    return (same + ending) / max(len(expected), len(found), 1)
