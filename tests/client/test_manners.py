"""The one client: what it does where a server is slow, gone, somebody else's, or starts badly."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

import pytest
from fluent_oms_simulator.client import manners
from fluent_oms_simulator.client.client_errors import (
    AnswerError,
    ForeignServerError,
    LateError,
    SignInError,
    StartError,
)
from fluent_oms_simulator.client.exchanges import RoundTrip, Wire
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.simulator_process import started
from fluent_oms_simulator.client.target_server import Target

TOKEN = b'{"access_token":"%s","expires_in":%d}'


class Scripted(Wire):
    """A wire with no server behind it: answers in a row, the last one for ever."""

    def __init__(self, answers: Sequence[tuple[int, bytes]]) -> None:
        super().__init__()
        self.answers = list(answers)
        self.sent: list[tuple[str, str]] = []

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> RoundTrip:
        self.sent.append((method, url.removeprefix("http://there")))
        status, content = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return RoundTrip(method, url, headers or {}, body or b"", status, {}, content)


def scripted(
    *answers: tuple[int, bytes], patient: bool = False, patience: float = 60
) -> tuple[Api, Scripted]:
    wire = Scripted(answers)
    return Api(Target("http://there", patience=patience, pause=0.001), wire, patient=patient), wire


SIGNED_IN = (200, TOKEN % (b"t", 600))


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does this to its socket, in a thread; its address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_a_token_is_asked_for_once_and_anew_before_it_expires() -> None:
    api, wire = scripted((200, TOKEN % (b"short", 0)), (200, TOKEN % (b"long", 600)))

    assert [api.token, api.token, api.token] == ["short", "long", "long"]
    assert wire.sent == [("POST", "/oauth/token")] * 2


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, b'{"error":"invalid_grant","error_description":"no"}', "answered 400: no"),
        (200, b"<h1>hello</h1>", "answered 200: <h1>hello</h1>"),
        (200, b"[]", r"answered 200: \[\]"),
    ],
)
def test_a_sign_in_that_gives_no_token_is_a_sentence(status: int, body: bytes, said: str) -> None:
    with pytest.raises(SignInError, match=f"POST /oauth/token {said}"):
        assert scripted((status, body))[0].token


@pytest.mark.parametrize("body", [b"", b"null", b"{", b"[]", b"\xff"])
def test_what_is_no_json_object_is_nothing_and_never_accepted(body: bytes) -> None:
    api, _ = scripted((200, body))
    answer = api.call("GET", "/", token=None)

    assert answer.fields == {}
    with pytest.raises(AnswerError, match="GET / answered 200, expected a JSON object"):
        answer.accepted()


def test_an_id_that_is_missing_is_a_sentence() -> None:
    api, _ = scripted(SIGNED_IN, (200, b"{}"))

    with pytest.raises(AnswerError, match=r"POST /api/v4\.1/job answered no id: \{\}"):
        api.open_job()


def test_a_look_that_fails_ends_the_waiting_of_those_who_are_not_patient() -> None:
    hasty, _ = scripted(SIGNED_IN, (503, b"busy"))
    patient, _ = scripted(SIGNED_IN, (503, b"busy"), (200, b'{"status":"COMPLETE"}'), patient=True)
    late, _ = scripted(SIGNED_IN, (503, b"busy"), patient=True, patience=0.05)

    with pytest.raises(AnswerError, match="answered 503, expected 200: busy"):
        hasty.wait_for_batch("1", "2")
    assert patient.wait_for_batch("1", "2") == {"status": "COMPLETE"}
    with pytest.raises(LateError, match=r"was not COMPLETE within 0\.05 s \(GET .* busy\)"):
        late.wait_for_batch("1", "2")


def test_a_server_of_somebody_else_is_told_everything_or_left_alone() -> None:
    target, wire = Target("http://there"), Scripted([(404, b"{}")])

    with pytest.raises(ForeignServerError, match=r"takes --account, --retailer, --password$"):
        manners.known(target, {"client_id", "client_secret", "username"}, None, wire)
    found = manners.known(target, manners.CREDENTIALS, None, wire)

    assert not found.is_ours
    assert manners.rate_for(found, None) == manners.GENTLE_RATE
    assert wire.sent == [("GET", manners.HEALTH)] * 2


def test_a_simulator_is_known_by_its_health_page_and_needs_no_manners() -> None:
    wire = Scripted([(200, b'{"eventLog":{}}')])
    found = manners.known(Target("http://there", is_ours=False), (), None, wire)

    assert found.is_ours
    assert manners.rate_for(found, None) is None


def test_a_connection_that_the_server_has_closed_is_opened_anew() -> None:
    is_closed = [threading.Event(), threading.Event()]

    def serve(listener: socket.socket) -> None:
        for closed in is_closed:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            closed.set()

    with listening(serve) as url:
        wire = Wire()
        first = wire.send("GET", url)
        is_closed[0].wait()
        second = wire.send("GET", url)
        wire.close()

    assert (first.status, second.status) == (200, 200)


def test_no_redirect_is_followed_with_the_credentials_of_the_first_server() -> None:
    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            place = b"Location: http://elsewhere.example/\r\nContent-Length: 0\r\n"
            connection.sendall(b"HTTP/1.1 302 Found\r\n" + place + b"\r\n")

    with listening(serve) as url:
        wire = Wire()
        found = wire.send("GET", url, {"Authorization": "Bearer secret"})
        wire.close()

    assert (found.status, found.headers["location"]) == (302, "http://elsewhere.example/")


def test_a_server_that_does_not_start_is_told_with_what_it_said() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no room left')"]

    with pytest.raises(StartError, match="did not become ready:\nno room left"), started(command):
        pass


def test_a_simulator_of_ones_own_is_not_changed_by_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLUENT_SIM_PORT", "no port at all")
    with started() as server:
        api = Api(Target(server.url))
        assert manners.is_ours(api)
        api.close()
