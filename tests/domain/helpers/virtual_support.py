"""A small shop with virtual catalogues over its stock, for the tests of virtual positions."""

from dataclasses import dataclass, field
from typing import Any

from fluent_oms_simulator.behaviour import Behaviour
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.entities import (
    Attribute,
    Control,
    ControlGroup,
    VirtualCatalogueProfile,
)
from fluent_oms_simulator.domain.refs import CatalogueRef
from fluent_oms_simulator.domain.search.paging import Window
from fluent_oms_simulator.domain.virtual.controls import ControlRules
from fluent_oms_simulator.domain.virtual.virtual_catalogue import (
    VirtualCatalogue,
    VirtualPosition,
    VirtualPositionFilter,
    VirtualSources,
)

EVERYTHING = Window(1_000_000)


def virtual_catalogue(kind: str) -> VirtualCatalogue:
    profile = VirtualCatalogueProfile(
        number=1,
        ref=f"{kind}:1",
        type=kind,
        created_at=0,
        updated_at=0,
        inventory_catalogue_ref="DEFAULT:1",
    )
    return VirtualCatalogue(profile)


def at(product: str | None = None, location: str | None = None) -> list[dict[str, str]]:
    """The context of a control for a product, a location, or both."""
    named = (("PRODUCT", product), ("LOCATION", location))
    return [
        {"type": kind, "property": "ref", "value": ref} for kind, ref in named if ref is not None
    ]


@dataclass
class Shop:
    """Stock, controls, and the moment, which goes on with every step."""

    moment: int = 1_000
    stock: InventoryCatalogue = field(
        default_factory=lambda: InventoryCatalogue(CatalogueRef("DEFAULT", "1"), 1)
    )
    controls: dict[str, Control] = field(default_factory=dict)
    version: int = 0

    def load(self, product: str, location: str, quantity: int, status: str | None = None) -> int:
        """Count stock; a new position has the status ACTIVE unless another is given."""
        self.moment += 1
        row = self.stock.find(product, location)
        if row is None:
            row = self.stock.add_position(product, location, "ACTIVE", self.moment)
        self.stock.set_count(row, quantity, self.moment, 0)
        if status is not None:
            self.stock.positions.set_status(row, status)
        return row

    def control(self, kind: str, context: list[dict[str, str]], **values: object) -> None:
        """Put a control of this kind into force, or change it."""
        self.moment += 1
        self.version += 1
        values = {"context": context, **values} if context else values
        ref = f"CG:{kind}:{context or values}"
        number = len(self.controls) + 1
        self.controls[ref] = Control(
            number=number,
            ref=ref,
            type=kind,
            status="ACTIVE",
            created_at=self.moment,
            updated_at=self.moment,
            group_ref="CG",
            values=tuple(Attribute(name, "ANY", value) for name, value in values.items()),
            execution_order=number,
        )

    def rules(self) -> ControlRules | None:
        if not self.controls:
            return None
        group = ControlGroup(
            number=1,
            ref="CG",
            type="DEFAULT",
            status="ACTIVE",
            created_at=0,
            updated_at=0,
            controls=self.controls,
            version=self.version,
        )
        return ControlRules(group)

    def sources(self, behaviour: Behaviour | None = None, **more: Any) -> VirtualSources:
        """What virtual positions follow from now."""
        behaviour = behaviour or Behaviour()
        return VirtualSources(self.stock, self.rules(), behaviour=behaviour, **more)


def listing(
    catalogue: VirtualCatalogue,
    sources: VirtualSources,
    wanted: VirtualPositionFilter | None = None,
) -> list[VirtualPosition]:
    """Every virtual position that is looked for."""
    return catalogue.page(sources, wanted or VirtualPositionFilter(), EVERYTHING)[1]


def quantities(catalogue: VirtualCatalogue, sources: VirtualSources) -> dict[str, int]:
    return {position.ref: position.quantity for position in listing(catalogue, sources)}


def statuses(catalogue: VirtualCatalogue, sources: VirtualSources) -> dict[str, str]:
    return {position.ref: position.status for position in listing(catalogue, sources)}
