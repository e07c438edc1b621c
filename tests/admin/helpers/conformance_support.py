"""What a simulator's conformance report says."""

from ...support import Client, Document

EVENT = "/api/v4.1/event/async"


def report(client: Client, **query: str) -> Document:
    reply = client.http.get("/__admin/conformance", query_string=query)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    document: Document = reply.get_json()
    return document


def rules(client: Client, **query: str) -> dict[str, Document]:
    """What is told of each rule that was broken."""
    return {entry["rule"]: entry for entry in report(client, **query)["rules"]}
