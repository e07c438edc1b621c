"""The client that keeps a rate: every connection in its turn, late replies counted as late."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fluent_oms_simulator.loadtests.server.paced_client import paced
from fluent_oms_simulator.loadtests.server.raw_client import (
    BadReplyError,
    RawReply,
    ask,
    request_bytes,
)


class Answers(BaseHTTPRequestHandler):
    """Answers a path that is a status with that status."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = self.path.encode()
        self.send_response(int(self.path[1:]))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_connections_take_turns_and_every_request_is_timed(url: str) -> None:
    requests = [request_bytes(url, "/200", b"{}") for _ in range(20)]

    found = paced(url, requests.pop, lambda _: bool(requests), rate=1e6, connections=5)

    assert sum(found.replies) == len(found.milliseconds) == 20
    assert min(found.replies) >= 1
    assert min(found.milliseconds) > 0


def test_requests_that_are_due_and_have_no_connection_wait_on_the_clock(url: str) -> None:
    """On one connection twenty that are due at once cannot all be early."""
    requests = [request_bytes(url, "/200", b"{}") for _ in range(20)]

    found = paced(url, requests.pop, lambda _: bool(requests), rate=1e6, connections=1)

    assert found.replies == [20]
    # due within 20 microseconds of each other, and answered one after the other
    assert found.milliseconds == sorted(found.milliseconds)


def test_an_error_among_the_replies_ends_the_measurement(url: str) -> None:
    requests = [request_bytes(url, path, b"{}") for path in ("/503", "/200")]

    with pytest.raises(BadReplyError, match=r"expected status 200, got b'HTTP/1\.1 503"):
        paced(url, requests.pop, lambda _: bool(requests), rate=1e6, connections=1)


def test_one_request_can_be_asked_by_itself(url: str) -> None:
    assert ask(url, request_bytes(url, "/400", b"{}")) == RawReply(400, b"/400")
