"""Heads that no sound client sends: answered or dropped, and the server lives on."""

import sys
from contextlib import ExitStack

import pytest

from ..cli.conftest import serving
from .conftest import Wire
from .helpers.raw import Connection, connected, head

POST = b"POST /api/v4.1/job HTTP/1.1\r\nHost: x\r\n"
HEADS = {
    "nothing of HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "zeros": bytes(4096),
    "no version": b"GET /\r\n\r\n",
    "an old version": b"GET / HTTP/0.9\r\n\r\n",
    "HTTP/2 at once": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a method of letters": b"A" * 5000 + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long path": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a space in the path": b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the path": b"GET /\xff\xfe\x80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "broken escapes": b"GET /%zz%%00%f HTTP/1.1\r\nHost: x\r\n\r\n",
    "an address": b"GET http://other/__admin/health HTTP/1.1\r\nHost: x\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "a tunnel": b"CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "bytes in a header": b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: \xff\xfe\r\n\r\n",
    "a zero in a header": b"GET / HTTP/1.1\r\nHost: x\r\nA: a\0b\r\n\r\n",
    "a long name": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a" * 20_000 + b": 1\r\n\r\n",
    "a long value": b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: 1\r\n" * 5_000 + b"\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two lengths": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "a length of words": POST + b"Content-Length: two\r\n\r\n",
    "an absurd length": POST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n",
    "chunks inside a coding": POST + b"Transfer-Encoding: chunked, x\r\n\r\n",
    "an absurd chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\n",
    "both framings": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("sent", HEADS.values(), ids=HEADS)
def test_a_hostile_head_harms_nobody(wire: Wire, connection: Connection, sent: bytes) -> None:
    try:
        connection.send(sent)
        connection.finish()
    except OSError:  # it would not hear all of it
        reply = None
    else:
        reply = connection.reply()

    assert reply is None or reply.status < 500, reply
    assert wire.is_well()


def test_requests_sent_in_one_go_are_answered_in_order(wire: Wire, connection: Connection) -> None:
    body = b'{"name": "pipelined", "retailerId": "1"}'
    post = wire.json_call("/api/v4.1/job", f"Content-Length: {len(body)}") + body
    connection.send((post + head("GET", "/__admin/ready")) * 200)

    replies = [connection.reply() for _ in range(400)]

    assert [reply.status for reply in replies] == [200] * 400
    ids = [int(reply.document["id"]) for reply in replies[::2]]
    assert ids == list(range(ids[0], ids[0] + 200))


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limit of that kind")
def test_many_more_connections_than_a_thousand_are_answered() -> None:
    import resource

    many = 1_200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2 * many:
        pytest.skip("the system allows too few open files")
    if soft != resource.RLIM_INFINITY and soft < many + 200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (many + 200, hard))
    with ExitStack() as stack:
        server = stack.enter_context(serving("--seed-data", "none"))
        clients = [stack.enter_context(connected(server.port)) for _ in range(many)]
        for client in clients:
            client.send(head("GET", "/__admin/ready"))

        assert {client.reply().status for client in clients} == {200}


def test_a_path_cannot_begin_a_line_of_the_log() -> None:
    with serving("--log-level", "debug") as server:
        for path in ("/a%0a::error::x", "/%0d%0a::error::y", "/%1b[31mred", "/%e2%80%a8::error::z"):
            with connected(server.port) as client:
                client.send(head("GET", path))
                assert client.reply().status == 404
        server.stop()
        log = server.log()

    assert r"/a\n::error::x" in log
    assert not [line for line in log.splitlines() if line.startswith("::error")]
    assert "\x1b" not in log
