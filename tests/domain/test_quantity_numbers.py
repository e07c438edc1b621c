"""A quantity is found by its number, in whatever order quantities came in or went."""

from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.catalogue.recalled import recall_quantity
from fluent_oms_simulator.domain.inventory import ACTIVE, BatchSource, InventoryQuantity
from fluent_oms_simulator.domain.refs import default_catalogue
from fluent_oms_simulator.domain.workflow.quantity_numbers import QuantityNumbers
from hypothesis import given
from hypothesis import strategies as st

SOURCE = BatchSource(1, 0)


def catalogue_with_a_position() -> tuple[InventoryCatalogue, int]:
    catalogue = InventoryCatalogue(default_catalogue("1"), 1)
    return catalogue, catalogue.add_position("A", "L", ACTIVE, 0)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=40))
def test_what_is_there_is_found_and_what_is_gone_is_not(steps: list[tuple[bool, int]]) -> None:
    catalogue, position = catalogue_with_a_position()
    numbers = QuantityNumbers()
    there: dict[int, str] = {}
    gone: set[int] = set()
    for is_made, which in steps:
        ref = f"q{which}"
        known = catalogue.quantity(ref)
        if is_made and known is None:
            made = catalogue.put_quantity(position, ref, "EXPECTED", 1, 0, SOURCE)
            there[made.number] = ref
        elif not is_made and known is not None:
            del there[known.number]
            gone.add(known.number)
            catalogue.forget(known)
        for number, expected in there.items():
            assert numbers.ref_of(catalogue, position, number) == expected
        assert {numbers.ref_of(catalogue, position, number) for number in gone} <= {None}


@given(st.permutations([3, 5, 8, 13]))
def test_those_of_a_snapshots_file_are_found_in_any_order(order: list[int]) -> None:
    catalogue, position = catalogue_with_a_position()
    catalogue.go_on_from(made=13, folded=0)
    for number in order:
        recalled = InventoryQuantity(
            f"q{number}", position, "EXPECTED", 1, ACTIVE, 0, 0, SOURCE, number=number
        )
        recall_quantity(catalogue, recalled, apart=False)
    numbers = QuantityNumbers()

    assert [numbers.ref_of(catalogue, position, n) for n in (3, 8, 13)] == ["q3", "q8", "q13"]
    made = catalogue.put_quantity(position, "new", "EXPECTED", 1, 0, SOURCE)
    assert numbers.ref_of(catalogue, position, made.number) == "new"
    assert numbers.ref_of(catalogue, position, 4) is None
