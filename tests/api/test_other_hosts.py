"""What the application sees to by itself, where a server without a door hands it requests."""

from ..support import Client


def test_a_transfer_coding_that_is_not_undone_is_refused(client: Client) -> None:
    body = {"name": "coded", "retailerId": "1"}

    reply = client.post("/api/v4.1/job", body, **{"Transfer-Encoding": "gzip, chunked"})

    assert reply.status_code == 501
    assert "expected chunked" in reply.get_json()["errors"][0]["message"]
