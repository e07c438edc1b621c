"""Locations and networks.

Fluent docs: GraphQL schema docs, and two public copies of the schema. Address and opening schedule
have ids there; here each has that of its location, and a storage area has the `ref` that it was
created with for a name (both inferred).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from graphql import GraphQLAbstractType

from ...domain.account.account import Account
from ...domain.catalogue.places import Locations, network_with_id
from ...domain.entities import Location, Network, StorageArea
from ...domain.search.paging import Section, page
from ..arguments import Arguments
from ..connections import Connection, Edge, window_of
from ..context import Call, Info, call_of
from ..error_codes import BAD_REQUEST, refusal
from ..row_plan import PlainField
from ..scalars import moment_text
from .common import Fields, entity_fields, missing, plain
from .entities import EntityArguments, entity_connection
from .retailers import RETAILER_FIELDS, RetailerRow, retailer_connection, retailer_row

LOCATION = "LOCATION"

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SCHEDULE = ("allHours", *(f"{day}{end}" for day in DAYS for end in ("Start", "End")))
ADDRESS = (
    *("ref", "latitude", "longitude", "companyName", "name", "street", "city", "state"),
    *("postcode", "region", "country", "timeZone", "directions"),
)
AGENT = "AGENT"
"""The type of a location's address (a copy of the schema: AGENT or ORDER)."""


class Part(NamedTuple):
    """Address or opening schedule of a location."""

    location: Location
    values: Mapping[str, object]


class AreaRow(NamedTuple):
    """A storage area, and the location that it is a part of."""

    location: Location
    area: StorageArea


def location(
    _: Any,
    info: Info,
    id: str | None = None,  # noqa: A002
    ref: str | None = None,
) -> Any:
    """Query.location: by id, by ref, or by both where they name the same one."""
    call = call_of(info)
    _demand_one(info, id, ref)

    def look(account: Account) -> Location | None:
        locations = account.locations
        found = locations.find(ref or "") if id is None else locations.with_id(id)
        return found if found is not None and ref in (None, found.ref) else None

    return call.reading(look) or missing(call, f"location {ref if id is None else id!r}")


def location_by_id(_: Any, info: Info, id: str) -> Any:  # noqa: A002
    """Query.locationById."""
    call = call_of(info)
    found = call.reading(lambda account: account.locations.with_id(id))
    return found or missing(call, f"location with the id {id!r}")


def locations(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.locations."""
    call = call_of(info)
    return call.reading(
        lambda account: _locations(call, account.locations, account.locations.numbers, arguments)
    )


def network(
    _: Any,
    info: Info,
    id: str | None = None,  # noqa: A002
    ref: str | None = None,
) -> Any:
    """Query.network: by id, by ref, or by both where they name the same one."""
    call = call_of(info)
    _demand_one(info, id, ref)

    def look(account: Account) -> Network | None:
        networks = account.networks
        found = networks.get(ref or "") if id is None else network_with_id(networks, id)
        return found if found is not None and ref in (None, found.ref) else None

    return call.reading(look) or missing(call, f"network {ref if id is None else id!r}")


def network_by_id(_: Any, info: Info, id: str) -> Any:  # noqa: A002
    """Query.networkById."""
    call = call_of(info)
    found = call.reading(lambda account: network_with_id(account.networks, id))
    return found or missing(call, f"network with the id {id!r}")


def networks(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.networks."""
    call = call_of(info)
    return call.reading(lambda account: _networks(call, account.networks.values(), arguments))


def retailer_of_location(row: Location, info: Info) -> RetailerRow | None:
    """Location.retailer."""
    return retailer_row(call_of(info), row.retailer_id)


def networks_of_location(row: Location, info: Info, **arguments: Any) -> Connection:
    """Location.networks."""
    call = call_of(info)

    def look(account: Account) -> Connection:
        call.budget.spend(len(account.networks))
        those = [known for known in account.networks.values() if row.ref in known.location_refs]
        return _networks(call, those, arguments)

    return call.reading(look)


def storage_areas_of_location(row: Location, info: Info, **arguments: Any) -> Connection:
    """Location.storageAreas."""
    window = window_of(arguments, call_of(info))
    named = [replace(area, name=area.ref) for area in row.storage_areas]
    found = entity_connection(named, EntityArguments(arguments), window)
    return found._replace(edges=[Edge(AreaRow(row, edge.node), edge.key) for edge in found.edges])


def locations_of_network(row: Network, info: Info, **arguments: Any) -> Connection:
    """Network.locations."""
    call = call_of(info)

    def look(account: Account) -> Connection:
        call.budget.spend(len(row.location_refs))
        numbers = _numbers(account.locations, row.location_refs)
        return _locations(call, account.locations, numbers, arguments)

    return call.reading(look)


def retailers_of_network(row: Network, info: Info, **arguments: Any) -> Connection:
    """Network.retailers."""
    return retailer_connection(call_of(info), row.retailer_ids, arguments)


def networks_of_retailer(row: RetailerRow, info: Info, **arguments: Any) -> Connection:
    """Retailer.networks."""
    call = call_of(info)

    def look(account: Account) -> Connection:
        call.budget.spend(len(account.networks))
        those = [known for known in account.networks.values() if row.id in known.retailer_ids]
        return _networks(call, those, arguments)

    return call.reading(look)


def _demand_one(info: Info, *keys: str | None) -> None:
    if keys == (None, None):
        raise refusal(
            BAD_REQUEST, f"`{info.field_name}` has neither `id` nor `ref`: expected at least one."
        )


def _locations(
    call: Call, known: Locations, numbers: Sequence[int], arguments: Arguments
) -> Connection:
    """A page of locations; there may be many, so refs that are asked for are looked up."""
    search = EntityArguments(
        arguments,
        supportPhoneNumber=lambda row: row.support_phone_number,
        defaultCarrier=lambda row: row.default_carrier,
        defaultCarrierName=lambda row: row.default_carrier_name,
    )
    window = window_of(arguments, call)
    if arguments.get("ref") is not None:
        looked_for = set(_numbers(known, arguments["ref"]))
        window.pass_by(len(numbers))
        numbers = sorted(looked_for.intersection(numbers))

    def matching(some: Sequence[int]) -> list[int]:
        window.pass_by(len(some) * search.rows_worth)
        return [number for number in some if search.matches(known.at(number))]

    keys, has_previous, has_next = page([Section(numbers, matching)], window)
    return Connection([Edge(known.at(key), key) for key in keys], has_previous, has_next)


def _numbers(known: Locations, refs: Iterable[str | None]) -> list[int]:
    found = (known.find(ref) for ref in refs if ref is not None)
    return sorted({row.number for row in found if row is not None})


def _networks(call: Call, known: Iterable[Network], arguments: Arguments) -> Connection:
    window = window_of(arguments, call)
    return entity_connection(known, EntityArguments(arguments), window)


def address_type(_value: Any, _info: Info, _kind: GraphQLAbstractType) -> str:
    """Which kind of address a row is."""
    return "StoreAddress"


def _part(
    read: Callable[[Location], Mapping[str, object] | None],
) -> Callable[[Location], Part | None]:
    """What reads a part of a location, null where nobody has given it."""

    def part(row: Location) -> Part | None:
        values = read(row)
        return Part(row, values) if values else None

    return part


def _part_fields(names: Iterable[str]) -> Fields:
    """The id and times of a location for a part of it, and what was given for the part."""
    return {
        **plain(
            id=lambda part: str(part.location.number),
            createdOn=lambda part: moment_text(part.location.created_at),
            updatedOn=lambda part: moment_text(part.location.updated_at),
        ),
        **{name: PlainField(partial(_given, name)) for name in names},
    }


def _given(name: str, part: Part) -> object:
    return part.values.get(name)


PLACE_QUERIES: Mapping[str, Any] = {
    "location": location,
    "locationById": location_by_id,
    "locations": locations,
    "network": network,
    "networkById": network_by_id,
    "networks": networks,
}

PLACE_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "Location": {
        **entity_fields(LOCATION),
        **plain(
            supportPhoneNumber=lambda row: row.support_phone_number,
            defaultCarrier=lambda row: row.default_carrier,
            defaultCarrierName=lambda row: row.default_carrier_name,
            primaryAddress=_part(lambda row: row.address),
            openingSchedule=_part(lambda row: row.opening_schedule),
        ),
        "retailer": retailer_of_location,
        "networks": networks_of_location,
        "storageAreas": storage_areas_of_location,
    },
    "StoreAddress": {
        **_part_fields(ADDRESS),
        **plain(type=lambda _: AGENT, location=lambda part: part.location),
    },
    "OpeningSchedule": _part_fields(SCHEDULE),
    "StorageArea": plain(
        id=lambda row: str(row.area.number),
        createdOn=lambda row: moment_text(row.area.created_at),
        updatedOn=lambda row: moment_text(row.area.updated_at),
        name=lambda row: row.area.name,
        type=lambda row: row.area.type or None,
        status=lambda row: row.area.status,
        location=lambda row: row.location,
    ),
    "Network": {
        **entity_fields(""),
        "type": PlainField(lambda row: row.type or None),
        "locations": locations_of_network,
        "retailers": retailers_of_network,
    },
    "Retailer": {
        **RETAILER_FIELDS,
        "networks": networks_of_retailer,
    },
}
