"""Requests that two readers could take for different ones: refused, or read in one way only."""

import json

import pytest

from .conftest import Wire
from .helpers.raw import LAST_CHUNK, Connection, Reply, chunk, head

PATH = "/api/v4.1/job"
BODY = b'{"name": "carrier", "retailerId": "1"}'
HIDDEN = b'{"name": "hidden", "retailerId": "1"}'
LENGTH = f"Content-Length: {len(BODY)}"
CHUNKED = "Transfer-Encoding: chunked"
CHUNKS = chunk(BODY) + LAST_CHUNK

REFUSED = {
    "another length": ([LENGTH, "Content-Length: 5"], BODY),
    "another length first": (["Content-Length: 5", LENGTH], BODY),
    "a list of lengths": ([f"{LENGTH}, {len(BODY)}"], BODY),
    "a length with a sign": ([f"Content-Length: +{len(BODY)}"], BODY),
    "a length with a fraction": ([f"{LENGTH}.0"], BODY),
    "a length in hexadecimal": ([f"Content-Length: 0x{len(BODY):x}"], BODY),
    "a length with a gap": (["Content-Length: 3 8"], BODY),
    "a length that is empty": (["Content-Length: "], BODY),
    "a length and bytes": ([LENGTH, "Content-Length: \xff"], BODY),
    "a folded line": (["X: a\r\n b", LENGTH], BODY),
    "a folded length": ([f"Content-Length:\r\n {len(BODY)}"], BODY),
    "a space before the first field": ([f"{LENGTH}\r\n X: a"], BODY),
    "a space before the colon": (["X : a", LENGTH], BODY),
    "a space before the length's colon": ([f"Content-Length : {len(BODY)}"], BODY),
    "a space before the coding's colon": (["Transfer-Encoding : chunked", LENGTH], BODY),
    "a tab before the colon": (["X\t: a", LENGTH], BODY),
    "a carriage return alone": (["X: a\rTransfer-Encoding: chunked", LENGTH], BODY),
    "a zero": (["X: a\0b", LENGTH], BODY),
    "a field without a name": ([": a", LENGTH], BODY),
    "a line without a colon": (["Transfer-Encoding chunked", LENGTH], BODY),
    "a coding twice": ([CHUNKED, CHUNKED], CHUNKS),
    "a coding in a list": (["Transfer-Encoding: identity, chunked"], CHUNKS),
    "a coding that is last": (["Transfer-Encoding: chunked, identity"], CHUNKS),
    "a coding that is none": (["Transfer-Encoding: identity", LENGTH], BODY),
    "a coding nearly": (["Transfer-Encoding: xchunked", LENGTH], BODY),
    "a coding in quotes": (['Transfer-Encoding: "chunked"'], CHUNKS),
    "a coding behind a control": (["Transfer-Encoding: \x0bchunked"], CHUNKS),
    "a coding with bytes": (["Transfer-Encoding: chunked\xff", LENGTH], BODY),
    "a chunk with a prefix": ([CHUNKED], b"0x" + CHUNKS),
    "a chunk with a sign": ([CHUNKED], b"+" + CHUNKS),
    "chunks that end in a line feed": ([CHUNKED], CHUNKS.replace(b"\r\n", b"\n")),
    "a line feed in an extension": ([CHUNKED], CHUNKS.replace(b"\r\n", b";a\nb\r\n", 1)),
    "a chunk that goes on": ([CHUNKED], b"5\r\n" + BODY + b"\r\n" + LAST_CHUNK),
    "a field behind the chunks": ([CHUNKED], CHUNKS[:-2] + b"Content-Length: 3\r\n\r\n"),
}
ONE_READING = {
    "a length before chunks": ([LENGTH, CHUNKED], CHUNKS),
    "a length behind chunks": ([CHUNKED, "Content-Length: 5"], CHUNKS),
    "a length that would hold what follows": ([CHUNKED, "Content-Length: 9000"], CHUNKS),
}


def hidden(wire: Wire) -> bytes:
    """A whole request, which whoever reads the one before it otherwise would find in it."""
    return wire.json_call(PATH, f"Content-Length: {len(HIDDEN)}") + HIDDEN


def next_job(wire: Wire) -> int:
    return int(wire.post(PATH, {"name": "witness", "retailerId": "1"}).document["id"]) + 1


def replies(connection: Connection) -> list[Reply]:
    """All that come before the connection is closed."""
    found = []
    while (reply := connection.reply()).status:
        found.append(reply)
    return found


@pytest.mark.parametrize(("headers", "body"), REFUSED.values(), ids=REFUSED)
def test_what_can_be_read_in_two_ways_is_refused_and_nothing_is_applied(
    wire: Wire, connection: Connection, headers: list[str], body: bytes
) -> None:
    expected = next_job(wire)

    connection.send(wire.json_call(PATH, *headers), body, hidden(wire))
    answers = replies(connection)

    assert [reply.status for reply in answers] in ([400], [501])
    assert next_job(wire) == expected + 1


@pytest.mark.parametrize(("headers", "body"), ONE_READING.values(), ids=ONE_READING)
def test_where_a_length_and_chunks_are_announced_nothing_is_read_behind_the_chunks(
    wire: Wire, connection: Connection, headers: list[str], body: bytes
) -> None:
    expected = next_job(wire)

    connection.send(wire.json_call(PATH, *headers), body, hidden(wire))
    [reply] = replies(connection)

    assert (reply.status, reply.document["id"]) == (200, str(expected))
    assert next_job(wire) == expected + 2


def test_chunks_over_http_1_0_are_refused(wire: Wire, connection: Connection) -> None:
    expected = next_job(wire)
    call = wire.json_call(PATH, CHUNKED, "Connection: keep-alive")

    connection.send(call.replace(b"HTTP/1.1", b"HTTP/1.0"), CHUNKS, hidden(wire))

    assert [reply.status for reply in replies(connection)] == [400]
    assert next_job(wire) == expected + 1


def test_a_length_said_twice_is_one_length(wire: Wire, connection: Connection) -> None:
    expected = next_job(wire)

    connection.send(wire.json_call(PATH, LENGTH, LENGTH), BODY, hidden(wire))

    ids = [connection.reply().document["id"] for _ in range(2)]
    assert ids == [str(expected), str(expected + 1)]


@pytest.mark.parametrize("zeros", [1, 5_000])
@pytest.mark.parametrize("declared", ["application/json", "text/plain"])
def test_zeros_before_a_length_mean_nothing(
    wire: Wire, connection: Connection, zeros: int, declared: str
) -> None:
    length = f"Content-Length: {'0' * zeros}{len(BODY)}"
    status = 200 if declared == "application/json" else 415

    for _ in range(2):
        typed = f"Content-Type: {declared}"
        connection.send(wire.signed_in("POST", PATH, typed, length), BODY)
        assert connection.reply().status == status
        unread = ("DELETE", "/__admin/requests", "Content-Type: application/json", length)
        connection.send(wire.signed_in(*unread), BODY)
        assert connection.reply().status == 200


@pytest.mark.parametrize("lines", ["all", "each but the last", "the last"])
def test_a_line_feed_alone_ends_a_line_and_nothing_else(
    wire: Wire, connection: Connection, lines: str
) -> None:
    """The parser takes it (RFC 9112, 2.2, lets it) and does not tell: so there is one reading."""
    expected = next_job(wire)
    call = wire.json_call(PATH, "X: a", LENGTH)
    if lines == "all":
        call = call.replace(b"\r\n", b"\n")
    elif lines == "the last":
        call = call.removesuffix(b"\r\n") + b"\n"
    else:
        call = call.removesuffix(b"\r\n").replace(b"\r\n", b"\n") + b"\r\n"

    connection.send(call, BODY, hidden(wire))

    ids = [connection.reply().document["id"] for _ in range(2)]
    assert ids == [str(expected), str(expected + 1)]


def test_a_line_feed_cannot_bring_in_a_second_length(wire: Wire, connection: Connection) -> None:
    expected = next_job(wire)
    folded = f"X: a\nContent-Length: {len(BODY) + len(hidden(wire))}"

    connection.send(wire.json_call(PATH, LENGTH, folded), BODY, hidden(wire))

    assert [reply.status for reply in replies(connection)] == [400]
    assert next_job(wire) == expected + 1


def test_an_answer_is_all_that_a_connection_has_after_a_refusal_in_the_middle(
    wire: Wire, connection: Connection
) -> None:
    expected = next_job(wire)
    sound = wire.json_call(PATH, LENGTH) + BODY
    broken = head("POST", PATH, "Content-Length: 1", "Content-Length: 2") + b"ab"

    connection.send(sound * 3, broken, sound * 3)
    answers = replies(connection)

    assert [reply.status for reply in answers] == [200, 200, 200, 400]
    assert [json.loads(reply.body).get("id") for reply in answers[:3]] == [
        str(expected + place) for place in range(3)
    ]
    assert next_job(wire) == expected + 4
