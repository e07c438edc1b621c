"""Small inventories at random, made the ways in which inventory is made."""

from typing import Any

from fluent_oms_simulator.clock import VirtualClock
from hypothesis import strategies as st

from ...support import Client, delta, deltas, item, record, updates
from .support import KEY, answer_of, ask, post

PRODUCTS, LOCATIONS, CATALOGUES = ("P", "Q:R", "S"), ("L", "M"), ("DEFAULT:1", "OTHER:X")

places = st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(LOCATIONS))
amounts = st.integers(0, 4)


def _batch(client: Client, place: tuple[str, str], amount: int) -> None:
    client.load([record(*place, amount), record("S", place[1], amount, type="EXPECTED")])


def _other_batch(client: Client, place: tuple[str, str], amount: int) -> None:
    client.load([record(*place, amount)], catalogueRef="OTHER:X")


def _delta(client: Client, place: tuple[str, str], amount: int) -> None:
    client.send(deltas(delta(*place, amount - 9, f"d{place}{amount}")))


def _reserve(client: Client, place: tuple[str, str], amount: int) -> None:
    client.send(updates(item(*place, f"F{amount}", reservedQty=-1 - amount)))


def _position(client: Client, place: tuple[str, str], amount: int) -> None:
    answer_of(
        post(
            client,
            f"""mutation {{
              createInventoryPosition(input: {{ref: "own{amount}", catalogue: {KEY},
                type: "T{amount}", productRef: "N{amount}", locationRef: "{place[1]}",
                onHand: {amount}}}) {{ id }}
              updateInventoryPosition(input: {{ref: "{":".join(place)}:DEFAULT", catalogue: {KEY},
                status: "S{amount}"}}) {{ id }} }}""",
        )
    )


def _quantity(client: Client, place: tuple[str, str], amount: int) -> None:
    answer_of(
        post(
            client,
            f"""mutation {{
              createInventoryQuantity(input: {{ref: "q{place[0]}{amount}", catalogue: {KEY},
                position: {{ref: "{":".join(place)}:DEFAULT", catalogue: {KEY}}}, type: "DELTA",
                quantity: {amount}, condition: "C{amount % 2}", storageAreaRef: "A{amount}",
                expectedOn: "202{amount}-01-01T00:00:00Z"}}) {{ id }}
              updateInventoryQuantity(input: {{ref: "q{place[0]}{amount - 1}", catalogue: {KEY},
                status: "INACTIVE"}}) {{ id }} }}""",
        )
    )


STEPS = (_batch, _batch, _other_batch, _delta, _reserve, _position, _quantity)
steps = st.lists(st.tuples(st.sampled_from(STEPS), places, amounts), min_size=1, max_size=10)


def set_up(client: Client, made: Any) -> None:
    """An inventory of two catalogues after these steps, each a minute after the last."""
    client.simulator.reset()
    client._jobs.clear()
    ask(
        client,
        """mutation { createInventoryCatalogue(input: {ref: "OTHER:X", type: "OTHER", name: "Other",
           description: "of two", retailerRefs: ["1", "2"]}) { ref } }""",
    )
    for step, place, amount in made:
        assert isinstance(client.simulator.clock, VirtualClock)
        client.simulator.clock.advance(60_000)
        step(client, place, amount)
