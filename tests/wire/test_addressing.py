"""Whom a request is addressed to, and what of a head cannot be read: told in a sentence."""

import pytest
from fluent_oms_simulator import Settings, build, create_app

from .conftest import Wire
from .helpers.raw import Connection, head

PATH = "/api/v4.1/job"
BODY = b'{"name": "addressed", "retailerId": "1"}'
LENGTH = f"Content-Length: {len(BODY)}"
JSON = "Content-Type: application/json"


def next_job(wire: Wire) -> int:
    return int(wire.post(PATH, {"name": "witness", "retailerId": "1"}).document["id"]) + 1


def posted(wire: Wire, *lines: str, target: str = PATH) -> bytes:
    """A job, with these lines in its head besides its token."""
    token = f"Authorization: Bearer {wire.token}"
    return "\r\n".join([f"POST {target} HTTP/1.1", *lines, token, LENGTH, "", ""]).encode("latin-1")


@pytest.mark.parametrize(
    "host", ["", "a, b", "a,b", "a b", "a/b", "u:p@a", "a:b", "[::1", "x" * 300]
)
def test_a_host_that_is_none_is_refused(wire: Wire, connection: Connection, host: str) -> None:
    expected = next_job(wire)

    connection.send(posted(wire, f"Host: {host}", JSON), BODY)
    reply = connection.reply()

    assert reply.status == 400
    assert "expected the name of one host" in reply.message
    assert connection.is_closed()
    assert next_job(wire) == expected + 1


@pytest.mark.parametrize(
    "host", ["localhost:", "a_b.example:443", "[::1]:80", "acme.sandbox.api.fluentretail.com"]
)
def test_any_name_of_a_host_is_taken(wire: Wire, connection: Connection, host: str) -> None:
    connection.send(posted(wire, f"Host: {host}", JSON), BODY)

    assert connection.reply().status == 200


def test_over_http_1_0_a_host_may_be_empty_but_not_two(wire: Wire) -> None:
    for lines, status in (("Host: \r\n", 200), ("", 200), ("Host: a\r\nHost: a\r\n", 400)):
        with wire.connect() as connection:
            connection.send(f"GET /__admin/ready HTTP/1.0\r\n{lines}\r\n".encode())
            assert connection.reply().status == status


NAMES = ("Host", "Authorization", "Content-Type", "Content-Encoding", "X-Fluent-Sim-Namespace")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("others", [0, 1])
def test_what_is_no_ascii_where_it_decides_is_refused(
    wire: Wire, connection: Connection, name: str, others: int
) -> None:
    expected = next_job(wire)
    sound = {"Host": "localhost", "Content-Type": "application/json"}
    sound |= {"Authorization": f"Bearer {wire.token}"}
    again = sound.pop(name, "other")
    lines = [f"{name}: \xff", *[f"{name}: {again}"] * others]
    lines += [f"{other}: {value}" for other, value in sound.items()]
    text = "\r\n".join([f"POST {PATH} HTTP/1.1", *lines, LENGTH, "", ""])

    connection.send(text.encode("latin-1"), BODY)
    reply = connection.reply()

    assert reply.status == 400
    assert f"The header {name} " in reply.message
    assert "expected ASCII" in reply.message
    assert connection.is_closed()
    assert next_job(wire) == expected + 1


def test_what_is_no_ascii_elsewhere_is_passed_over(wire: Wire, connection: Connection) -> None:
    connection.send(posted(wire, "Host: x", JSON, "X-Name: \xe9", "User-Agent: caf\xe9"), BODY)
    assert connection.reply().status == 200

    connection.send(wire.signed_in("GET", "/api/v4.1/event", "User-Agent: caf\xe9"))
    assert connection.reply().status == 200
    [seen] = wire.get("/__admin/requests?operation=findEvents&count=1").document["results"]
    assert seen["client"]["agent"] == "<not ASCII>"


def test_a_tunnel_is_refused_for_what_it_is(wire: Wire, connection: Connection) -> None:
    connection.send(b"CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n")
    connection.send(wire.signed_in("GET", "/__admin/ready"))
    reply = connection.reply()

    assert reply.status == 405
    assert "CONNECT" not in reply.headers["allow"]
    assert "no proxy" in reply.message
    assert connection.is_closed()


@pytest.mark.parametrize("method", ["get", "Post", "cONNECT"])
def test_a_method_in_other_letters_is_another_method(
    wire: Wire, connection: Connection, method: str
) -> None:
    expected = next_job(wire)

    connection.send(posted(wire, "Host: x", JSON).replace(b"POST", method.encode(), 1), BODY)
    reply = connection.reply()

    assert reply.status == 405
    assert f"expected {method.upper()}" in reply.message
    assert next_job(wire) == expected + 1


def test_what_the_server_can_do_is_told_without_a_path(connection: Connection) -> None:
    app = create_app(build(Settings(seed_data="none")))
    methods = {name for rule in app.url_map.iter_rules() for name in rule.methods or ()}

    for _ in range(2):
        connection.send(head("OPTIONS", "*"))
        reply = connection.reply()
        assert (reply.status, reply.body) == (200, b"")
        assert set(reply.headers["allow"].split(", ")) == methods


def test_a_body_that_breaks_off_is_refused_without_a_path_too(connection: Connection) -> None:
    connection.send(head("OPTIONS", "*", "Transfer-Encoding: chunked"), b"zz\r\n")

    assert connection.reply().status == 400


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("target", ["*", "other", "other:80", "user:hidden@other:80"])
def test_what_names_no_path_is_refused(connection: Connection, method: str, target: str) -> None:
    connection.send(head(method, target, "Content-Length: 0"))
    reply = connection.reply()

    assert reply.status == 400
    assert "expected a path that begins with /" in reply.message
    assert "hidden" not in reply.message
    assert connection.is_closed()


def test_a_whole_address_may_stand_for_the_path(wire: Wire, connection: Connection) -> None:
    for address in ("http://localhost", "http://other.example:8080"):
        connection.send(posted(wire, "Host: x", JSON, target=address + PATH), BODY)
        assert connection.reply().status == 200

    # The name in the address counts, not the one in Host: this is no name of this machine.
    connection.send(head("GET", "http://other.example/__admin/positions"))
    assert connection.reply().status == 403


def test_a_user_in_an_address_is_refused(wire: Wire, connection: Connection) -> None:
    expected = next_job(wire)

    connection.send(posted(wire, "Host: x", JSON, target=f"http://u:hidden@localhost{PATH}"), BODY)
    reply = connection.reply()

    assert reply.status == 400
    assert "expected the name of one host" in reply.message
    assert "hidden" not in reply.message
    assert next_job(wire) == expected + 1
