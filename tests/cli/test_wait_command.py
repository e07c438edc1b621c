"""`fluent-sim wait`: until a simulator is ready, or why there is no use in waiting."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from .conftest import Server
from .helpers.command_line import fluent_sim, python

Start = Callable[..., Server]

SECONDS = 120
READY = (200, b'{"status": "ready"}')
SEEDING = (503, b'{"status": "seeding"}')


@contextmanager
def answering(*answers: tuple[int, bytes] | bytes) -> Iterator[str]:
    """The URL of a server that gives these, one after the other, and the last again and again."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_answer, args=(listener, list(answers)), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def _answer(listener: socket.socket, answers: list[tuple[int, bytes] | bytes]) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:  # it is closed
            return
        with client:
            client.settimeout(SECONDS)
            client.recv(65536)
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, tuple):
                head = f"HTTP/1.1 {answer[0]} X\r\nContent-Length: {len(answer[1])}\r\n\r\n"
                answer = head.encode() + answer[1]
            client.sendall(answer)


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


def test_it_ends_without_a_word_when_the_simulator_is_ready(start_server: Start) -> None:
    server = start_server("--seed-data", "none")

    done = fluent_sim("wait", server.url)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert fluent_sim("wait", f"{server.url}/").returncode == 0


@pytest.mark.slow
def test_it_waits_for_a_namespace_as_for_a_server(start_server: Start) -> None:
    server = start_server("--seed-data", "none")
    made = fluent_sim("namespaces", "make", "one", "--url", server.url)
    assert made.returncode == 0, made.stderr

    assert fluent_sim("wait", f"{server.url}/__ns/one").returncode == 0
    other = fluent_sim("wait", f"{server.url}/__ns/two")
    assert (other.returncode, "no simulator" in other.stderr) == (2, True)


@pytest.mark.parametrize("first", [SEEDING, (502, b"Bad Gateway"), (504, b"{}"), (503, b"<html>")])
def test_it_waits_while_the_seed_data_are_read_or_a_proxy_finds_nobody(
    first: tuple[int, bytes],
) -> None:
    with answering(first, first, READY) as url:
        done = fluent_sim("wait", url)

    assert (done.returncode, done.stderr) == (0, "")


def waited_in_vain(url: str) -> str:
    """What is told once the time is over, of which there was enough for one look.

    A machine may be too busy for an answer within a third of a second, and it is right to say so.
    """
    for seconds in ("0.3", "3", "30", "120"):
        done = fluent_sim("wait", url, "--timeout", f"{seconds}s")
        before, found, told = done.stderr.partition(f" is not ready within {seconds} s: ")
        assert (done.returncode, done.stdout) == (1, "")
        assert (before, bool(found)) == (f"fluent-sim wait: {url}", True)
        if told != "there was no answer.\n":
            break
    return told


def test_where_nothing_listens_in_time_that_is_told() -> None:
    assert waited_in_vain(f"http://127.0.0.1:{free_port()}") == "nothing listens there.\n"


def test_one_that_is_not_ready_in_time_is_told_with_what_it_says() -> None:
    with answering(SEEDING) as url:
        assert waited_in_vain(url) == "it answers that it is seeding.\n"


def test_one_that_never_answers_keeps_nobody_waiting_longer_than_that() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        done = fluent_sim("wait", url, "--timeout", "300ms")

    assert done.returncode == 1
    assert done.stderr.endswith("is not ready within 0.3 s: there was no answer.\n")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((404, b"<html>Not found</html>"), "is no simulator: it answers 404"),
        ((200, b"OK"), "is no simulator: it answers 200"),
        ((200, b'["ready"]'), "is no simulator: it answers 200"),
        ((301, b""), "is no simulator: it answers 301"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak HTTP"),
    ],
)
def test_something_else_that_answers_there_is_not_waited_for(
    answer: tuple[int, bytes] | bytes, told: str
) -> None:
    with answering(answer) as url:
        done = fluent_sim("wait", url)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"fluent-sim wait: {url}: ")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:4141", "ftp://127.0.0.1", "http://", "http://127.0.0.1:99999", "http://a b:x"],
)
def test_what_is_no_address_is_refused_in_a_sentence(url: str) -> None:
    done = fluent_sim("wait", url)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"fluent-sim wait: URL: found {url!r}, expected such as http://127.0.0.1:4141\n"
    )


def test_a_password_in_the_address_is_refused_and_not_told() -> None:
    done = fluent_sim("wait", "http://sim:secret@127.0.0.1:4141")

    assert done.returncode == 2
    assert "secret" not in done.stderr


@pytest.mark.parametrize("timeout", ["soon", "0", "-1s"])
def test_a_timeout_that_is_none_is_refused(timeout: str) -> None:
    done = fluent_sim("wait", f"--timeout={timeout}")

    assert done.returncode == 2
    assert "expected such as 30s, 5m or 1h" in done.stderr


def test_it_loads_little_for_a_health_check_starts_it_again_and_again() -> None:
    code = (
        "import json, sys\n"
        "before = set(sys.modules)\n"
        "from fluent_oms_simulator.cli import main\n"
        "from fluent_oms_simulator.console.ending import run\n"
        "try: run(main)\n"
        "except SystemExit: print(json.dumps(sorted(set(sys.modules) - before)))"
    )

    done = python(code, "wait", f"http://127.0.0.1:{free_port()}", "--timeout", "50ms")

    assert "is not ready" in done.stderr
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert loaded - sys.stdlib_module_names == {"click", "fluent_oms_simulator"}
