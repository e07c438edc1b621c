"""What mutations write of virtual positions, and how long it is seen (inferred throughout)."""

import pytest
from fluent_oms_simulator.domain.entities import Attribute
from fluent_oms_simulator.domain.faults import NotFound, NotUnique, RuleError
from fluent_oms_simulator.domain.virtual.virtual_catalogue import (
    VirtualCatalogue,
    VirtualChanges,
    VirtualPosition,
    VirtualPositionFilter,
    VirtualSources,
)

from .helpers.virtual_support import Shop, at, listing, quantities, statuses, virtual_catalogue


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.load("D45", "MEL", 10)
    return shop


@pytest.fixture
def catalogue() -> VirtualCatalogue:
    return virtual_catalogue("BASE")


def found(catalogue: VirtualCatalogue, ref: str, sources: VirtualSources) -> VirtualPosition:
    position = catalogue.find(ref, sources)
    assert position is not None
    return position


def test_a_written_quantity_stands_until_the_stock_changes(
    shop: Shop, catalogue: VirtualCatalogue
) -> None:
    changes = VirtualChanges(quantity=3)
    written = catalogue.update("D45:MEL", changes, sources=shop.sources(), at=5_000)
    shop.load("D46", "MEL", 1)

    assert written.quantity == 3
    assert written.updated_at == 5_000
    assert quantities(catalogue, shop.sources()) == {"D45:MEL": 3, "D46:MEL": 1}

    shop.load("D45", "MEL", 11)

    assert quantities(catalogue, shop.sources())["D45:MEL"] == 11

    shop.load("D45", "MEL", 10)

    assert quantities(catalogue, shop.sources())["D45:MEL"] == 10


def test_a_written_quantity_stands_until_the_controls_change(
    shop: Shop, catalogue: VirtualCatalogue
) -> None:
    shop.control("QUANTITY_BUFFER", at("D45"), buffer=-1)
    catalogue.update("D45:MEL", VirtualChanges(quantity=3), sources=shop.sources(), at=5_000)

    assert quantities(catalogue, shop.sources()) == {"D45:MEL": 3}

    shop.control("QUANTITY_BUFFER", at("D45"), buffer=-2)

    assert quantities(catalogue, shop.sources()) == {"D45:MEL": 8}


def test_a_written_aggregate_stands_until_any_of_its_stock_changes(shop: Shop) -> None:
    shop.load("D45", "SYD", 4)
    catalogue = virtual_catalogue("AGGREGATE")
    catalogue.update("D45", VirtualChanges(quantity=1), sources=shop.sources(), at=5_000)

    assert quantities(catalogue, shop.sources()) == {"D45": 1}

    shop.load("D45", "PER", 0)

    assert quantities(catalogue, shop.sources()) == {"D45": 14}


def test_stock_that_changes_after_a_write_dates_the_position(
    shop: Shop, catalogue: VirtualCatalogue
) -> None:
    written_at = shop.moment + 1
    catalogue.update(
        "D45:MEL", VirtualChanges(status="FROZEN"), sources=shop.sources(), at=written_at
    )

    assert found(catalogue, "D45:MEL", shop.sources()).updated_at == written_at

    shop.moment = written_at
    shop.load("D45", "MEL", 11)

    assert found(catalogue, "D45:MEL", shop.sources()).updated_at == written_at + 1


def test_a_written_status_type_and_attributes_stay(shop: Shop, catalogue: VirtualCatalogue) -> None:
    first = VirtualChanges(
        status="FROZEN",
        type="SPECIAL",
        attributes={"a": Attribute("a", "STRING", "1"), "b": Attribute("b", "STRING", "2")},
    )
    catalogue.update("D45:MEL", first, sources=shop.sources(), at=5_000)
    second = VirtualChanges(attributes={"b": Attribute("b", "STRING", "3")})
    catalogue.update("D45:MEL", second, sources=shop.sources(), at=5_001)
    shop.load("D45", "MEL", 11)
    position = found(catalogue, "D45:MEL", shop.sources())

    assert (position.quantity, position.status, position.type) == (11, "FROZEN", "SPECIAL")
    assert {name: value.value for name, value in position.attributes.items()} == {
        "a": "1",
        "b": "3",
    }


def test_what_is_written_is_searched_for_and_what_it_replaced_is_not(
    shop: Shop, catalogue: VirtualCatalogue
) -> None:
    shop.load("D46", "MEL", 1)
    changes = VirtualChanges(status="FROZEN", type="SPECIAL", quantity=3)
    catalogue.update("D45:MEL", changes, sources=shop.sources(), at=5_000)

    def search(wanted: VirtualPositionFilter) -> list[str]:
        return [each.ref for each in listing(catalogue, shop.sources(), wanted)]

    assert search(VirtualPositionFilter(statuses={"FROZEN"})) == ["D45:MEL"]
    assert search(VirtualPositionFilter(statuses={"ACTIVE"})) == ["D46:MEL"]
    assert search(VirtualPositionFilter(types={"SPECIAL"})) == ["D45:MEL"]
    assert search(VirtualPositionFilter(types={"BASE"})) == ["D46:MEL"]
    assert search(VirtualPositionFilter(types={"BASE", "SPECIAL"})) == ["D45:MEL", "D46:MEL"]
    assert search(VirtualPositionFilter(quantities={3})) == ["D45:MEL"]
    assert search(VirtualPositionFilter(quantities={10})) == []


def test_what_is_derived_cannot_be_created_nor_anything_twice(
    shop: Shop, catalogue: VirtualCatalogue
) -> None:
    changes = VirtualChanges(quantity=1)
    catalogue.create("OTHER", changes, sources=shop.sources(), at=5_000)

    for ref in ("D45:MEL", "OTHER"):
        with pytest.raises(NotUnique, match=ref):
            catalogue.create(ref, changes, sources=shop.sources(), at=5_001)
    assert quantities(catalogue, shop.sources()) == {"D45:MEL": 10, "OTHER": 1}


def test_what_does_not_exist_cannot_be_updated(shop: Shop, catalogue: VirtualCatalogue) -> None:
    with pytest.raises(NotFound, match="D99:MEL"):
        catalogue.update("D99:MEL", VirtualChanges(quantity=1), sources=shop.sources(), at=5_000)
    assert quantities(catalogue, shop.sources()) == {"D45:MEL": 10}


def test_derived_stock_keeps_its_product_and_its_group(
    shop: Shop, catalogue: VirtualCatalogue
) -> None:
    for changes in (VirtualChanges(product_ref="D46"), VirtualChanges(group_ref="SYD")):
        with pytest.raises(RuleError, match="cannot become"):
            catalogue.update("D45:MEL", changes, sources=shop.sources(), at=5_000)
    same = VirtualChanges(quantity=2, product_ref="D45", group_ref="MEL")

    assert catalogue.update("D45:MEL", same, sources=shop.sources(), at=5_000).quantity == 2


def test_a_created_position_is_listed_last_and_keeps_its_key_when_stock_comes(
    shop: Shop, catalogue: VirtualCatalogue
) -> None:
    changes = VirtualChanges(quantity=6, product_ref="D46", group_ref="MEL")
    created = catalogue.create("D46:MEL", changes, sources=shop.sources(), at=900)

    assert (created.quantity, created.status, created.type) == (6, "CREATED", "BASE")
    assert listing(catalogue, shop.sources())[-1] == created
    assert found(catalogue, "D46:MEL", shop.sources()) == created

    shop.load("D46", "MEL", 2)
    shop.load("D47", "MEL", 3)
    loaded = found(catalogue, "D46:MEL", shop.sources())

    assert loaded._replace(quantity=6, status="CREATED", updated_at=900) == created
    assert (loaded.quantity, loaded.status) == (2, "ACTIVE")
    assert [each.ref for each in listing(catalogue, shop.sources())] == [
        "D45:MEL",
        "D47:MEL",
        "D46:MEL",
    ]
    by_ref = VirtualPositionFilter(refs=frozenset({"D46:MEL"}))
    assert listing(catalogue, shop.sources(), by_ref) == [loaded]


def test_created_positions_may_get_another_product_and_group(
    shop: Shop, catalogue: VirtualCatalogue
) -> None:
    catalogue.create("OTHER", VirtualChanges(quantity=6), sources=shop.sources(), at=5_000)
    changes = VirtualChanges(product_ref="D46", group_ref="SYD", status="ACTIVE")
    changed = catalogue.update("OTHER", changes, sources=shop.sources(), at=5_001)

    assert (changed.product_ref, changed.group_ref, changed.status) == ("D46", "SYD", "ACTIVE")
    assert (changed.quantity, changed.created_at, changed.updated_at) == (6, 5_000, 5_001)


def test_a_status_for_a_group_is_for_all_its_positions_and_no_others(
    shop: Shop, catalogue: VirtualCatalogue
) -> None:
    shop.load("D46", "MEL", 1)
    shop.load("D45", "SYD", 1)
    made = VirtualChanges(quantity=6, group_ref="MEL")
    catalogue.create("OTHER", made, sources=shop.sources(), at=5_000)
    changed = catalogue.set_group_status("MEL", "INACTIVE", sources=shop.sources(), at=5_001)

    assert changed == 3
    assert statuses(catalogue, shop.sources()) == {
        "D45:MEL": "INACTIVE",
        "D46:MEL": "INACTIVE",
        "D45:SYD": "ACTIVE",
        "OTHER": "INACTIVE",
    }


def test_what_is_written_is_bounded_and_a_refusal_changes_nothing(
    shop: Shop, catalogue: VirtualCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluent_oms_simulator.domain.virtual.virtual_catalogue.MOST_WRITTEN", 2)
    for product in ("D46", "D47"):
        shop.load(product, "MEL", 1)
    before = statuses(catalogue, shop.sources())

    with pytest.raises(RuleError, match="at most 2"):
        catalogue.set_group_status("MEL", "FROZEN", sources=shop.sources(), at=5_000)
    assert statuses(catalogue, shop.sources()) == before

    for ref in ("ONE", "TWO"):
        catalogue.create(ref, VirtualChanges(quantity=1), sources=shop.sources(), at=5_000)
    with pytest.raises(RuleError, match="at most 2"):
        catalogue.create("THREE", VirtualChanges(quantity=1), sources=shop.sources(), at=5_000)
    with pytest.raises(RuleError, match="at most 2"):
        catalogue.update("D45:MEL", VirtualChanges(quantity=1), sources=shop.sources(), at=5_000)
    again = VirtualChanges(quantity=2)
    assert catalogue.update("ONE", again, sources=shop.sources(), at=5_000).quantity == 2
