"""What tests of faults say to a simulator."""

from werkzeug.test import TestResponse

from ...support import Client, Document, delta, deltas


def arm(client: Client, *rules: Document, seed: int = 0) -> Document:
    """Arm these rules, once the client is signed in: they might strike that, too."""
    assert client.headers
    reply = client.http.put("/__admin/faults", json={"rules": list(rules), "seed": seed})
    assert reply.status_code == 200, reply.get_data(as_text=True)
    answer: Document = reply.get_json()
    return answer


def disarm(client: Client) -> None:
    """Remove all."""
    assert client.http.delete("/__admin/faults").status_code == 200


def shown(client: Client) -> Document:
    """What is armed, and what it has struck."""
    answer: Document = client.http.get("/__admin/faults").get_json()
    return answer


def sell(
    client: Client, delta_id: str = "one", product: str = "D45", **headers: str
) -> TestResponse:
    """Send a delta of -1."""
    document = deltas(delta(product, "LOC_MEL", -1, delta_id))
    return client.post("/api/v4.1/event/async", document, **headers)


def newest(client: Client) -> Document:
    """The request that was answered last."""
    found: Document = client.http.get("/__admin/requests?count=1").get_json()["results"][0]
    return found


def on_hand(client: Client) -> int:
    """The stock of D45, once all is applied."""
    client.settle()
    return client.on_hand("D45", "LOC_MEL")


def broken(report: Document) -> list[str]:
    """The rules of use that are broken."""
    return [each["rule"] for each in report["rules"]]
