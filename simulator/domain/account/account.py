"""An account: its inventory catalogues and all that they are set up with."""

from collections.abc import Iterable
from itertools import chain

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
