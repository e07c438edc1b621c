"""What mutations write is bounded by what it takes, however often it is overwritten."""

import pytest
from fluent_oms_simulator.domain.written import ENTITY_BYTES

from ..conftest import MakeSimulator
from ..support import Client, limit, record, tally
from .helpers.support import post

GROUP = """mutation ($ref: String!, $value: Json!) { createControlGroup(input: {ref: $ref,
  type: "D", name: "n", attributes: [{name: "a", type: "JSON", value: $value}]}) { ref } }"""
AGAIN = """mutation ($ref: String!, $value: Json!) { updateControlGroup(input: {ref: $ref,
  attributes: [{name: "a", type: "JSON", value: $value}]}) { ref } }"""
QUANTITY = """mutation ($ref: String!, $value: Json!) { createInventoryQuantity(input: {ref: $ref,
  type: "DELTA", quantity: 1, catalogue: {ref: "DEFAULT:1"},
  position: {ref: "D45:LOC_MEL:DEFAULT", catalogue: {ref: "DEFAULT:1"}},
  attributes: [{name: "a", type: "JSON", value: $value}]}) { ref } }"""
QUANTITY_AGAIN = """mutation ($ref: String!, $value: Json!) { updateInventoryQuantity(input: {
  ref: $ref, catalogue: {ref: "DEFAULT:1"},
  attributes: [{name: "a", type: "JSON", value: $value}]}) { ref } }"""
STOCK = """mutation ($ref: String!, $value: Int!) { updateInventoryPosition(input: {ref: $ref,
  catalogue: {ref: "DEFAULT:1"}, onHand: $value}) { ref } }"""

LARGE: list[object] = [{}] * 100
"""300 bytes of JSON, ten times as much in memory."""


def error(client: Client, document: str, ref: str, value: object = LARGE) -> str:
    answer = post(client, document, {"ref": ref, "value": value}).get_json()
    return "".join(found["message"] for found in answer.get("errors", ()))


@pytest.mark.parametrize(
    ("bound", "create", "again", "sentence"),
    [
        ("ENTITIES", GROUP, AGAIN, "What mutations wrote takes"),
        ("QUANTITIES", QUANTITY, QUANTITY_AGAIN, "the simulator keeps at most"),
    ],
)
def test_what_mutations_write_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
    make_simulator: MakeSimulator,
    bound: str,
    create: str,
    again: str,
    sentence: str,
) -> None:
    row = limit(monkeypatch, bound, 200_000)
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 1)])
    refs = [f"G{number}" for number in range(40)]
    found = [error(client, create, ref) for ref in refs]

    kept = found.count("")
    assert 10 < kept < 40
    assert all(sentence in message for message in found[kept:])
    assert found[:kept] == [""] * kept
    told = tally(client, row.name)
    assert (told["lost"], told["held"] <= told["limit"]) == (40 - kept, True)
    # What is smaller than before takes its place.
    assert error(client, again, refs[0], 1) == ""


def test_an_entity_may_be_overwritten_for_ever(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "ENTITIES", 100_000)
    limit(monkeypatch, "QUANTITIES", 100_000)
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 1)])
    assert error(client, GROUP, "G") == error(client, QUANTITY, "Q") == ""
    for number in range(60):
        assert error(client, AGAIN, "G", [*LARGE, number]) == ""
        assert error(client, QUANTITY_AGAIN, "Q", [*LARGE, number]) == ""


def test_stock_on_hand_that_mutations_set_counts_until_a_count_replaces_it(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "ENTITIES", 200_000)
    client = Client(make_simulator())
    rows = [record(f"P{number}", "L", 1) for number in range(200)]
    client.load(rows)
    refs = [f"{row['skuRef']}:L:DEFAULT" for row in rows]

    kept = {ref for _ in range(2) for ref in refs if not error(client, STOCK, ref, 5)}

    assert 10 < len(kept) <= 200_000 // ENTITY_BYTES
    assert "What mutations wrote takes" in error(client, STOCK, (set(refs) - kept).pop(), 5)
    client.load([row | {"qty": 2} for row in rows])
    assert "" in [error(client, STOCK, refs[0], 6) for _ in range(110)]
