"""`fluent-sim faults`, beside a running simulator, and `serve --faults`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from .conftest import Server, serving
from .helpers.command_line import fluent_sim

RULE = {"id": "lost", "kind": "reset", "point": "after_commit"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--seed-data", "none") as server:
        yield server


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps([RULE]))
    return path


def told(server: Server, *words: str) -> list[str]:
    done = fluent_sim("faults", *words, "--url", server.url)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_they_are_armed_added_shown_and_removed(server: Server, rules: Path) -> None:
    assert told(server, "arm", str(rules), "--seed", "7") == [
        "seed 7",
        'lost  struck 0 of 0  {"kind":"reset","point":"after_commit"}',
    ]
    assert told(server, "add", "lost-replies")[2].startswith("lost-replies.reset  struck 0 of 0")
    shown = told(server, "show")
    assert (len(shown), shown[-1][:23]) == (5, "presets: flaky-network,")
    assert told(server, "disarm", "lost")[1].startswith("lost-replies.reset")
    assert told(server, "disarm") == ["no fault is armed"]


def test_what_has_struck_is_told_beside_the_request(server: Server) -> None:
    told(server, "arm", "lost-replies")
    fault = {"X-Fluent-Sim-Fault": '{"kind": "proxy_page", "point": "connect"}'}
    with closing(HTTPConnection(server.url.removeprefix("http://"))) as connection:
        connection.request("GET", "/api/v4.1/event", headers=fault)
        assert connection.getresponse().read()
    told(server, "disarm")

    requests = fluent_sim("requests", "--count", "1", "--url", server.url).stdout
    assert (
        "502  findEvents  (502 Bad Gateway)  struck by this-call: proxy_page at connect" in requests
    )
    assert "this-call  proxy_page at connect" in "\n".join(told(server, "show"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("arm", "lost"), 'at /preset found "lost", expected "flaky-network"'),
        (("disarm", "nothing"), "There is no fault rule 'nothing': armed are none."),
        (("arm", "."), ". cannot be read: "),
    ],
    ids=str,
)
def test_what_is_refused_ends_it_with_the_reason(
    server: Server, words: tuple[str, ...], why: str
) -> None:
    done = fluent_sim("faults", *words, "--url", server.url)

    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr


@pytest.mark.slow
def test_a_simulator_can_be_started_with_them(rules: Path) -> None:
    with serving("--seed-data", "none", "--faults", str(rules)) as server:
        assert told(server, "show")[1].startswith("lost  struck 0 of 0")
    with serving("--seed-data", "none", FLUENT_SIM_FAULTS="token-storm") as server:
        assert told(server, "show")[1].startswith("token-storm.expired")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[{"kind": "rest"}]', 'at /rules/0/kind found "rest"'),
        ("{", "cannot be used: "),
        (None, "cannot be read: No such file or directory; the presets are flaky-network"),
    ],
    ids=str,
)
def test_it_does_not_start_with_what_is_no_rule(tmp_path: Path, text: str | None, why: str) -> None:
    path = tmp_path / "rules.json"
    if text is not None:
        path.write_text(text)

    done = fluent_sim("serve", "--port", "0", "--faults", str(path))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fluent-sim serve: the faults ")
    assert why in done.stderr
