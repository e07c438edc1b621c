"""What a catalogue is set up with: catalogues, control groups, controls, locations, networks.

Fluent docs: GraphQL schema docs. Every entity starts with the status CREATED; the platform knows no
other status or type, so all other values come from workflows and callers. An entity is never
changed but replaced by a new one, so whoever holds it sees one moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .faults import RuleError
from .inventory import CREATED


class Attribute(NamedTuple):
    """A named value of any JSON shape; `type` is a word such as STRING that nobody checks."""

    name: str
    type: str
    value: object


Attributes = Mapping[str, Attribute]
"""Attributes by name."""

MOST_ATTRIBUTES = 200
"""Attributes of one entity. Not a limit of the platform's."""


def upserted(known: Attributes | None, given: Attributes) -> Attributes:
    """Attributes after an update: those given are written by name, the others stay.

    Raises RuleError when there would be too many.
    """
    attributes = {**(known or {}), **given}
    if len(attributes) > MOST_ATTRIBUTES:
        raise RuleError(
            f"the entity would have {len(attributes):,} attributes: expected at most "
            f"{MOST_ATTRIBUTES}"
        )
    return attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What all entities have; times in milliseconds since 1970, `number` in order of creation."""

    number: int
    ref: str
    type: str
    status: str = CREATED
    created_at: int
    updated_at: int
    name: str | None = None
    description: str | None = None
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryCatalogueProfile(Entity):
    """What an inventory catalogue is called; its stock is the InventoryCatalogue's."""

    retailer_refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualCatalogueProfile(Entity):
    """Which inventory a virtual catalogue shows, for which networks, under which controls."""

    inventory_catalogue_ref: str
    product_catalogue_ref: str | None = None
    network_ids: tuple[str, ...] = ()
    control_group_ref: str | None = None
    retailer_refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Control(Entity):
    """A buffer, an exclusion or a threshold; `values` say what it applies to and how much."""

    group_ref: str
    values: tuple[Attribute, ...] = ()
    execution_order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlGroup(Entity):
    """The controls of a virtual catalogue; `version` goes up with every change of one."""

    retailer_refs: tuple[str, ...] = ()
    controls: Mapping[str, Control] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageArea(Entity):
    """A part of a location."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location(Entity):
    """Where stock lies; `address` and `opening_schedule` are as they were given."""

    retailer_id: str
    support_phone_number: str | None = None
    default_carrier: str | None = None
    default_carrier_name: str | None = None
    address: Mapping[str, object] | None = None
    opening_schedule: Mapping[str, object] | None = None
    storage_areas: tuple[StorageArea, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(Entity):
    """Locations that a virtual catalogue covers together."""

    retailer_ids: tuple[str, ...] = ()
    location_refs: frozenset[str] = frozenset()
