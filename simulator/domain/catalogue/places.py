"""Locations: those that were created, and those that positions were loaded for.

Positions are loosely coupled to locations (GraphQL schema docs): neither needs the other. So a
location's status does not touch its positions here; on the platform its own workflow does that,
which is not simulated, by updateInventoryPositionsStatusByLocation.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..entities import Location, Network
from ..faults import NotUnique, RuleError
from ..inventory import ACTIVE
from .inventory_catalogue import InventoryCatalogue

MOST_LOCATIONS = 100_000
MOST_STORAGE_AREAS = 1_000
"""Of one location."""
MOST_NETWORKS = 1_000

SEEN_TYPE = "STORE"
"""The type of a location that is only known from positions (inferred)."""


class Locations:
    """Locations in the order in which they were first heard of."""

    def __init__(self) -> None:
        self._by_number: list[Location] = []
        self._by_ref: dict[str, Location] = {}
        self._seen_only: set[str] = set()
        self._refs_read: dict[int, int] = {}
        self._areas_made = 0

    def __len__(self) -> int:
        return len(self._by_number)

    def at(self, number: int) -> Location:
        """The location with this number."""
        return self._by_number[number - 1]

    def with_id(self, location_id: str) -> Location | None:
        """The location with this id, which is its number."""
        number = number_of(location_id)
        return self.at(number) if 0 < number <= len(self._by_number) else None

    def find(self, ref: str) -> Location | None:
        """The location with this ref."""
        return self._by_ref.get(ref)

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of all locations."""
        return range(1, len(self._by_number) + 1)

    def created(self) -> Iterator[Location]:
        """The locations that mutations wrote."""
        return (found for found in self._by_number if found.ref not in self._seen_only)

    @property
    def areas_made(self) -> int:
        """How many storage areas have been made."""
        return self._areas_made

    def recall(self, location: Location, *, is_created: bool) -> None:
        """Take in a location that has its number; raises RuleError."""
        if location.ref in self._by_ref:
            raise NotUnique(f"the location ref {location.ref} is taken")
        if location.number != len(self._by_number) + 1:
            raise RuleError(f"expected the location number {len(self._by_number) + 1}")
        if len(self._by_number) >= MOST_LOCATIONS:
            raise RuleError(f"there are {MOST_LOCATIONS:,} locations, and no more are kept")
        if not is_created:
            self._seen_only.add(location.ref)
        self._append(location)

    def is_created(self, ref: str) -> bool:
        """Whether a mutation wrote the location with this ref."""
        return ref in self._by_ref and ref not in self._seen_only

    def number_areas(self, count: int) -> range:
        """Numbers for so many new storage areas."""
        first = self._areas_made + 1
        self._areas_made += count
        return range(first, first + count)

    def notice(self, catalogues: Iterable[InventoryCatalogue]) -> None:
        """Take in the locations of positions that have come since the last time."""
        for catalogue in catalogues:
            table = catalogue.positions
            refs = table.locations.texts
            for code in range(self._refs_read.get(catalogue.number, 0), len(refs)):
                ref = refs[code]
                if ref not in self._by_ref:
                    at = table.created_at[table.locations.first_cells[code]]
                    self._seen_only.add(ref)
                    self._append(
                        Location(
                            number=len(self._by_number) + 1,
                            ref=ref,
                            type=SEEN_TYPE,
                            status=ACTIVE,
                            created_at=at,
                            updated_at=at,
                            name=ref,
                            retailer_id=catalogue.ref.retailer_id,
                        )
                    )
            self._refs_read[catalogue.number] = len(refs)

    def add(self, location: Location) -> Location:
        """Create a location; one that was only heard of before keeps its number.

        Raises NotUnique.
        """
        known = self._by_ref.get(location.ref)
        if known is None:
            if len(self._by_number) >= MOST_LOCATIONS:
                raise RuleError(f"there are {MOST_LOCATIONS:,} locations, and no more are kept")
            created = replace(location, number=len(self._by_number) + 1)
            self._append(created)
            return created
        if location.ref not in self._seen_only:
            raise NotUnique(f"the location ref {location.ref} is taken")
        return self.put(replace(location, number=known.number))

    def put(self, location: Location) -> Location:
        """Let a location that is known have new values; from now on its ref is taken."""
        self._seen_only.discard(location.ref)
        self._by_number[location.number - 1] = self._by_ref[location.ref] = location
        return location

    def _append(self, location: Location) -> None:
        self._by_number.append(location)
        self._by_ref[location.ref] = location


def number_of(entity_id: str) -> int:
    """The number that an id stands for, 0 where it stands for none."""
    is_number = entity_id.isascii() and entity_id.isdigit() and len(entity_id) < 12
    return int(entity_id) if is_number else 0


def network_with_id(networks: Mapping[str, Network], network_id: str) -> Network | None:
    """The network with this id, which is its number."""
    number = number_of(network_id)
    return next((network for network in networks.values() if network.number == number), None)


def put_networks(networks: dict[str, Network], changed: Iterable[Network]) -> None:
    """Create networks, and let those that are known have new values, refs among them.

    The caller has checked that the refs are free.
    """
    by_number = {network.number: network for network in networks.values()}
    by_number |= {network.number: network for network in changed}
    networks.clear()
    networks.update({network.ref: network for network in by_number.values()})
