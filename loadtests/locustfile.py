"""The same load from locust itself, with its web page: `locust -f locustfile.py --host URL`.

Without a host it goes to the address at which `fluent-sim serve` listens by default.

Only for simulators: `fluent-sim load` asks before it writes to anything else.
"""

from __future__ import annotations

from typing import Any

from fluent_oms_simulator.loadtests.running.standalone import Standalone, add_arguments
from fluent_oms_simulator.loadtests.users import deltas, loads
from fluent_oms_simulator.loadtests.users.process_state import ProcessState
from locust import events
from locust.env import Environment

PROCESS = ProcessState()


class DeltaUser(deltas.DeltaUser):
    """Sends delta events."""

    process = PROCESS


class BatchUser(loads.BatchUser):
    """Sends the batches of full loads."""

    process = PROCESS
    fixed_count = 2


def _attach(environment: Environment, **_: object) -> None:
    Standalone(environment, PROCESS)


HOOKS: Any = events
HOOKS.init_command_line_parser.add_listener(add_arguments)
HOOKS.init.add_listener(_attach)
