"""Fixtures for tests of a connector; nothing but pytest is loaded before one of them is used.

`fluent_oms` is a clean world for a test, on one server for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .harness.connector_credentials import ConnectorCredentials
    from .harness.fluent_oms import FluentOms
    from .harness.fluent_server import FluentServer
    from .harness.worlds_of_tests import MakeFluentOms

MARKER = (
    "fluent_oms(behaviours=..., faults=..., seed=..., at=..., ...): how the world of the fixture"
    " fluent_oms is to be, in the words of make_fluent_oms"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What may be chosen for a whole run."""
    group = parser.getgroup("fluent-oms", "Fluent OMS simulator")
    group.addoption(
        "--fluent-oms-server",
        metavar="process|in-process|URL",
        help="Where the worlds of tests are: on a server that is a process of its own (the"
        " default), on one in the process of the tests, which resets no connection, or on one that"
        " runs already.",
    )
    group.addoption(
        "--fluent-oms-report",
        metavar="DIR",
        help="Write report.xml (JUnit), report.json and report.html to this folder: each test, and"
        " of those that failed everything that went over the wire.",
    )
    parser.addini("fluent_oms_server", "As --fluent-oms-server.", default="process")
    parser.addini("fluent_oms_report", "As --fluent-oms-report.", default="")
    parser.addini(
        "fluent_oms_unstruck",
        "What is done about a fault that was to strike certain requests of a test, and has struck"
        " none: fail (the default), warn or ignore.",
        default="fail",
    )
    parser.addini("fluent_oms_profile", "The profile of every world: strict or documented.")
    parser.addini(
        "fluent_oms_behaviours",
        "Switches of every world, as NAME=VALUE, one a line.",
        type="linelist",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and have failures reported where that is asked for."""
    config.addinivalue_line("markers", MARKER)
    folder = config.getoption("fluent_oms_report") or config.getini("fluent_oms_report")
    if folder and not config.getoption("collectonly"):
        from .harness.failure_reports import FailureReports

        config.pluginmanager.register(FailureReports(config, folder), "fluent-oms-reports")


@pytest.fixture(scope="session")
def fluent_oms_server(pytestconfig: pytest.Config) -> Iterator[FluentServer]:
    """The server on which worlds are made: one for the session, with pytest-xdist for each worker.

    It ends with the session, and with the process that has started it, however that ends.
    """
    from .harness.worlds_of_tests import server_of

    with server_of(pytestconfig) as server:
        yield server


@pytest.fixture
def make_fluent_oms(
    request: pytest.FixtureRequest, fluent_oms_server: FluentServer
) -> Iterator[MakeFluentOms]:
    """Makes worlds that end with the test: `make_fluent_oms(behaviours={...}, seed=3)`.

    With `own_server=True` one has a server to itself, and an address without a path.
    """
    from .harness.worlds_of_tests import WorldsOfTest

    with WorldsOfTest(request.node, fluent_oms_server) as worlds:
        yield worlds.make


@pytest.fixture
def fluent_oms(request: pytest.FixtureRequest, make_fluent_oms: MakeFluentOms) -> FluentOms:
    """A world for this test alone, as the marker `fluent_oms` has it: no stock, nothing sent."""
    from .harness.worlds_of_tests import marked

    return marked(request.node, make_fluent_oms)


@pytest.fixture
def fluent_oms_url(fluent_oms: FluentOms) -> str:
    """The base URL of the world of this test."""
    return fluent_oms.url


@pytest.fixture
def fluent_oms_credentials(fluent_oms: FluentOms) -> ConnectorCredentials:
    """What a connector signs in with there."""
    return fluent_oms.credentials
