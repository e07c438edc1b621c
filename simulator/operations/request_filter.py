"""Which of the requests that were seen are wanted."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import orjson

from ..errors import Fault, refused, shortened
from ..intake.operation_names import OPERATIONS, called
from ..stores.request_log import LoggedRequest
from ..text.redaction import Redaction
from .parameters import either, moment, nearest
from .request_text import RequestText

OPERATION_NAMES = tuple(OPERATIONS.values())
LINES = ("entities", "deltas", "items")
"""What lists the lines of a batch or an event."""
PRODUCT = ("productRef", "skuRef")
LOCATION = ("locationRef",)
DELTA_ID = ("deltaId",)


class RequestFilter(NamedTuple):
    """What a request has to be like; None and empty for what does not matter."""

    operation: str | None = None
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
        faults = []
        operation = query.get("operation")
        if operation is not None and operation not in OPERATION_NAMES:
            near = nearest(operation, OPERATION_NAMES)
            expected = near or either(OPERATION_NAMES)
            faults.append(Fault("?operation", f'"{shortened(operation)}"', expected))
        status = query.get("status", "")
        if status and not _is_status(status):
            expected = "a status such as 400, or a class of them such as 4xx"
            faults.append(Fault("?status", f'"{shortened(status)}"', expected))
        moments = {}
        for name in ("since", "until"):
            found = moment(query, name)
            if isinstance(found, Fault):
                faults.append(found)
            else:
                moments[name] = found
        if faults:
            raise refused(faults)
        return cls(
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

    def matches(self, entry: LoggedRequest, redaction: Redaction) -> bool:
        """Whether a request is wanted, by what is told of it.

        Who looks for a secret letter by letter would learn it.
        """
        request = entry.request
        return (
            (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
            and (not self.status or _has_status(entry.status, self.status))
            and self.path in request.path
            and (not self.path or self.path in RequestText(entry, redaction).path)
            and (not self.client or self.client in (request.address, request.agent))
            and self.operation in (None, called(request.method, request.path).operation)
            and (not self.text or _holds(entry, self.text, redaction))
            and self._matches_body(entry)
        )

    def _matches_body(self, entry: LoggedRequest) -> bool:
        sent = entry.request.sent if isinstance(entry.request.sent, bytes) else b""
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
        # Most bodies do not hold the letters, and need not be taken apart.
        if any(orjson.dumps(value)[1:-1] not in sent for _, value in wanted):
            return False
        return any(
            all(any(line.get(name) == value for name in names) for names, value in wanted)
            for line in lines_of(sent)
        )


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
    request, wanted = entry.request, text.encode(errors="replace")
    sent = request.sent if isinstance(request.sent, bytes) else b""
    told = RequestText(entry, redaction)
    return (
        (wanted in sent and text in told.sent)
        or (wanted in entry.reply and text in told.reply)
        or (text in request.path and text in told.path)
    )


def _is_status(text: str) -> bool:
    return len(text) == 3 and text[0] in "12345" and (text[1:] == "xx" or text.isdigit())


def _has_status(status: int, wanted: str) -> bool:
    return str(status) == wanted or (wanted.endswith("xx") and str(status)[0] == wanted[0])
