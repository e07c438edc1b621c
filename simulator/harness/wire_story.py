"""Everything that went over the wire in a world, as plain values that can be sent and written."""

from __future__ import annotations

from typing import Any

from ..client.client_errors import ClientError
from ..client.control_calls import ControlCalls
from .sent_requests import REQUESTS

MOST_REQUESTS = 500
"""Of a world: the last of them."""


def wire_story(calls: ControlCalls) -> dict[str, Any]:
    """What was sent and answered, oldest first, without secrets; or why that cannot be told."""
    told: dict[str, Any] = {"url": calls.url, "requests": [], "leftOut": 0, "why": ""}
    try:
        page = calls.document("GET", f"{REQUESTS}?count={MOST_REQUESTS}")
        told["leftOut"] = page["dropped"] + page["kept"] - len(page["results"])
        told["requests"] = [
            calls.document("GET", f"{REQUESTS}/{row['id']}") for row in reversed(page["results"])
        ]
    except ClientError as fault:
        told["why"] = str(fault)
    return told
