"""One status for several quantities of a position."""

import pytest

from ..support import Client, record
from .helpers.support import KEY, ask, errors_of, nodes

UPDATE = """mutation ($filter: InventoryQuantityFilterInput!, $input: StatusInput!) {
    updateInventoryQuantitiesStatus(filter: $filter, input: $input) { count } }"""
POSITION = {"ref": "D45:MEL:DEFAULT", "catalogue": {"ref": "DEFAULT:1"}}


@pytest.fixture
def stocked(client: Client) -> Client:
    """A count of 10, reservations of 2 and 3, and 20 that are expected on New Year's Day."""
    client.load([record("D45", "MEL", 10), record("D46", "MEL", 1)])
    client.load([record("D45", "MEL", -2, type="RESERVED", ref="R1")])
    client.load([record("D45", "MEL", -3, type="RESERVED", ref="R2")])
    ask(
        client,
        """mutation ($input: CreateInventoryQuantityInput) {
            createInventoryQuantity(input: $input) { id } }""",
        input={
            "ref": "E1",
            "catalogue": POSITION["catalogue"],
            "position": POSITION,
            "type": "EXPECTED",
            "quantity": 20,
            "expectedOn": "2027-01-01T00:00:00Z",
        },
    )
    return client


def statuses(client: Client) -> dict[str, str]:
    query = f"""{{ inventoryPosition(ref: "D45:MEL:DEFAULT", catalogue: {KEY}) {{
        quantities {{ edges {{ node {{ ref status }} }} }} }} }}"""
    rows = nodes(ask(client, query)["inventoryPosition"]["quantities"])
    return {row["ref"].removeprefix("D45:MEL:DEFAULT:"): row["status"] for row in rows}


CHOSEN: dict[str, tuple[dict[str, object], set[str]]] = {
    "all": ({}, {"LAST_ON_HAND", "R1", "R2", "E1"}),
    "of a type": ({"type": ["RESERVED"]}, {"R1", "R2"}),
    "of a status": ({"status": ["CREATED"]}, {"E1"}),
    "of types and statuses": ({"type": ["RESERVED", "EXPECTED"], "status": "ACTIVE"}, {"R1", "R2"}),
    "expected by a day": ({"expectedOn": {"to": "2027-01-01T00:00:00Z"}}, {"E1"}),
    "none": ({"type": []}, set()),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_those_that_are_chosen_have_the_status_and_no_others(stocked: Client, name: str) -> None:
    chosen, expected = CHOSEN[name]
    before = statuses(stocked)

    found = ask(
        stocked, UPDATE, filter={"position": POSITION, **chosen}, input={"status": "INACTIVE"}
    )

    assert found["updateInventoryQuantitiesStatus"] == {"count": len(expected)}
    assert statuses(stocked) == before | dict.fromkeys(expected, "INACTIVE")
    assert stocked.position("D46:MEL:DEFAULT")["onHand"] == 1


def test_stock_on_hand_is_calculated_anew(stocked: Client) -> None:
    ask(
        stocked,
        UPDATE,
        filter={"position": POSITION, "type": "RESERVED"},
        input={"status": "INACTIVE"},
    )

    active = statuses(stocked)
    assert active["R1"] == active["R2"] == "INACTIVE"
    on_hand = f'{{ inventoryPosition(ref: "D45:MEL:DEFAULT", catalogue: {KEY}) {{ onHand }} }}'
    ask(stocked, UPDATE, filter={"position": POSITION}, input={"status": "INACTIVE"})
    assert ask(stocked, on_hand)["inventoryPosition"] == {"onHand": 0}


REFUSED: list[tuple[dict[str, object], dict[str, object], str, str]] = [
    ({"position": {**POSITION, "ref": "NONE"}}, {"status": "X"}, "C0120E", "'NONE'"),
    (
        {"position": {**POSITION, "catalogue": {"ref": "NO:1"}}},
        {"status": "X"},
        "C0120E",
        "There is no inventory catalogue 'NO:1'.",
    ),
    ({"position": POSITION, "expectedOn": {}}, {"status": "X"}, "C0101E", "`expectedOn`"),
    ({"position": POSITION}, {"status": ""}, "C0125E", "/input/status is empty"),
    ({"position": POSITION}, {"status": "S" * 256}, "C0141E", "/input/status has 256"),
]


@pytest.mark.parametrize(("chosen", "given", "code", "words"), REFUSED)
def test_what_is_refused_changes_nothing(
    stocked: Client, chosen: dict[str, object], given: dict[str, object], code: str, words: str
) -> None:
    before = statuses(stocked)

    [(found, message)] = errors_of(stocked, UPDATE, filter=chosen, input=given)

    assert (found, words in message) == (code, True), message
    assert statuses(stocked) == before
