"""What tests ask of the audit rows in the event log."""

from ...support import Client, Document
from .replies import of_kind

EVENT = "/api/v4.1/event"
MEL, SYD = "D45:LOC_MEL:DEFAULT", "D45:LOC_SYD:DEFAULT"


def search(client: Client, **query: str) -> list[Document]:
    """What a search finds, in order of happening."""
    reply = client.http.get(EVENT, query_string={"count": "5000", **query}, headers=client.headers)
    found: list[Document] = of_kind("event_log", reply)["results"]
    return found[::-1]


def audit(client: Client, document: Document) -> list[Document]:
    """The audit rows of an event that is sent now."""
    sent = client.send(document)
    return audit_of(client, sent["id"])


def audit_of(client: Client, event_id: str, **query: str) -> list[Document]:
    """The audit rows of an event, without what it has raised."""
    wanted = {"context.sourceEvents": event_id, "eventType": "ORCHESTRATION_AUDIT"}
    return search(client, **wanted, **query)


def told(rows: list[Document]) -> list[tuple[str, str | None, str | None]]:
    return [(row["category"], row["name"], row["context"]["entityRef"]) for row in rows]


def values(row: Document) -> Document:
    return {entry["name"]: entry["value"] for entry in row["attributes"]}


def actions(rows: list[Document]) -> list[Document]:
    return [values(row) for row in rows if row["category"] == "ACTION"]
