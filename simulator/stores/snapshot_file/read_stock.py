"""From the lines of a snapshot to stock; what follows from other things is worked out anew.

Each line is held against those before it, and against what a simulator may hold, so that what was
read could have come about.
"""

from ...domain import bounds
from ...domain.account.account import Account
from ...domain.bounds import Bound
from ...domain.catalogue.history import Written
from ...domain.catalogue.holdings import quantity_bytes, shown_bytes
from ...domain.catalogue.inventory_catalogue import InventoryCatalogue
from ...domain.catalogue.on_hand_log import COUNTS, Noted
from ...domain.catalogue.position_refs import PositionDetails
from ...domain.catalogue.recalled import (
    RecalledPosition,
    recall_numbers,
    recall_position,
    recall_quantity,
)
from ...domain.catalogue.retention import Due
from ...domain.entities import InventoryCatalogueProfile
from ...domain.inventory import (
    BatchSource,
    InventoryQuantity,
    QuantityDetails,
    Source,
)
from ...domain.refs import CatalogueRef
from .causes import source_of
from .stock_lines import (
    CountsLine,
    DetailsForm,
    EarlierLine,
    FamilyLine,
    InventoryCatalogueLine,
    OnHandLine,
    PositionLine,
    QuantityLine,
)
from .unreadable import SnapshotFault
from .values import check_json, domain_value, fields_of

_Aged = tuple[int, Due[InventoryCatalogue]]


class StockReader:
    """Puts catalogues, positions, quantities and their past into an account."""

    def __init__(self, account: Account, history_written: int, on_hand_written: int) -> None:
        self._account = account
        self._history_written = history_written
        self._on_hand_written = on_hand_written
        self._numbers: dict[str, set[int]] = {}
        self._ages: list[_Aged] = []
        self._ages_of_sums: list[_Aged] = []
        self._set_aside = 0
        self._children = 0
        self._in_families = 0
        self._history: list[Written] = []
        self._on_hand: list[Noted] = []

    def catalogue(self, line: InventoryCatalogueLine) -> None:
        """An inventory catalogue, as yet without positions."""
        account = self._account
        ref = CatalogueRef(line.type, line.retailer_id, line.given)
        profile = domain_value(line.profile, InventoryCatalogueProfile)
        check_json(profile.attributes, "/profile/attributes")
        if str(ref) in account.catalogues:
            raise SnapshotFault("/type", f"a second catalogue {ref}", "each once")
        number = len(account.catalogues) + 1
        if (profile.number, profile.ref) != (number, str(ref)):
            found = f"the number {profile.number} and the ref {profile.ref}"
            raise SnapshotFault("/profile", found, f"{number} and {ref}")
        made = account.add_catalogue(ref, profile.created_at)
        account.describe(made, profile)
        recall_numbers(made, line.statuses, line.made, line.folded)
        self._numbers[str(ref)] = set()

    def position(self, line: PositionLine) -> None:
        """A position with its plain count; its other quantities come after it."""
        catalogue = self.called(line.catalogue)
        number = len(catalogue.positions)
        if line.number != number:
            raise SnapshotFault("/number", str(line.number), f"{number}, the next")
        if (line.count is None) != (line.counted_by is None):
            raise SnapshotFault("/count", "it without /countedBy, or that alone", "both or neither")
        details = None
        if any(each is not None for each in (line.own_ref, line.own_type, line.attributes)):
            check_json(line.attributes, "/attributes")
            details = PositionDetails(line.own_ref, line.own_type, line.attributes)
        recall_position(
            catalogue,
            RecalledPosition(
                line.product_ref,
                line.location_ref,
                line.status,
                line.created_at,
                line.updated_at,
                line.created_at if line.counted_at is None else line.counted_at,
                line.count,
                None if line.counted_by is None else BatchSource(*line.counted_by),
                line.on_hand,
                line.status_due,
                details,
            ),
        )

    def quantity(self, line: QuantityLine) -> None:
        """A quantity of a position that is there."""
        catalogue = self.called(line.catalogue)
        check_json(line.attributes, "/attributes")
        known = self._numbers[line.catalogue]
        if line.number and line.number in known:
            raise SnapshotFault("/number", f"{line.number} again", "each once")
        known.add(line.number)
        quantity = InventoryQuantity(
            line.ref,
            line.position,
            line.type,
            line.quantity,
            line.status,
            line.created_at,
            line.updated_at,
            source_of(line.cause),
            line.attributes,
            line.number,
            details_of(line.details),
            line.is_set_aside,
        )
        recall_quantity(catalogue, quantity, apart=line.apart)
        self._let_age(catalogue, quantity, line)
        if quantity.details is not None and quantity.details.parent_ref is not None:
            self._children += 1

    def family(self, line: FamilyLine) -> None:
        """Who is under a quantity."""
        stock = self.called(line.catalogue).stock
        if stock.families.is_parent(line.parent):
            raise SnapshotFault("/parent", f"{line.parent} again", "each once")
        position = stock.position_of(line.parent)
        for place, ref in enumerate(line.children):
            child = stock.quantity(ref)
            under = None if child is None or child.details is None else child.details.parent_ref
            if child is None or under != line.parent:
                expected = f"the ref of a quantity whose parentRef is {line.parent}"
                raise SnapshotFault(f"/children/{place}", ref, expected)
            if position not in (None, child.position):
                expected = "a quantity of the same position as its parent"
                raise SnapshotFault(f"/children/{place}", ref, expected)
            stock.families.enter(child)
        if len(stock.families.children_of(line.parent)) != len(line.children):
            raise SnapshotFault("/children", "one of them twice", "each once")
        self._in_families += len(line.children)

    def earlier(self, line: EarlierLine) -> None:
        """What a quantity was."""
        catalogue = self.called(line.catalogue)
        self._check_position(catalogue, line.position)
        check_room(bounds.HISTORY, len(self._history) + 1)
        source: Source | int = source_of(line.cause)
        if isinstance(source, BatchSource):
            source = source.packed()
        self._history.append(
            (
                catalogue.number,
                line.position,
                line.ref,
                line.at,
                source,
                line.quantity,
                line.status,
                line.until,
                line.made,
            )
        )

    def on_hand(self, line: OnHandLine) -> None:
        """A change of a position's stock on hand."""
        catalogue = self.called(line.catalogue)
        self._check_position(catalogue, line.position)
        self._note((catalogue.number, line.position, line.at, line.before, line.after))

    def counts(self, line: CountsLine) -> None:
        """Counts that were set together."""
        catalogue = self.called(line.catalogue)
        if line.first + line.count > self._history_written:
            found = f"{line.first} and {line.count} more"
            raise SnapshotFault("/first", found, f"{self._history_written} at most together")
        self._note((catalogue.number, COUNTS, line.at, line.first, line.count))

    def finish(self) -> None:
        """All lines have been read: what is counted over all of them."""
        holdings = self._account.holdings
        if self._in_families != self._children:
            raise SnapshotFault.told(
                f"{self._children:,} quantities have a parent, and the families have"
                f" {self._in_families:,}: expected the same"
            )
        for catalogue in self._account.catalogues.values():
            catalogue.stock.put_in_order()  # they were read by their positions
            families = catalogue.stock.families
            for _, children in families.all_children():
                for ref in children:
                    child = catalogue.stock.quantity(ref)
                    assert child is not None
                    families.check_levels(child)
        holdings.retention.recall(
            in_line(self._ages, "/age"), in_line(self._ages_of_sums, "/ageOfSum"), self._set_aside
        )
        for name, written, kept in (
            ("historyWritten", self._history_written, len(self._history)),
            ("onHandWritten", self._on_hand_written, len(self._on_hand)),
        ):
            if written < kept:
                raise SnapshotFault(f"/{name} of the account", str(written), f"{kept} at least")
        holdings.history.recall(self._history, self._history_written)
        holdings.on_hand_log.recall(self._on_hand, self._on_hand_written)

    def called(self, ref: str) -> InventoryCatalogue:
        """The inventory catalogue that a line names; raises SnapshotFault."""
        catalogue = self._account.catalogues.get(ref)
        if catalogue is None:
            raise SnapshotFault("/catalogue", ref, "an inventory catalogue of a line before")
        return catalogue

    def _note(self, noted: Noted) -> None:
        check_room(bounds.ON_HAND_CHANGES, len(self._on_hand) + 1)
        self._on_hand.append(noted)

    def _check_position(self, catalogue: InventoryCatalogue, position: int) -> None:
        if position >= len(catalogue.positions):
            expected = f"the number of a position of {catalogue.ref} of a line before"
            raise SnapshotFault("/position", str(position), expected)

    def _let_age(
        self, catalogue: InventoryCatalogue, quantity: InventoryQuantity, line: QuantityLine
    ) -> None:
        """Put a quantity where it grows old, or count it among those that do not."""
        holdings = self._account.holdings
        if (line.age is not None) + (line.age_of_sum is not None) + line.is_set_aside > 1:
            raise SnapshotFault("/age", "it with /ageOfSum or /isSetAside", "one of them at most")
        if line.age is not None:
            self._ages.append((line.age, (catalogue, quantity)))
            check_room(bounds.EVENT_QUANTITIES, len(self._ages))
        elif line.age_of_sum is not None:
            self._ages_of_sums.append((line.age_of_sum, (catalogue, quantity)))
            check_room(bounds.FOLDED_SUMS, len(self._ages_of_sums))
        elif line.is_set_aside:
            self._set_aside += 1
            check_room(bounds.RESERVATIONS, self._set_aside)
        else:
            holdings.quantities.held += quantity_bytes(quantity.ref, None)
        holdings.quantities.held += shown_bytes(quantity)
        check_room(bounds.QUANTITIES, holdings.quantities.held)


def details_of(form: DetailsForm | None) -> QuantityDetails | None:
    """The details of a quantity."""
    return None if form is None else QuantityDetails(**fields_of(form))


def in_line(aged: list[_Aged], where: str) -> list[Due[InventoryCatalogue]]:
    """What grows old, by its places; raises SnapshotFault where two have one."""
    if len({place for place, _ in aged}) != len(aged):
        raise SnapshotFault(f"{where} of the quantities", "one place twice", "each once")
    return [due for _, due in sorted(aged, key=lambda each: each[0])]


def check_room(bound: Bound, held: int) -> None:
    """Raise SnapshotFault where a simulator may not hold so much."""
    if held > bound.limit:
        raise SnapshotFault.told(
            f"there are more than {bound.limit:,} {bound.what}"
            if bound.unit == "entries"
            else f"they take more than {bound.limit:,} bytes: {bound.what}"
        )
