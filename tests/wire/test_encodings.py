"""Bodies that were packed: unpacked within the limit, or refused with what is taken."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from ..admin.helpers.conformance_support import report
from ..conftest import MakeSimulator
from ..support import Client, delta, deltas
from .conftest import Wire
from .helpers.raw import Connection, Reply

JOB = "/api/v4.1/job"
DOCUMENT = b'{"name": "packed", "retailerId": "1"}'
LIMIT = 10 * 1024 * 1024


def packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def in_members(body: bytes) -> bytes:
    return packed(body[:9]) + packed(body[9:])


def send(wire: Wire, connection: Connection, body: bytes, encoding: str) -> Reply:
    headers = f"Content-Encoding: {encoding}", f"Content-Length: {len(body)}"
    connection.send(wire.json_call(JOB, *headers), body)
    return connection.reply()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", packed),
        ("GZIP", packed),
        ("x-gzip", packed),
        ("gzip", in_members),
        ("deflate", zlib.compress),
        ("deflate", bare_deflate),
        ("identity", bytes),
        ("identity, gzip", packed),
        ("", bytes),
    ],
)
def test_a_packed_body_is_taken(
    wire: Wire, connection: Connection, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    reply = send(wire, connection, pack(DOCUMENT), encoding)

    assert reply.status == 200, reply.body
    assert int(reply.document["id"]) > 0


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "nonsense", "g" * 3000])
def test_another_encoding_is_refused_with_those_that_are_taken(
    wire: Wire, connection: Connection, encoding: str
) -> None:
    reply = send(wire, connection, DOCUMENT, encoding)

    assert reply.status == 415
    assert "gzip, deflate" in reply.message
    assert reply.headers["accept-encoding"] == "gzip, deflate"
    assert len(reply.message) < 300


@pytest.mark.parametrize(
    ("body", "encoding", "why"),
    [
        pytest.param(packed(DOCUMENT)[:-1], "gzip", "its end is missing", id="cut by one"),
        pytest.param(packed(DOCUMENT)[:5], "gzip", "its end is missing", id="cut in its head"),
        pytest.param(b"", "gzip", "its end is missing", id="empty"),
        pytest.param(zlib.compress(DOCUMENT)[:-3], "deflate", "its end is missing", id="deflate"),
        pytest.param(DOCUMENT, "gzip", "it is damaged", id="not packed"),
        pytest.param(
            packed(DOCUMENT)[:-8] + bytes(8), "gzip", "it is damaged", id="wrong checksum"
        ),
        pytest.param(packed(DOCUMENT) + b"more", "gzip", "it is damaged", id="more after it"),
        pytest.param(
            zlib.compress(DOCUMENT) + b"more", "deflate", "4 bytes follow", id="deflate and more"
        ),
        pytest.param(packed(b"") * 5000, "gzip", "more than 100 members", id="many members"),
        pytest.param(packed(packed(DOCUMENT)), "gzip, gzip", "one encoding", id="packed twice"),
        pytest.param(packed(DOCUMENT), "gzip, identity, deflate", "one encoding", id="three named"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_refused(
    wire: Wire, connection: Connection, body: bytes, encoding: str, why: str
) -> None:
    reply = send(wire, connection, body, encoding)

    assert reply.status == 400
    assert why in reply.message


@pytest.mark.parametrize(("pack", "encoding"), [(packed, "gzip"), (zlib.compress, "deflate")])
def test_a_small_body_that_unpacks_into_a_large_one_is_refused(
    wire: Wire, connection: Connection, pack: Callable[[bytes], bytes], encoding: str
) -> None:
    fitting = send(wire, connection, pack(DOCUMENT.ljust(LIMIT)), encoding)
    reply = send(wire, connection, pack(DOCUMENT.ljust(LIMIT + 1)), encoding)
    bomb = send(wire, connection, pack(bytes(5 * LIMIT)), encoding)

    assert (fitting.status, reply.status, bomb.status) == (200, 413, 413)
    assert f"at most {LIMIT:,} bytes" in bomb.message


def test_a_packed_body_that_did_not_arrive_whole_is_refused(
    wire: Wire, connection: Connection
) -> None:
    body = packed(DOCUMENT)
    headers = "Content-Encoding: gzip", f"Content-Length: {len(body) + 1}"
    connection.send(wire.json_call(JOB, *headers), body)
    connection.finish()
    reply = connection.reply()

    assert reply.status == 400
    assert "did not arrive whole" in reply.message


def packed_call(client: Client, path: str, document: Any, encoding: str = "gzip") -> Any:
    body = packed(json.dumps(document).encode())
    return client.post(path, body, **{"Content-Encoding": encoding})


def test_a_packed_sign_in_is_taken(client: Client) -> None:
    settings = client.simulator.settings
    form = (
        f"grant_type=client_credentials&client_id={settings.client_id}"
        f"&client_secret={settings.client_secret}"
    )
    reply = client.http.post(
        "/oauth/token",
        data=packed(form.encode()),
        headers={"Content-Encoding": "gzip"},
        content_type="application/x-www-form-urlencoded",
    )

    assert reply.status_code == 200
    assert len(reply.get_json()["access_token"]) == 32


def test_a_sign_in_that_unpacks_into_millions_of_fields_is_refused_unread(client: Client) -> None:
    reply = client.http.post(
        "/oauth/token",
        data=packed(b"a=1&" * 100_000),
        headers={"Content-Encoding": "gzip"},
        content_type="application/x-www-form-urlencoded",
    )

    assert reply.status_code == 413


def test_the_conformance_report_has_seen_what_was_packed(client: Client) -> None:
    sent = deltas(delta("SKU", "LOC", -1, "one"), delta("SKU", "LOC", -2, "two"))
    reply = packed_call(client, "/api/v4.1/event/async", sent)

    assert reply.status_code == 200
    assert report(client)["counts"]["deltas"] == 2


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_switch_refuses_every_encoding(make_simulator: MakeSimulator, encoding: str) -> None:
    client = Client(make_simulator(http_content_encoding="refuse"))

    reply = packed_call(client, JOB, {"name": "a", "retailerId": "1"}, encoding)

    assert reply.status_code == 415
    assert "http.content_encoding" in reply.get_json()["errors"][0]["message"]
    assert packed_call(client, JOB, {}, "identity").status_code == 400  # it is not JSON, then
