"""From the lines of a snapshot to what an account is set up with."""

from collections.abc import Container

from ...domain import bounds
from ...domain.account.account import Account
from ...domain.account.account_settings import AccountSetting
from ...domain.catalogue.places import MOST_NETWORKS
from ...domain.entities import Control, ControlGroup, Location, Network, VirtualCatalogueProfile
from ...domain.search.products import ProductCatalogue
from ...domain.virtual.available import Feed, VirtualSegment
from ...domain.virtual.overrides import Written, WrittenQuantity
from ...domain.virtual.virtual_catalogue import CREATED_BASE, VirtualCatalogue
from ...domain.written import entity_bytes
from .read_stock import check_room
from .setup_lines import (
    ControlGroupLine,
    LocationLine,
    NetworkLine,
    ProductCatalogueLine,
    ProductLine,
    SettingLine,
    VirtualCatalogueLine,
    VirtualPositionLine,
)
from .unreadable import SnapshotFault
from .values import check_json, domain_value, fields_of

MOST_OF_A_KIND = 1_000
"""Control groups and virtual catalogues: as many as mutations can make."""


class SetupReader:
    """Puts settings, controls, networks, locations, products and virtual catalogues into it."""

    def __init__(self, account: Account, areas_made: int) -> None:
        self._account = account
        self._areas_made = areas_made
        self._numbers: dict[str, set[int]] = {}
        self._bytes = 0

    def setting(self, line: SettingLine) -> None:
        """A setting, which gets the next number."""
        check_json(line.lob_value, "/lobValue")
        setting = AccountSetting(0, **fields_of(line))
        self._take_in(setting)
        self._account.settings.add(setting)

    def control_group(self, line: ControlGroupLine) -> None:
        """A control group with its controls."""
        account, form = self._account, line.group
        controls = {each.ref: domain_value(each, Control) for each in line.controls}
        if len(controls) != len(line.controls):
            raise SnapshotFault("/controls", "one ref twice", "each once")
        for place, control in enumerate(controls.values()):
            if control.group_ref != form.ref:
                raise SnapshotFault(f"/controls/{place}/groupRef", control.group_ref, form.ref)
            check_json([control.values, control.attributes], f"/controls/{place}")
            self._number("controls", control.number, account.controls_made)
        group = ControlGroup(
            **fields_of(form),
            retailer_refs=line.retailer_refs,
            controls=controls,
            version=line.version,
        )
        check_json(group.attributes, "/group/attributes")
        self._number("control groups", group.number, MOST_OF_A_KIND)
        _check_new(group.ref, account.control_groups)
        self._take_in(group)
        account.control_groups[group.ref] = group

    def network(self, line: NetworkLine) -> None:
        """A network."""
        network = domain_value(line.network, Network)
        check_json(network.attributes, "/network/attributes")
        self._number("networks", network.number, MOST_NETWORKS)
        _check_new(network.ref, self._account.networks)
        self._take_in(network)
        self._account.networks[network.ref] = network

    def location(self, line: LocationLine) -> None:
        """A location."""
        location = domain_value(line.location, Location)
        check_json([location.attributes, location.address, location.opening_schedule], "/location")
        for area in location.storage_areas:
            check_json(area.attributes, "/location/storageAreas")
            self._number("storage areas", area.number, self._areas_made)
        if line.is_created:
            self._take_in(location)
        self._account.locations_noticed.recall(location, is_created=line.is_created)

    def product_catalogue(self, line: ProductCatalogueLine) -> None:
        """A product catalogue, as yet without products."""
        known = self._account.product_catalogues
        _check_new(line.ref, known)
        if line.retailer_id in {each.retailer_id for each in known.values()}:
            raise SnapshotFault("/retailerId", line.retailer_id, "one that has no other")
        number = len(known) + 1
        known[line.ref] = ProductCatalogue(line.ref, line.retailer_id, number, line.created_at)

    def product(self, line: ProductLine) -> None:
        """A product."""
        catalogue = self._account.product_catalogues.get(line.catalogue)
        if catalogue is None:
            raise SnapshotFault("/catalogue", line.catalogue, "a product catalogue before it")
        check_room(bounds.POSITIONS, len(catalogue) + 1)
        catalogue.recall(line.ref, line.seen_at)

    def virtual_catalogue(self, line: VirtualCatalogueLine) -> None:
        """A virtual catalogue, as yet without what mutations wrote of its positions."""
        profile = domain_value(line.profile, VirtualCatalogueProfile)
        check_json(profile.attributes, "/profile/attributes")
        self._number("virtual catalogues", profile.number, MOST_OF_A_KIND)
        _check_new(profile.ref, self._account.virtual_catalogues)
        self._take_in(profile)
        self._account.virtual_catalogues[profile.ref] = VirtualCatalogue(profile)

    def virtual_position(self, line: VirtualPositionLine) -> None:
        """What mutations wrote of a virtual position."""
        catalogue = self._account.virtual_catalogues.get(line.catalogue)
        if catalogue is None:
            raise SnapshotFault("/catalogue", line.catalogue, "a virtual catalogue before it")
        check_json(line.attributes, "/attributes")
        quantity = None
        if line.quantity is not None:
            feed = None if line.feed is None else Feed(**fields_of(line.feed))
            quantity = WrittenQuantity(line.quantity, feed)
        elif line.feed is not None:
            raise SnapshotFault("/feed", "it without /quantity", "both or neither")
        written = Written(
            ref=line.ref,
            number=CREATED_BASE if line.is_created else None,
            product_ref=line.product_ref,
            group_ref=line.group_ref,
            quantity=quantity,
            status=line.status,
            type=line.type,
            attributes=line.attributes,
            segments=tuple(VirtualSegment(*each) for each in line.segments),
            created_at=line.created_at,
            updated_at=line.updated_at,
        )
        self._take_in(written)
        catalogue.recall(written)

    def finish(self) -> None:
        """All lines have been read: what is counted over all of them."""
        self._account.locations_noticed.number_areas(self._areas_made)

    def _take_in(self, entity: object) -> None:
        """Count what mutations wrote."""
        self._bytes += entity_bytes(entity)
        check_room(bounds.ENTITIES, self._bytes)

    def _number(self, kind: str, number: int, most: int) -> None:
        """Raise SnapshotFault for a number that another of the kind has, or that is too large."""
        known = self._numbers.setdefault(kind, set())
        if number in known or number > most:
            raise SnapshotFault("/number", str(number), f"one of {kind} up to {most:,}, each once")
        known.add(number)


def _check_new(ref: str, known: Container[str]) -> None:
    if ref in known:
        raise SnapshotFault("/ref", f"{ref} again", "each once")
