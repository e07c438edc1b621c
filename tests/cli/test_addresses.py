"""Addresses that no server can have are told in a sentence, by every command that takes one."""

import socket

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.loadtests.server.target import known_target
from fluent_oms_simulator.loadtests.traffic.load_options import CannotRunError, LoadOptions
from fluent_oms_simulator.serving import server
from fluent_oms_simulator.serving.addresses import claim_address
from fluent_oms_simulator.settings import Settings

NEEDS_IPV6 = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="needs IPv6")
NO_ADDRESS = (
    "http://[::1",
    "http://a..b",
    f"http://{'a' * 64}.example",
    "http://h:99999",
    "ftp://h",
)
LOAD = ("load", "delta", "--url")
CONTRACT = ("contract", "--yes", "--url")
WITH_SECRETS = (
    "http://user:hush@127.0.0.1:1",
    "http://hush@127.0.0.1:1/",
    "http://:hush@127.0.0.1:1",
    "http://us/er:hush@127.0.0.1:1",
    "http://user:hush@[127.0.0.1",
    "ftp://user:hush@127.0.0.1",
    "user:hush@127.0.0.1:1",
    "http://127.0.0.1:1/?token=hush",
    "http://127.0.0.1:1/#token=hush",
)


@pytest.mark.parametrize("url", NO_ADDRESS)
@pytest.mark.parametrize("words", [("report", "--url"), LOAD], ids=["report", "load"])
def test_an_address_that_no_server_can_have(words: tuple[str, ...], url: str) -> None:
    ended = CliRunner().invoke(main, [*words, url])

    assert ended.exit_code == 2
    assert "--url: found 'http" in ended.stderr or "--url: found 'ftp" in ended.stderr


@pytest.mark.parametrize("url", WITH_SECRETS)
@pytest.mark.parametrize(
    "words",
    [("report", "--url"), LOAD, CONTRACT, (*CONTRACT[:1], "--format", "json", *CONTRACT[1:])],
    ids=["report", "load", "contract", "contract in JSON"],
)
def test_a_secret_in_an_address_is_refused_and_told_to_nobody(
    words: tuple[str, ...], url: str
) -> None:
    ended = CliRunner().invoke(main, [*words, url])

    assert ended.exit_code == 2
    assert "--url: found '" in ended.stderr
    assert "hush" not in ended.output
    assert "127.0.0.1" in ended.stderr


def test_a_secret_in_an_address_for_locust_is_told_to_nobody() -> None:
    with pytest.raises(CannotRunError, match="without user and password") as refused:
        known_target(LoadOptions(url=WITH_SECRETS[0]), None)

    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("host", ["a..b", "a" * 64, "no such host"])
def test_a_host_that_no_server_can_have(host: str) -> None:
    ended = CliRunner().invoke(main, ["serve", "--port", "0", "--host", host])

    assert ended.exit_code == 2
    assert f"--host: {host}: " in ended.stderr


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("0.0.0.0", "127.0.0.1"),
        ("0", "127.0.0.1"),
        ("0.0", "127.0.0.1"),
        pytest.param("::", "[::1]", marks=NEEDS_IPV6),
        pytest.param("::0", "[::1]", marks=NEEDS_IPV6),
        pytest.param("::ffff:0.0.0.0", "127.0.0.1", marks=NEEDS_IPV6),
    ],
)
def test_the_address_that_is_told_is_one_that_can_be_called(host: str, told: str) -> None:
    address, claim = claim_address(host, 0)
    claim.close()

    assert address.url == f"http://{told}:{address.port}"


@pytest.mark.parametrize(
    ("host", "address", "is_open"),
    [
        ("sim.localhost", "0.0.0.0", True),
        ("localhost", "0.0.0.0", True),
        ("sim.example", "127.0.0.1", False),
        ("127.0.0.1", "127.0.0.1", False),
    ],
)
def test_whether_other_machines_can_come_in_is_seen_by_the_address_not_by_the_name(
    monkeypatch: pytest.MonkeyPatch, host: str, address: str, is_open: bool
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    begun: list[Settings] = []

    class Noted(server._Server):
        def serve(self, *_: object, **__: object) -> None:
            begun.append(self.settings)

    monkeypatch.setattr(server, "_Server", Noted)

    server.serve(Settings(host=host, port=0, seed_data="none"))

    [settings] = begun
    assert settings.is_loopback is not is_open
    assert (settings.admin_token is not None) is is_open
    assert (settings.password != Settings().password) is is_open
