"""Mutations take no control characters in refs and texts, as batches and events take none."""

import pytest

from ..support import Client, batch, record
from .helpers.inventory_mutations import AT, IN, OWN, REF, do, document_of, everything, refused
from .helpers.support import ask, errors_of

QUANTITY = {"ref": "q", **AT, "type": "EXPECTED", "quantity": 1}
CONTROLS = ["\x00", "\n", "\t", "\x1f", "\x7f"]


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load([record("A", "L", 5)])
    return client


@pytest.mark.parametrize("character", CONTROLS)
@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("createInventoryPosition", OWN, "ref"),
        ("createInventoryPosition", OWN, "productRef"),
        ("createInventoryQuantity", QUANTITY, "ref"),
        ("createInventoryQuantity", QUANTITY, "type"),
        ("createInventoryQuantity", QUANTITY, "condition"),
        ("createInventoryQuantity", QUANTITY, "segment1"),
        ("createInventoryCatalogue", {"ref": "X:1", "type": "X", "name": "X"}, "name"),
        ("updateInventoryPosition", {"ref": REF, **IN}, "status"),
    ],
)
def test_a_control_character_is_refused(
    stocked: Client, name: str, given: dict[str, object], field: str, character: str
) -> None:
    given = {**given, field: f"A{character}B"}

    assert refused(stocked, name, **given) == "C0125E"
    [(_, message)] = errors_of(stocked, document_of(name), i=given)
    assert message == f"/input/{field} is {f'A{character}B'!r}: expected no control characters."


def test_a_control_character_of_what_is_no_inventory_is_refused(stocked: Client) -> None:
    create = 'mutation { createControlGroup(input: {ref: "C\\u0001", type: "T", name: "N"}) {id} }'

    [(code, message)] = errors_of(stocked, create)
    assert (code, "/input/ref is 'C\\x01'" in message) == ("C0125E", True)


@pytest.mark.parametrize("character", CONTROLS)
def test_batches_and_mutations_have_one_verdict(stocked: Client, character: str) -> None:
    """On the names of attributes, too, which are anything."""
    before = everything(stocked)
    for field in ("ref", "type", "status"):
        bad = {**record("A", "L", 5), field: f"A{character}B"}
        assert stocked.post("/api/v4.1/job/1/batch", batch(bad)).status_code == 400
    assert everything(stocked) == before
    name = f"a{character}b"
    stocked.load([record("A", "L", 6, type="EXPECTED", attributes={name: character})])
    attribute = {"name": name, "type": "STRING", "value": character}
    made = do(stocked, "createInventoryQuantity", **QUANTITY, attributes=[attribute])
    assert made["attributes"] == [attribute]


def test_a_description_may_have_lines(stocked: Client) -> None:
    create = """mutation { createInventoryCatalogue(input: {
        ref: "X:1", type: "X", name: "X", description: "one\\ntwo"}) { description } }"""

    assert ask(stocked, create)["createInventoryCatalogue"] == {"description": "one\ntwo"}
