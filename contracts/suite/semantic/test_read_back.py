"""What GraphQL shows is what was written, found by what is asked for and nothing else."""

import time

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.asking import data_of, error_codes, page
from fluent_oms_simulator.contracts.suite.semantic.examples import CHANGES, COUNTS, FEW
from fluent_oms_simulator.contracts.suite.semantic.position import Observe, Position, adds_up
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import given, settings
from hypothesis import strategies as st

SINGLE = """query Single($ref: String!, $catalogue: InventoryCatalogueKey!) {
  inventoryPosition(ref: $ref, catalogue: $catalogue) { ref productRef locationRef onHand } }"""

SUMS = """query Sums($product: String!, $catalogue: InventoryCatalogueKey!) {
  inventoryPositionAggregate(productRef: $product, catalogue: $catalogue) { count sum } }"""


def four(api: Api, names: Names) -> list[Position]:
    """Two products at two locations, with 1, 2, 3 and 4 pieces."""
    first = Position(api, names)
    second = Position(api, names, product=first.product)
    third = Position(api, names, location=first.location)
    fourth = Position(api, names, product=third.product, location=second.location)
    positions = [first, second, third, fourth]
    api.load([one.record(number) for number, one in enumerate(positions, start=1)])
    return positions


def on_hands(api: Api, **wanted: object) -> list[int]:
    """The stock of the positions that a filter finds, in ascending order."""
    return sorted(node["onHand"] for node in page(api, first=10, **wanted).nodes)


def test_filters_must_all_hold_and_any_of_their_values_may(api: Api, names: Names) -> None:
    first, second, third, _ = four(api, names)
    one, other = [first.product], [third.product]

    assert on_hands(api, productRef=one) == [1, 2]
    assert on_hands(api, productRef=other) == [3, 4]
    assert on_hands(api, productRef=one + other) == [1, 2, 3, 4]
    assert on_hands(api, productRef=one, locationRef=[first.location]) == [1]
    assert on_hands(api, productRef=other, locationRef=[second.location]) == [4]
    both = [first.location, second.location]
    assert on_hands(api, productRef=one + other, locationRef=both) == [1, 2, 3, 4]
    assert on_hands(api, productRef=[names.product()]) == []


def test_a_position_is_found_by_its_ref(api: Api, names: Names) -> None:
    first, _, third, _ = four(api, names)
    refs = {}
    for position in (first, third):
        seen = position.look()
        assert seen is not None
        refs[seen["ref"]] = seen["onHand"]

    assert sorted(refs.values()) == on_hands(api, ref=list(refs)) == [1, 3]
    for ref, on_hand in refs.items():
        found = data_of(api.graphql(SINGLE, ref=ref, catalogue={"ref": api.target.catalogue_ref}))
        assert found["inventoryPosition"]["ref"] == ref
        assert found["inventoryPosition"]["onHand"] == on_hand


def test_a_position_is_found_by_its_status(api: Api, names: Names) -> None:
    positions = four(api, names)
    product = [positions[0].product]
    (status,) = {node["status"] for node in page(api, productRef=product, first=10).nodes}

    assert on_hands(api, productRef=product, status=[status]) == [1, 2]
    assert on_hands(api, productRef=product, status=["INACTIVE"]) == []


def test_a_position_is_found_by_the_time_of_its_last_change(api: Api, names: Names) -> None:
    """The two ends are in the past and in UTC; a connector reads back in this way."""
    older, newer = Position(api, names), Position(api, names)
    older.count(1)
    time.sleep(0.02)
    newer.count(2)
    time.sleep(0.02)
    products = [older.product, newer.product]
    seen = {node["onHand"]: node["updatedOn"] for node in page(api, productRef=products).nodes}
    assert seen[1] < seen[2]

    assert on_hands(api, productRef=products, updatedOn={"from": seen[1]}) == [1, 2]
    assert on_hands(api, productRef=products, updatedOn={"from": seen[2]}) == [2]
    assert on_hands(api, productRef=products, updatedOn={"to": seen[1]}) == [1]
    time.sleep(0.02)
    older.change(4)
    older.shows(5)
    assert on_hands(api, productRef=products, updatedOn={"from": seen[2]}) == [2, 5]


@settings(FEW)
@given(
    counted=COUNTS,
    changes=st.lists(CHANGES, max_size=3),
    held=st.integers(0, 9),
    recounted=st.none() | COUNTS,
)
def test_stock_on_hand_is_the_sum_of_its_quantities_at_every_look(
    api: Api,
    names: Names,
    counted: int,
    changes: list[int],
    held: int,
    recounted: int | None,
) -> None:
    """Also between the moments at which a caller waits for something."""
    position = Position(api, names)
    position.count(counted)
    sent = [
        api.send_event(api.event("INVENTORY_DELTA", {"deltas": [position.entry(quantity)]}))
        for quantity in changes
    ]
    if api.target.is_ours:
        _look(position)
    for answer in sent:
        api.wait_for_event(str(answer.document["id"]))
    if held:
        position.reserve("F1", held)
    if recounted is not None:
        job = api.open_job("skip")
        batch = api.send_batch(job, [position.record(recounted)]).document["id"]
        if api.target.is_ours:
            _look(position)
        api.wait_for_batch(job, str(batch))

    total = counted + sum(changes) if recounted is None else recounted
    position.shows(total - held)


def _look(position: Position) -> None:
    seen = position.look()
    assert seen is not None
    adds_up(seen)


def test_the_sum_over_a_product_is_that_of_its_positions(api: Api, names: Names) -> None:
    """In newer schemas only."""
    product = four(api, names)[0].product
    answer = api.graphql(SUMS, product=product, catalogue={"ref": api.target.catalogue_ref})
    if error_codes(answer):
        pytest.skip("this server's schema has no inventoryPositionAggregate")
    assert data_of(answer)["inventoryPositionAggregate"] == {"count": 2, "sum": 3}


def test_an_entity_that_does_not_exist_is_null(api: Api, names: Names, observe: Observe) -> None:
    answer = api.graphql(SINGLE, ref=names.product(), catalogue={"ref": api.target.catalogue_ref})

    assert answer.status == 200, answer.text
    assert (answer.document.get("data") or {}).get("inventoryPosition") is None, answer.text
    if error_codes(answer):
        observe("graphql.unknown_entity", "error", f"null came with {error_codes(answer)}")


@pytest.mark.parametrize(
    "query",
    [
        "{ inventoryPositions { edges { node { qty } } } }",
        "{ inventoryPositions { edges { node { skuRef } } } }",
        "{ inventoryQuantities { edges { node { qty } } } }",
        "{ inventoryPositions(filter: {}) { edges { node { ref } } } }",
        "{ inventoryPositions { totalCount } }",
        "{ inventories { edges { node { ref } } } }",
    ],
)
def test_names_that_the_schema_does_not_have_are_refused(api: Api, query: str) -> None:
    """Several guides use them; the published schemas have none of them."""
    answer = api.graphql(query)

    assert answer.document.get("errors"), answer.text
    assert not answer.document.get("data"), answer.text


def test_a_page_says_that_there_is_more(api: Api, names: Names) -> None:
    positions = four(api, names)
    product = [positions[0].product]

    assert page(api, productRef=product, first=1).has_next is True
    assert page(api, productRef=product, first=2).has_next is False
    assert page(api, productRef=product, last=1).has_previous is True
    assert page(api, productRef=product, last=2).has_previous is False
