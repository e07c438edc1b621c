"""The rows of a list of the control API, page after page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

__tracebackhide__ = True  # pytest shows the line of the test that has called

A_PAGE = 1_000


class GivesDocuments(Protocol):
    """The control API of a simulator."""

    def document(self, method: str, path: str) -> dict[str, Any]:
        """The JSON object that a call is answered with."""


def listed_rows(
    api: GivesDocuments, path: str, filters: Mapping[str, object]
) -> Iterator[dict[str, Any]]:
    """Every row of a list, as far as it is read: the next page is asked for when it is needed."""
    start, has_more = 0, True
    while has_more:
        query = urlencode({**filters, "start": start, "count": A_PAGE})
        page = api.document("GET", f"{path}?{query}")
        yield from page["results"]
        start += len(page["results"])
        has_more = page["hasMore"] and bool(page["results"])
