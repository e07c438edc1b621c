"""Addresses that no server can have are told in a sentence, by every command that takes one."""

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main

NO_ADDRESS = (
    "http://[::1",
    "http://a..b",
    f"http://{'a' * 64}.example",
    "http://h:99999",
    "ftp://h",
)
LOAD = ("load", "delta", "--url")


@pytest.mark.parametrize("url", NO_ADDRESS)
@pytest.mark.parametrize("words", [("report", "--url"), LOAD], ids=["report", "load"])
def test_an_address_that_no_server_can_have(words: tuple[str, ...], url: str) -> None:
    ended = CliRunner().invoke(main, [*words, url])

    assert ended.exit_code == 2
    assert "--url: found 'http" in ended.stderr or "--url: found 'ftp" in ended.stderr


@pytest.mark.parametrize("host", ["a..b", "a" * 64, "no such host"])
def test_a_host_that_no_server_can_have(host: str) -> None:
    ended = CliRunner().invoke(main, ["serve", "--port", "0", "--host", host])

    assert ended.exit_code == 2
    assert f"--host: {host}: " in ended.stderr
