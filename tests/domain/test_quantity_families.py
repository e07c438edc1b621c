"""Trees of quantities: what a change among thousands costs, and how high they may grow.

Work is counted in quantities that are looked up, which is what takes the time.
"""

import pytest
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.catalogue.stock import Stock
from fluent_oms_simulator.domain.faults import RuleError
from fluent_oms_simulator.domain.inventory import (
    BatchSource,
    InventoryQuantity,
    MutationSource,
    QuantityDetails,
)
from fluent_oms_simulator.domain.quantity_fields import MOST_LEVELS
from fluent_oms_simulator.domain.refs import CatalogueRef
from hypothesis import given
from hypothesis import strategies as st

MANY = 1_000
SOURCE = MutationSource("a test")


class Tree:
    """The quantities of one position that has 10 on hand."""

    def __init__(self) -> None:
        self.catalogue = InventoryCatalogue(CatalogueRef("DEFAULT", "1"), 1)
        self.position = self.catalogue.add_position("A", "L", "ACTIVE", 0)
        self.catalogue.set_count(self.position, 10, 0, BatchSource(1, 0).packed())
        self.own = f"{self.catalogue.ref_of(self.position)}:LAST_ON_HAND"

    def put(
        self, ref: str, parent: str | None = None, kind: str = "RESERVED", amount: int = -1
    ) -> InventoryQuantity:
        """Create a quantity."""
        details = QuantityDetails(parent_ref=parent)
        self.catalogue.admission.check_parent(ref, self.position, details)
        return self.catalogue.put_quantity(
            self.position, ref, kind, amount, 0, SOURCE, details=details
        )

    def move(self, ref: str, parent: str | None, segment: str | None = None) -> None:
        """Give a quantity another parent and segment."""
        details = QuantityDetails(parent_ref=parent, segment1=segment)
        self.catalogue.admission.check_parent(ref, self.position, details)
        known = self.catalogue.quantity(ref)
        assert known is not None
        self.catalogue.set_shown(known, None, details)

    def row(self, name: str, length: int, top: str | None = None) -> None:
        """So many quantities, each but the first under the one before it."""
        for number in range(length):
            self.put(f"{name}{number}", f"{name}{number - 1}" if number else top)

    @property
    def on_hand(self) -> int:
        """The position's stock on hand."""
        return self.catalogue.on_hand(self.position)


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    refs: list[str] = []
    quantity = Stock.quantity

    def counted(stock: Stock, ref: str) -> InventoryQuantity | None:
        refs.append(ref)
        return quantity(stock, ref)

    monkeypatch.setattr(Stock, "quantity", counted)
    return refs


def test_a_parent_that_is_sent_again_leaves_the_thousands_under_it_alone(
    looked_up: list[str],
) -> None:
    tree = Tree()
    tree.put("SHIP", None, "IN_TRANSIT", 900)
    tree.put("PO", None, "ON_ORDER", 900)
    for number in range(MANY):
        tree.put(f"r{number}", "PO")
    looked_up.clear()

    for number in range(20):
        tree.move("PO", None, str(number))
        tree.move("PO", "SHIP" if number % 2 else tree.own)
        po = tree.catalogue.quantity("PO")
        assert po is not None
        tree.catalogue.set_type(po, "EXPECTED" if number % 2 else "IN_TRANSIT", number)

    assert (len(looked_up) < MANY, tree.on_hand) == (True, 10)


def test_a_reservation_that_moves_among_goods_on_order_leaves_those_under_it_alone(
    looked_up: list[str],
) -> None:
    tree = Tree()
    tree.put("PO1", None, "ON_ORDER", 900)
    tree.put("PO2", None, "ON_ORDER", 900)
    tree.put("r", "PO1")
    for number in range(MANY):
        tree.put(f"r{number}", "r")
    looked_up.clear()

    for number in range(20):
        tree.move("r", "PO1" if number % 2 else "PO2")

    assert (len(looked_up) < MANY, tree.on_hand) == (True, 10)
    tree.move("r", tree.own)
    assert tree.on_hand == 10 - 1 - MANY


def test_thousands_that_change_sides_are_not_each_asked_for_all_that_is_above_them(
    looked_up: list[str],
) -> None:
    tree = Tree()
    tree.put("PO", None, "ON_ORDER", 900)
    tree.row("a", 90)
    for number in range(MANY):
        tree.put(f"r{number}", "a89")
    looked_up.clear()

    tree.move("a0", "PO")

    assert (len(looked_up) < 2 * MANY, tree.on_hand) == (True, 10)


def test_goods_under_a_reservation_keep_their_own_reservations_wherever_it_goes() -> None:
    tree = Tree()
    tree.put("r", tree.own)
    tree.put("PO", "r", "ON_ORDER", 900)
    tree.put("of_po", "PO")
    tree.put("SHIP", None, "IN_TRANSIT", 900)
    assert tree.on_hand == 9

    tree.move("r", "SHIP")
    assert tree.on_hand == 10


def test_a_row_of_quantities_that_would_be_too_high_under_another_is_refused() -> None:
    tree = Tree()
    tree.row("a", 90)
    tree.row("b", 11)

    with pytest.raises(RuleError, match="'b0' would have 90 quantities above it and 10 levels"):
        tree.move("b0", "a89")
    tree.move("b0", "a88")
    with pytest.raises(RuleError, match="expected fewer than 100"):
        tree.put("one more", "b10")


def test_the_reservation_at_the_very_bottom_knows_what_is_at_the_top() -> None:
    tree = Tree()
    tree.put("PO", None, "ON_ORDER", 900)
    tree.row("a", MOST_LEVELS - 1)
    assert tree.on_hand == 10 - (MOST_LEVELS - 1)

    tree.move("a0", "PO")
    assert tree.on_hand == 10


@given(st.lists(st.tuples(st.integers(0, 11), st.none() | st.integers(0, 11)), max_size=60))
def test_the_levels_below_are_those_that_a_walk_down_finds(
    moves: list[tuple[int, int | None]],
) -> None:
    """A pair of one number forgets that quantity, or makes it anew under nothing."""
    tree = Tree()
    tree.row("q", 12)
    parents = {f"q{number}": f"q{number - 1}" if number else None for number in range(12)}
    for number, under in moves:
        ref, parent = f"q{number}", None if under is None else f"q{under}"
        known = tree.catalogue.quantity(ref)
        try:
            if known is not None and parent == ref:
                tree.catalogue.forget(known)
                del parents[ref]
                continue
            tree.move(ref, parent) if known else tree.put(ref, None if parent == ref else parent)
        except RuleError:
            continue
        parents[ref] = None if parent == ref else parent

    def walked(ref: str) -> int:
        return max(
            (walked(child) + 1 for child, above in parents.items() if above == ref), default=0
        )

    families = tree.catalogue._stock.families
    for number in range(12):
        assert families.levels_below(f"q{number}") == walked(f"q{number}")
