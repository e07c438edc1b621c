"""What is available to sell, as the pages describe it, written from those and from no code.

R-BASE and R-AGG are Fluent's pages on the rules for base and aggregate positions (8 Apr and 8 May
2025), MASTER that on master buffers (8 May 2025), CGMGMT that on controls (14 Feb 2025), THRESH
that on thresholds (28 Feb 2025).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .stock_model import Position, Stock

BUFFER, EXCLUSION, MASTER = "QUANTITY_BUFFER", "EXCLUSION", "MASTER_BUFFER"
THRESHOLD = "BULK_THRESHOLD"


@dataclass
class Control:
    """A control of a group; `product` and `location` are what its context names."""

    ref: str
    kind: str
    order: int
    amount: int = 0
    product: str | None = None
    location: str | None = None
    catalogue: str | None = None
    gives: str = ""
    status: str = "ACTIVE"

    def is_for(self, product: str, location: str | None) -> bool:
        """Whether it applies there; None is the sum of all locations."""
        return self.product in (None, product) and self.location in (None, location)

    @property
    def nearness(self) -> int:
        """CGMGMT: a product at a location goes before a product, and that before a location."""
        return 2 * (self.product is not None) + (self.location is not None)


@dataclass
class Group:
    """A control group."""

    status: str = "ACTIVE"
    controls: dict[str, Control] = field(default_factory=dict)

    def in_force(self, kind: str) -> list[Control]:
        """The controls of a kind that apply now, in the order in which they are asked."""
        found = [one for one in self.controls.values() if one.kind == kind]
        if self.status != "ACTIVE":
            return []
        return sorted(
            (one for one in found if one.status == "ACTIVE"),
            key=lambda one: (one.order, -one.nearness),
        )


@dataclass
class Catalogue:
    """A virtual catalogue."""

    ref: str
    kind: str
    networks: list[str] = field(default_factory=list)
    group: str | None = None
    threshold_groups: list[str] = field(default_factory=list)


@dataclass
class Available:
    """A virtual position."""

    catalogue: str
    ref: str
    product: str | None
    group: str | None
    quantity: int
    status: str
    type: str


class Shop:
    """Virtual catalogues over a stock, and the controls between them."""

    def __init__(self, stock: Stock, networks: dict[str, list[str]]) -> None:
        self.stock = stock
        self.networks = networks
        self.groups: dict[str, Group] = {}
        self.catalogues: dict[str, Catalogue] = {}
        self.followed: list[str] = []
        """The groups that the inventory catalogue names."""

    def follow(self) -> None:
        """Tell the stock which thresholds are in force for it now."""
        if not self.followed:
            self.stock.thresholds = None
            return
        self.stock.thresholds = [
            (one.amount, one.gives) for one in self._thresholds(self.followed, "DEFAULT:1")
        ]

    def behind(self, catalogue: Catalogue, one: Available) -> set[tuple[str, str]]:
        """Product and location of the positions that a virtual one is computed from."""
        covered = self._covered(
            catalogue.networks if catalogue.kind == "BASE" else catalogue.networks[:1]
        )
        return {
            (position.product, position.location)
            for position in covered
            if position.product == one.product
            and (catalogue.kind != "BASE" or position.location == one.group)
        }

    def available(self) -> Iterator[Available]:
        """All virtual positions."""
        for catalogue in self.catalogues.values():
            yield from self.positions(catalogue)

    def positions(self, catalogue: Catalogue) -> Iterator[Available]:
        """The virtual positions of a catalogue."""
        if catalogue.kind == "BASE":
            yield from self._base(catalogue)
        elif catalogue.kind == "AGGREGATE" or self.stock.switches["virtual.own_types"] == (
            "aggregate"
        ):
            yield from self._aggregates(catalogue)

    def _covered(self, networks: list[str]) -> list[Position]:
        if not networks:
            everywhere = self.stock.switches["virtual.without_networks"] == "all_locations"
            return [
                p for p in self.stock.positions.values() if everywhere and p.status != "CREATED"
            ]
        locations = {location for name in networks for location in self.networks[name]}
        return [
            position
            for position in self.stock.positions.values()
            if position.location in locations and position.status != "CREATED"
        ]

    def _base(self, catalogue: Catalogue) -> Iterator[Available]:
        for position in self._covered(catalogue.networks):
            product, location = position.product, position.location
            quantity = position.on_hand + self._amount(catalogue, BUFFER, product, location)
            if self.stock.switches["virtual.floor"] == "zero":
                quantity = max(0, quantity)
            if self._is_excluded(catalogue, product, location):
                quantity = 0
            status = "INACTIVE" if position.status == "INACTIVE" else None
            yield Available(
                catalogue.ref,
                f"{product}:{location}",
                product,
                location,
                quantity,
                status or self._status(catalogue, quantity),
                catalogue.kind,
            )

    def _aggregates(self, catalogue: Catalogue) -> Iterator[Available]:
        network = catalogue.networks[0] if catalogue.networks else None
        covered = self._covered(catalogue.networks[:1])
        for product in dict.fromkeys(position.product for position in covered):
            total = self._amount(catalogue, MASTER, product, None)
            for position in covered:
                if position.product == product and self._is_summed(position):
                    total += self._part(catalogue, position)
            quantity = max(0, total)
            if self._is_excluded(catalogue, product, None):
                quantity = 0
            ref = product if network is None else f"{product}:{network}"
            status = self._status(catalogue, quantity)
            yield Available(catalogue.ref, ref, product, network, quantity, status, catalogue.kind)

    def _is_summed(self, position: Position) -> bool:
        if self.stock.switches["virtual.aggregate_statuses"] == "active":
            return position.status == "ACTIVE"
        return position.status not in ("CREATED", "INACTIVE")

    def _part(self, catalogue: Catalogue, position: Position) -> int:
        product, location = position.product, position.location
        if self._is_excluded(catalogue, product, location):
            return 0
        part = position.on_hand + self._amount(catalogue, BUFFER, product, location)
        return max(0, part) if self.stock.switches["virtual.location_floor"] == "zero" else part

    def _group(self, catalogue: Catalogue) -> Group:
        return self.groups.get(catalogue.group or "", Group())

    def _amount(self, catalogue: Catalogue, kind: str, product: str, location: str | None) -> int:
        """CGMGMT: only the first that applies; of equal orders the nearest (inferred)."""
        for control in self._group(catalogue).in_force(kind):
            if control.is_for(product, location):
                return control.amount
        return 0

    def _is_excluded(self, catalogue: Catalogue, product: str, location: str | None) -> bool:
        exclusions = self._group(catalogue).in_force(EXCLUSION)
        return any(control.is_for(product, location) for control in exclusions)

    def _thresholds(self, groups: list[str], catalogue: str) -> list[Control]:
        found = [one for ref in groups for one in self.groups[ref].in_force(THRESHOLD)]
        return sorted(
            (one for one in found if one.catalogue in (None, catalogue)),
            key=lambda one: one.order,
        )

    def _status(self, catalogue: Catalogue, quantity: int) -> str:
        for control in self._thresholds(catalogue.threshold_groups, catalogue.ref):
            if quantity <= control.amount:
                return control.gives
        return "ACTIVE"
