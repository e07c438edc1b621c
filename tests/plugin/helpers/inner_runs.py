"""Runs of pytest within a test, with tests of a connector in them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

RunTests = Callable[..., pytest.RunResult]

SENDS = '''
from fluent_oms_simulator.client.builders import delta
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

PLACE = ("SKU_1", "LOC_1")

def send(world, *deltas):
    """As a connector does."""
    api = Api(Target(world.url, account=world.credentials.account))
    return api.send_event(api.event("INVENTORY_DELTA", {"deltas": deltas})).status
'''


def write(pytester: pytest.Pytester, tests: str, ini: str = "") -> None:
    """Make a folder with these tests, which have `send` at hand."""
    pytester.makeini(f"[pytest]\nfilterwarnings = error\n{ini}")
    pytester.makepyfile(sending=SENDS)
    pytester.makepyfile(
        test_it=f"import pytest\nfrom sending import PLACE, delta, send\n{textwrap.dedent(tests)}"
    )
    pytester.syspathinsert()
