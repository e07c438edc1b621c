"""A copy of an account shares nothing with it that may change."""

import gc
import types
from array import array
from collections import deque
from enum import Enum
from typing import Any

from fluent_oms_simulator import Settings

from ..conftest import MakeSimulator
from ..graphql.helpers.places import CREATE_LOCATION, location_input
from ..support import Client, record

CODE = (type, types.ModuleType, types.FunctionType)
MAY_CHANGE = (dict, list, set, bytearray, array, deque)


def reached(root: object) -> dict[int, Any]:
    """All that can be reached from an object, by its identity."""
    found: dict[int, Any] = {}
    left = [root]
    while left:
        each = left.pop()
        if id(each) in found or isinstance(each, CODE):
            continue
        found[id(each)] = each
        left += gc.get_referents(each)
        if isinstance(each, types.BuiltinMethodType):
            left.append(each.__self__)
        elif not isinstance(each, types.MethodType):  # that of its function
            left.append(getattr(each, "__dict__", None))
    return found


def test_a_copy_shares_nothing_that_may_change(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="demo")))
    client.load([record("SKU_1", "LOC_1", 100), record("SKU_2", "LOC_2", 50)])
    client.load([record("SKU_1", "LOC_1", 90, type="RESERVED", ref="r")])
    client.delta("SKU_1", "LOC_1", -1, "sale")
    client.reserve("SKU_2", "LOC_2", 5, "order")
    client.post("/graphql", {"query": CREATE_LOCATION, "variables": {"input": location_input("X")}})
    client.post("/graphql", {"query": "{virtualPositions(first: 5) {edges {node {quantity}}}}"})
    store = client.simulator.store

    copied = reached(store.keep())
    with store.view() as (account, _):
        original = reached(account)

    shared = [original[each] for each in original.keys() & copied.keys()]
    assert [each for each in shared if isinstance(each, MAY_CHANGE)] == []
    ours = [each for each in shared if type(each).__module__.startswith("fluent_oms_simulator")]
    assert [each for each in ours if not isinstance(each, tuple | Enum)] == []
