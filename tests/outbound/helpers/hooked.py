"""A simulator with webhooks, as a test of them sees it."""

from __future__ import annotations

from typing import Any

from ...support import Client, Document, event

PATH = "/__admin/webhooks"


def unmatched(name: str = "Unknown", **more: object) -> Document:
    """An event that no ruleset is for: it ends as NO_MATCH, and changes nothing."""
    return {**event(name, {"note": "é"}), **more}


def add(client: Client, url: str, name: str = "a", **more: object) -> Document:
    """A webhook, by the control API."""
    reply = client.http.put(f"{PATH}/{name}", json={"url": url, **more})
    assert reply.status_code in (200, 201), reply.get_data(as_text=True)
    told: Document = reply.get_json()
    return told


def deliveries(client: Client, name: str = "a", **query: object) -> list[Any]:
    """What it was told, the first one first, once what is due was tried."""
    wanted: dict[str, Any] = {"wait": 30, "count": 1000, **query}
    reply = client.http.get(f"{PATH}/{name}/deliveries", query_string=wanted)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    found: list[Any] = reply.get_json()["deliveries"]
    return found[::-1]


def send(client: Client, **more: object) -> str:
    """An event that has ended; its id."""
    return str(client.send(unmatched(**more))["id"])  # type: ignore[arg-type]


def advance(client: Client, **by: float) -> None:
    """Move the clock on."""
    reply = client.http.post("/__admin/clock/advance", json=by)
    assert reply.status_code == 200, reply.get_data(as_text=True)
