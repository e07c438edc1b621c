"""What every catalogue store must do: one suite for all of them."""

import threading
from collections.abc import Callable

import pytest
from fluent_oms_simulator.domain.account.account import Account
from fluent_oms_simulator.domain.account.ports import CatalogueStore
from fluent_oms_simulator.domain.inventory import BatchSource, EventSource
from fluent_oms_simulator.domain.refs import CatalogueRef, default_catalogue
from fluent_oms_simulator.stores.memory_store import MemoryCatalogueStore

REFS = [default_catalogue("1"), default_catalogue("2"), CatalogueRef("OUTLET", "1")]

StoreFactory = Callable[[list[CatalogueRef]], CatalogueStore]

FACTORIES: dict[str, StoreFactory] = {
    "memory": lambda refs: MemoryCatalogueStore(lambda: Account(refs))
}


@pytest.fixture(params=list(FACTORIES))
def store(request: pytest.FixtureRequest) -> CatalogueStore:
    return FACTORIES[request.param](REFS)


def count(store: CatalogueStore, ref: str, quantity: int) -> int:
    with store.transaction(ref) as catalogue:
        assert catalogue is not None
        position = catalogue.find("D45", "LOC_MEL")
        if position is None:
            position = catalogue.add_position("D45", "LOC_MEL", "ACTIVE", 1_000)
        catalogue.set_count(position, quantity, 1_000, BatchSource(1, 0).packed())
        return position


def on_hand(store: CatalogueStore, ref: str) -> int | None:
    with store.transaction(ref) as catalogue:
        assert catalogue is not None
        position = catalogue.find("D45", "LOC_MEL")
        return None if position is None else catalogue.on_hand(position)


def test_it_lists_its_catalogues_in_order(store: CatalogueStore) -> None:
    assert list(store.refs()) == ["DEFAULT:1", "DEFAULT:2", "OUTLET:1"]


def test_a_catalogue_knows_its_ref_and_its_number(store: CatalogueStore) -> None:
    for number, ref in enumerate(REFS, start=1):
        with store.transaction(str(ref)) as catalogue:
            assert catalogue is not None
            assert (catalogue.ref, catalogue.number) == (ref, number)


@pytest.mark.parametrize("ref", ["DEFAULT:3", "", "default:1", "DEFAULT"])
def test_there_is_nothing_under_an_unknown_ref(store: CatalogueStore, ref: str) -> None:
    with store.transaction(ref) as catalogue:
        assert catalogue is None


def test_what_one_transaction_wrote_the_next_one_reads(store: CatalogueStore) -> None:
    position = count(store, "DEFAULT:1", 10)
    with store.transaction("DEFAULT:1") as catalogue:
        assert catalogue is not None
        catalogue.put_quantity(position, "d1", "DELTA", -4, 2_000, EventSource("e", "deltas", 0))

    assert on_hand(store, "DEFAULT:1") == 6
    with store.transaction("DEFAULT:1") as catalogue:
        assert catalogue is not None
        held = {row.ref: (row.type, row.quantity) for row in catalogue.quantities_of(position)}
        assert held == {
            "D45:LOC_MEL:DEFAULT:LAST_ON_HAND": ("LAST_ON_HAND", 10),
            "d1": ("DELTA", -4),
        }


def test_catalogues_do_not_share_positions(store: CatalogueStore) -> None:
    count(store, "DEFAULT:1", 10)
    count(store, "OUTLET:1", 3)

    assert on_hand(store, "DEFAULT:1") == 10
    assert on_hand(store, "DEFAULT:2") is None
    assert on_hand(store, "OUTLET:1") == 3


def test_work_that_fails_before_it_changes_anything_leaves_the_store_usable(
    store: CatalogueStore,
) -> None:
    count(store, "DEFAULT:1", 10)
    with pytest.raises(LookupError), store.transaction("DEFAULT:1"):
        raise LookupError

    assert on_hand(store, "DEFAULT:1") == 10


def test_a_reset_empties_every_catalogue_and_keeps_them(store: CatalogueStore) -> None:
    count(store, "DEFAULT:1", 10)
    count(store, "DEFAULT:2", 10)
    with store.anew():
        pass

    assert list(store.refs()) == ["DEFAULT:1", "DEFAULT:2", "OUTLET:1"]
    assert on_hand(store, "DEFAULT:1") is None
    assert on_hand(store, "DEFAULT:2") is None


def test_transactions_do_not_run_into_each_other(store: CatalogueStore) -> None:
    count(store, "DEFAULT:1", 0)

    def add_one_by_one() -> None:
        for _ in range(200):
            with store.transaction("DEFAULT:1") as catalogue:
                assert catalogue is not None
                held = catalogue.on_hand(0)
                catalogue.set_count(0, held + 1, 1_000, BatchSource(1, 0).packed())

    threads = [threading.Thread(target=add_one_by_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert on_hand(store, "DEFAULT:1") == 800
