"""Which of the requests that were seen are wanted."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple, Self

import orjson

from ..domain.trouble.sightings import DELTA_ID, LOCATION, PRODUCT
from ..errors import Fault, refused, shortened
from ..intake.operation_names import OPERATIONS, operation_of
from ..stores.request import Request
from ..stores.request_log import LoggedRequest
from ..text.redaction import Redaction
from .parameters import either, moment, nearest
from .request_text import RequestText

OPERATION_NAMES = tuple(OPERATIONS.values())
LINES = ("entities", "deltas", "items")
"""What lists the lines of a batch or an event."""


class RequestFilter(NamedTuple):
    """What a request has to be like; None and empty for what does not matter."""

    operation: str | None = None
    """One, or several with commas between."""
    path: str = ""
    status: str = ""
    product: str = ""
    location: str = ""
    delta_id: str = ""
    client: str = ""
    since: int | None = None
    until: int | None = None
    text: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """The filter that a query asks for; raises ApiError (400) for what cannot be one."""
        found, faults = cls.checked(query, "?")
        if faults:
            raise refused(faults)
        return found

    @classmethod
    def checked(cls, query: Mapping[str, str], under: str) -> tuple[Self, list[Fault]]:
        """The filter of some fields, and what is wrong with them, each fault under `under`."""
        faults = []
        operation = query.get("operation")
        if operation is not None:
            names = [name.strip() for name in operation.split(",")]
            unknown = next((name for name in names if name not in OPERATION_NAMES), None)
            if unknown is not None:
                expected = nearest(unknown, OPERATION_NAMES) or either(OPERATION_NAMES)
                faults.append(Fault(f"{under}operation", f'"{shortened(unknown)}"', expected))
            operation = ",".join(names)
        status = query.get("status", "")
        if status and not _is_status(status):
            expected = (
                "a status such as 400, a class of them such as 4xx, or 0 for no whole reply;"
                " several with commas between"
            )
            faults.append(Fault(f"{under}status", f'"{shortened(status)}"', expected))
        moments = {}
        for name in ("since", "until"):
            found = moment(query, name)
            if isinstance(found, Fault):
                faults.append(replace(found, pointer=f"{under}{name}"))
            else:
                moments[name] = found
        wanted = cls(
            operation,
            query.get("path", ""),
            status,
            query.get("product", ""),
            query.get("location", ""),
            query.get("deltaId", ""),
            query.get("client", ""),
            text=query.get("text", ""),
            **moments,
        )
        return wanted, faults

    @property
    def fields(self) -> int:
        """How many things matter."""
        return sum(value not in (None, "") for value in self)

    def has_operation(self, operation: str) -> bool:
        """Whether a request of this operation is wanted."""
        return self.operation is None or operation in self.operation.split(",")

    def has_status(self, status: int) -> bool:
        """Whether a reply with this status is wanted."""
        return not self.status or _has_status(status, self.status)

    def holds_text(self, entry: LoggedRequest, redaction: Redaction) -> bool:
        """Whether the text that is wanted stands in a request, or in what is kept of its reply."""
        return not self.text or _holds(entry, self.text, redaction)

    def may_match(self, entry: LoggedRequest, redaction: Redaction) -> bool:
        """Whether a request might be wanted for a text in that part of its reply that is not kept.

        To be asked of one that does not match.
        """
        is_cut = bool(self.text) and entry.reply_length > len(entry.reply)
        return is_cut and self._replace(text="").matches(entry, redaction)

    def matches(self, entry: LoggedRequest, redaction: Redaction) -> bool:
        """Whether a request is wanted, by what is told of it.

        Who looks for a secret letter by letter would learn it.
        """
        request = entry.request
        return (
            (
                self.operation is None
                or self.has_operation(operation_of(request.method, request.path))
            )
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
            and (not self.status or _has_status(entry.status, self.status))
            and (not self.path or self.path in RequestText(entry, redaction).path)
            and (not self.client or self.client in (request.address, request.agent))
            and (not self.delta_id or may_hold(request, self.delta_id))
            and (not self.product or may_hold(request, self.product))
            and (not self.location or may_hold(request, self.location))
            and self.holds_text(entry, redaction)
            and self._has_line(request)
        )

    def _has_line(self, request: Request) -> bool:
        wanted = [
            (names, value)
            for names, value in (
                (PRODUCT, self.product),
                (LOCATION, self.location),
                (DELTA_ID, self.delta_id),
            )
            if value
        ]
        if not wanted:
            return True
        sent = request.sent if isinstance(request.sent, bytes) else b""
        return any(
            all(any(line.get(name) == value for name in names) for names, value in wanted)
            for line in lines_of(sent)
        )


def may_hold(request: Request, value: str) -> bool:
    """Whether a body may have a text in one of its lines: most do not, and are not taken apart.

    A text may be written in several ways, but only with a backslash (RFC 8259, 7), and its quotes
    are a part of it: SKU_1 stands in SKU_17, too.
    """
    sent = request.sent
    return isinstance(sent, bytes) and (_as_written(value) in sent or b"\\" in sent)


@lru_cache(maxsize=16)  # the same is looked for in one request after another
def _as_written(value: str) -> bytes:
    return orjson.dumps(value)


def lines_of(body: bytes) -> list[dict[str, Any]]:
    """The records of a batch, or the deltas or items of an event; none of anything else."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    if not isinstance(document, dict):
        return []
    attributes = document.get("attributes")
    found: list[dict[str, Any]] = []
    for part in (document, attributes if isinstance(attributes, dict) else {}):
        for name in LINES:
            listed = part.get(name)
            if isinstance(listed, list):
                found += (line for line in listed if isinstance(line, dict))
    return found


def _holds(entry: LoggedRequest, text: str, redaction: Redaction) -> bool:
    # First what came: most of it does not hold the text, and need not be taken apart.
    request, wanted = entry.request, _encoded(text)
    sent = request.sent if isinstance(request.sent, bytes) else b""
    is_in = (wanted in sent, wanted in entry.reply, text in request.path)
    if not any(is_in):
        return False
    told = RequestText(entry, redaction)
    return (
        (is_in[0] and text in told.sent)
        or (is_in[1] and text in told.reply)
        or (is_in[2] and text in told.path)
    )


@lru_cache(maxsize=16)
def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")


def _is_status(text: str) -> bool:
    return all(
        each == "0"  # of what was answered by no whole reply
        or (len(each) == 3 and each[0] in "12345" and (each[1:] == "xx" or each.isdigit()))
        for each in text.split(",")
    )


@lru_cache(maxsize=1_000)
def _has_status(status: int, wanted: str) -> bool:
    return any(
        str(status) == each or (each.endswith("xx") and str(status)[0] == each[0])
        for each in wanted.split(",")
    )
