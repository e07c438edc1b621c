"""`fluent-sim open`: the window of a running simulator in a browser."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Server
from .helpers.command_line import ENVIRON, fluent_sim

Start = Callable[..., Server]


@pytest.fixture
def browser(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """An environment whose browser writes down what it is to show, and where."""
    shown = tmp_path / "shown"
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > "{shown}"\n', encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return {**ENVIRON, "BROWSER": f"{script} %s"}, shown


def test_the_page_is_shown_and_its_address_is_told(
    start_server: Start, browser: tuple[dict[str, str], Path]
) -> None:
    environment, shown = browser
    server = start_server()

    ended = fluent_sim("open", server.url, "--view", "traffic", env=environment)

    assert (ended.returncode, ended.stdout) == (0, f"{server.url}/__ui/#/traffic\n")
    assert shown.read_text(encoding="utf-8") == f"{server.url}/__ui/#/traffic"


def test_it_can_be_told_only(start_server: Start, browser: tuple[dict[str, str], Path]) -> None:
    environment, shown = browser
    server = start_server()

    ended = fluent_sim("open", f"{server.url}/", "--print", env=environment)

    assert (ended.returncode, ended.stdout) == (0, f"{server.url}/__ui/\n")
    assert not shown.exists()


def test_the_address_may_be_given_as_to_other_commands(start_server: Start) -> None:
    server = start_server()

    ended = fluent_sim("open", "--url", server.url, "--print", env=ENVIRON)
    twice = fluent_sim("open", server.url, "--url", server.url, "--print", env=ENVIRON)

    assert (ended.returncode, ended.stdout) == (0, f"{server.url}/__ui/\n")
    assert (twice.returncode, twice.stdout) == (2, "")
    assert "give the URL once" in twice.stderr


def test_without_a_browser_the_address_is_told_with_exit_code_1(start_server: Start) -> None:
    server = start_server()

    ended = fluent_sim(
        "open", server.url, env={**ENVIRON, "BROWSER": "no-such-browser", "PATH": ""}
    )

    assert (ended.returncode, ended.stdout) == (1, f"{server.url}/__ui/\n")
    assert "no browser" in ended.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        # It is waited for, as all commands wait for a simulator that is just starting.
        pytest.param("http://127.0.0.1:1", "http://127.0.0.1:1: ", marks=pytest.mark.slow),
        ("nonsense", "URL"),
    ],
    ids=["nobody", "no address"],
)
def test_what_is_no_simulator_is_told_with_exit_code_2(url: str, expected: str) -> None:
    ended = fluent_sim("open", url)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert expected in ended.stderr
