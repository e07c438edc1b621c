"""On an address that other machines reach, what everybody knows lets nobody in."""

import re
from collections.abc import Callable
from dataclasses import replace

from fluent_oms_simulator import Settings
from fluent_oms_simulator.serving.strangers import closed_to_strangers
from fluent_oms_simulator.settings import resolve

from ..cli.conftest import Server
from .conftest import CREDENTIALS, sign_in_with
from .helpers.raw import Reply

Start = Callable[..., Server]
OPEN = ("--host", "0.0.0.0", "--seed-data", "none")


def signed_in(server: Server, **other: str) -> Reply:
    return sign_in_with(server.port, CREDENTIALS | other)


def test_the_well_known_credentials_let_nobody_in(start_server: Start) -> None:
    server = start_server(*OPEN)

    assert signed_in(server).status == 401
    assert signed_in(server, grant_type="client_credentials").status == 401


def test_the_credentials_that_are_printed_let_in(start_server: Start) -> None:
    server = start_server(*OPEN)
    printed = server.printed(until="and look")
    found = re.search(r"client +fluent-sim / (\S+)\n +user +sim / (\S+)", printed)

    assert found
    assert signed_in(server, client_secret=found[1], password=found[2]).status == 200


def test_the_well_known_credentials_let_in_when_they_were_set(start_server: Start) -> None:
    server = start_server(
        *OPEN, "--client-secret", CREDENTIALS["client_secret"], FLUENT_SIM_PASSWORD="sim-password"
    )

    assert signed_in(server).status == 200


def test_secrets_are_made_up_for_strangers_only() -> None:
    default = Settings()
    strangers = closed_to_strangers(replace(default, host="192.0.2.1"))
    chosen = closed_to_strangers(resolve({"host": "::", "password": default.password}, {}))
    own = replace(default, host="0.0.0.0", client_secret="mine", password="mine")

    assert closed_to_strangers(default) == default
    assert closed_to_strangers(replace(default, host="localhost")).password == default.password
    assert default.client_secret != strangers.client_secret != strangers.password
    assert chosen.password == default.password
    assert chosen.client_secret != default.client_secret
    assert closed_to_strangers(own) == own
