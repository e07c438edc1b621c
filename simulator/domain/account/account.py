"""An account: its inventory catalogues and all that they are set up with."""

from collections.abc import Iterable, Mapping
from copy import copy
from itertools import chain

from ..as_of import AsOf, Mark
from ..catalogue.earlier_stock import Earlier
from ..catalogue.holdings import Holdings, NoteRetired
from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..catalogue.places import Locations
from ..catalogue.stock import StockRules
from ..entities import (
    ControlGroup,
    InventoryCatalogueProfile,
    Network,
    VirtualCatalogueProfile,
)
from ..inventory import ACTIVE
from ..refs import CatalogueRef
from ..search.products import ProductCatalogue
from ..virtual.available import BASE
from ..virtual.controls import ControlRules
from ..virtual.virtual_catalogue import VirtualCatalogue
from ..written import ENTITY_BYTES, entity_bytes
from .account_settings import AccountSettings
from .thresholds import PositionThresholds, threshold_groups


class Account:
    """What one account holds; it starts with a base virtual catalogue for each of its retailers."""

    def __init__(
        self,
        refs: Iterable[CatalogueRef],
        at: int = 0,
        rules: StockRules | None = None,
        note_retired: NoteRetired | None = None,
    ) -> None:
        self.started_at = at
        self._stock_rules = rules or StockRules()
        self.holdings = Holdings() if note_retired is None else Holdings(note_retired)
        self.catalogues: dict[str, InventoryCatalogue] = {}
        self.virtual_catalogues: dict[str, VirtualCatalogue] = {}
        self.product_catalogues: dict[str, ProductCatalogue] = {}
        self.control_groups: dict[str, ControlGroup] = {}
        self.networks: dict[str, Network] = {}
        self.settings = AccountSettings()
        self._locations = Locations()
        self._rules: dict[str, tuple[int, int, ControlRules]] = {}
        self.controls_made = 0
        for ref in refs:
            self.add_catalogue(ref, at)
            if ref.retailer_id not in {c.retailer_id for c in self.product_catalogues.values()}:
                self._set_up_retailer(ref, at)

    def blank(self, at: int) -> "Account":
        """One of the same rules that holds nothing yet: for one that is made again."""
        return Account((), at, self._stock_rules, self.holdings.note_retired)

    def add_catalogue(self, ref: CatalogueRef, at: int) -> InventoryCatalogue:
        """Create an inventory catalogue; the caller has checked that the ref is free."""
        number = len(self.catalogues) + 1
        catalogue = InventoryCatalogue(ref, number, at, self._stock_rules, self.holdings)
        self.catalogues[str(ref)] = catalogue
        return catalogue

    def describe(self, catalogue: InventoryCatalogue, profile: InventoryCatalogueProfile) -> None:
        """Give an inventory catalogue a profile; its positions follow the groups that it names."""
        catalogue.profile = profile
        groups = threshold_groups(profile.attributes)
        thresholds = PositionThresholds(profile.ref, groups, self.rules_of) if groups else None
        catalogue.statuses.follow(thresholds)

    @property
    def locations(self) -> Locations:
        """Every location that was created or that a position was loaded for."""
        self._locations.notice(self.catalogues.values())
        return self._locations

    @property
    def locations_noticed(self) -> Locations:
        """Those that were created or that somebody has asked for since their first position."""
        return self._locations

    def products(self, catalogue: ProductCatalogue) -> ProductCatalogue:
        """A product catalogue with every product that a position was loaded for."""
        catalogue.notice(self.catalogues.values())
        return catalogue

    def products_of(self, retailer_id: str) -> ProductCatalogue | None:
        """A retailer's product catalogue with its products."""
        for catalogue in self.product_catalogues.values():
            if catalogue.retailer_id == retailer_id:
                return self.products(catalogue)
        return None

    def mark(self) -> Mark:
        """How far it has come."""
        holdings = self.holdings
        made = {catalogue.number: catalogue.made for catalogue in self.catalogues.values()}
        return Mark(holdings.history.written, holdings.on_hand_log.written, made)

    def seen_late(self, as_of: AsOf) -> "Account":
        """The same with the stock that a late reader sees, for reading only.

        The reader is told where that is not known. Products, locations and what mutations write
        besides stock are as they are now.
        """
        states, has_states = self.holdings.history.unseen(as_of)
        changes = self.holdings.on_hand_log.unseen(as_of)
        if not (has_states and changes.is_whole):
            as_of.untold = "What stock was then is no longer known: too much has changed since."
        seen = copy(self)
        seen.catalogues = {
            ref: catalogue.seen_late(
                Earlier(
                    as_of,
                    {key[1:]: was for key, was in states.items() if key[0] == catalogue.number},
                    _of(catalogue.number, changes.on_hand),
                    _of(catalogue.number, changes.dated),
                )
            )
            for ref, catalogue in self.catalogues.items()
        }
        return seen

    def bytes_written(self) -> int:
        """About how many bytes all takes that mutations wrote, quantities excepted."""
        entities = chain(
            (catalogue.profile for catalogue in self.catalogues.values()),
            *(catalogue.all_details() for catalogue in self.catalogues.values()),
            *(catalogue.entities() for catalogue in self.virtual_catalogues.values()),
            self.control_groups.values(),
            self.networks.values(),
            self.settings,
            self._locations.created(),
        )
        set_on_hand = sum(catalogue.times_written() for catalogue in self.catalogues.values())
        return ENTITY_BYTES * set_on_hand + sum(entity_bytes(entity) for entity in entities)

    def rules_of(self, group_ref: str | None) -> ControlRules | None:
        """The rules of a control group, None where there is no such group."""
        group = None if group_ref is None else self.control_groups.get(group_ref)
        if group is None:
            return None
        kept = self._rules.get(group.ref)
        if kept is None or kept[:2] != (group.version, group.updated_at):
            kept = (group.version, group.updated_at, ControlRules(group))
            self._rules[group.ref] = kept
        return kept[2]

    def _set_up_retailer(self, ref: CatalogueRef, at: int) -> None:
        number = len(self.product_catalogues) + 1
        products = ProductCatalogue(f"COMPATIBILITY:{ref.retailer_id}", ref.retailer_id, number, at)
        self.product_catalogues[products.ref] = products
        profile = VirtualCatalogueProfile(
            number=len(self.virtual_catalogues) + 1,
            ref=f"{BASE}:{ref.retailer_id}",
            type=BASE,
            status=ACTIVE,
            created_at=at,
            updated_at=at,
            name=f"{BASE}:{ref.retailer_id}",
            inventory_catalogue_ref=str(ref),
            product_catalogue_ref=products.ref,
            retailer_refs=(ref.retailer_id,),
        )
        self.virtual_catalogues[profile.ref] = VirtualCatalogue(profile)


def _of(catalogue: int, found: Mapping[tuple[int, int], int]) -> dict[int, int]:
    return {position: value for (number, position), value in found.items() if number == catalogue}
