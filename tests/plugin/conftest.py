"""A run of pytest within a test, on the server of this one."""

from __future__ import annotations

import pytest
from fluent_oms_simulator import FluentServer

from .helpers.inner_runs import RunTests, write


@pytest.fixture
def run_tests(pytester: pytest.Pytester, fluent_oms_server: FluentServer) -> RunTests:
    """Runs tests; unless another server is named, their worlds are on that of this run."""

    def run(tests: str, *arguments: str, ini: str = "") -> pytest.RunResult:
        write(pytester, tests, ini)
        named = any("fluent-oms-server" in each for each in arguments) or "_server" in ini
        server = () if named else ("--fluent-oms-server", fluent_oms_server.url)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *server, *arguments)

    return run
