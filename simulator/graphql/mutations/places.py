"""Mutations of locations and networks.

Fluent docs: GraphQL schema docs, and a public copy of the schema (2023): an update names address,
opening schedule and storage areas by their ids, and makes none. The storage areas that it does not
name stay as they are; networks and locations are what the entity belongs to from now on (inferred,
like all that those pages do not say).
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ...domain.account.account import Account
from ...domain.catalogue.places import (
    MOST_NETWORKS,
    MOST_STORAGE_AREAS,
    network_with_id,
    put_networks,
)
from ...domain.entities import Location, Network, StorageArea
from ...domain.faults import NotFound, NotUnique, RuleError, TooLong
from ..arguments import Arguments
from ..context import Call
from .common import attributes_of, changed, check_lengths, found, mutation

_LONGEST_TYPE = 25
_LONGEST_STATUS = 15
_LONGEST_NAME = 100
_LONGEST_NETWORK_TYPE = 15


def create_location(call: Call, account: Account, arguments: Arguments) -> Location:
    """Mutation.createLocation; a location that positions have named is given its particulars."""
    given = arguments["input"]
    most = call.behaviour.graphql_location_ref_length
    if len(given["ref"]) > most:
        raise TooLong(
            f"/input/ref has {len(given['ref'])} characters: expected at most {most} "
            "(behaviour graphql.location_ref_length)"
        )
    _check_location(given)
    networks = _networks(account, given.get("networks") or ())
    retailer_id = _retailer(call, given["retailer"]["id"])
    at = call.clock.now()
    areas = _new_areas(account, given, at)
    location = account.locations.add(
        Location(
            number=0,
            ref=given["ref"],
            type=given["type"],
            created_at=at,
            updated_at=at,
            name=given["name"],
            attributes=attributes_of(given),
            retailer_id=retailer_id,
            support_phone_number=given.get("supportPhoneNumber"),
            default_carrier=given.get("defaultCarrier"),
            address=_values(given["primaryAddress"]),
            opening_schedule=_values(given["openingSchedule"]),
            storage_areas=areas,
        )
    )
    if given.get("networks") is not None:
        _join(account, location, networks, at)
    return location


def update_location(call: Call, account: Account, arguments: Arguments) -> Location:
    """Mutation.updateLocation.

    INACTIVE does not touch the location's positions: the location's workflow, which would, is not
    simulated. updateInventoryPositionsStatusByLocation does it.
    """
    given = arguments["input"]
    known = _location(account, given["id"])
    _check_location(given)
    retailer = given.get("retailer")
    retailer_id = None if retailer is None else _retailer(call, retailer["id"])
    networks = None
    if given.get("networks") is not None:
        networks = _networks(account, given["networks"])
    at = call.clock.now()
    location = changed(
        known,
        given,
        at,
        retailer_id=retailer_id,
        support_phone_number=given.get("supportPhoneNumber"),
        default_carrier=given.get("defaultCarrier"),
        address=_part(known, known.address, given, "primaryAddress"),
        opening_schedule=_part(known, known.opening_schedule, given, "openingSchedule"),
        storage_areas=_areas(known, given, at),
    )
    account.locations.put(location)
    if networks is not None:
        _join(account, location, networks, at)
    return location


def create_network(call: Call, account: Account, arguments: Arguments) -> Network:
    """Mutation.createNetwork: the name is what the network is known by, so it is its ref."""
    given = arguments["input"]
    _check_name(account, given["name"])
    check_lengths(given.get("type"), "/input/type", _LONGEST_NETWORK_TYPE)
    if len(account.networks) >= MOST_NETWORKS:
        raise RuleError(f"there are {MOST_NETWORKS:,} networks, and no more are kept")
    at = call.clock.now()
    network = Network(
        number=len(account.networks) + 1,
        ref=given["name"],
        type=given.get("type") or "",
        created_at=at,
        updated_at=at,
        name=given["name"],
        attributes=attributes_of(given),
        retailer_ids=_retailers(call, given["retailers"]),
        location_refs=_locations(account, given.get("locations") or ()),
    )
    put_networks(account.networks, [network])
    return network


def update_network(call: Call, account: Account, arguments: Arguments) -> Network:
    """Mutation.updateNetwork: another name is another ref too."""
    given = arguments["input"]
    known = found(
        network_with_id(account.networks, given["id"]), f"network with the id {given['id']!r}"
    )
    check_lengths(given.get("type"), "/input/type", _LONGEST_NETWORK_TYPE)
    name = given.get("name")
    if name not in (None, known.ref):
        _check_name(account, name)
    locations = given.get("locations")
    network = changed(
        known,
        given,
        call.clock.now(),
        ref=name,
        location_refs=None if locations is None else _locations(account, locations),
    )
    put_networks(account.networks, [network])
    return network


def _check_location(given: Arguments) -> None:
    check_lengths(given.get("type"), "/input/type", _LONGEST_TYPE)
    check_lengths(given.get("name"), "/input/name", _LONGEST_NAME)
    check_lengths(given.get("status"), "/input/status", _LONGEST_STATUS)
    for name in ("latitude", "longitude"):
        degrees = (given.get("primaryAddress") or {}).get(name)
        if degrees is not None and not math.isfinite(degrees):
            raise RuleError(f"/input/primaryAddress/{name} is {degrees}: expected a finite number")


def _check_name(account: Account, name: str) -> None:
    if not name:
        raise RuleError("/input/name is empty: expected the ref that the network is known by")
    check_lengths(name, "/input/name", _LONGEST_NAME)
    if name in account.networks:
        raise NotUnique(f"the network ref {name} is taken")


def _retailer(call: Call, retailer_id: str) -> str:
    known = call.settings.retailers
    if retailer_id not in known:
        raise NotFound(
            f"there is no retailer with the id {retailer_id!r}; there are {', '.join(known)}"
        )
    return retailer_id


def _retailers(call: Call, keys: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_retailer(call, key["id"]) for key in keys))


def _location(account: Account, location_id: str) -> Location:
    return found(account.locations.with_id(location_id), f"location with the id {location_id!r}")


def _locations(account: Account, keys: Iterable[Mapping[str, str] | None]) -> frozenset[str]:
    """The refs of the locations that an input names by id; raises NotFound."""
    return frozenset(_location(account, key["id"]).ref for key in keys if key is not None)


def _networks(account: Account, keys: Iterable[Mapping[str, str] | None]) -> frozenset[int]:
    """The numbers of the networks that an input names by id; raises NotFound."""
    known = {str(network.number): network.number for network in account.networks.values()}
    looked_for = [key["id"] for key in keys if key is not None]
    for network_id in looked_for:
        if network_id not in known:
            raise NotFound(f"there is no network with the id {network_id!r}")
    return frozenset(known[network_id] for network_id in looked_for)


def _join(account: Account, location: Location, numbers: Collection[int], at: int) -> None:
    """Let a location be in these networks and in no others."""
    moved = [
        replace(network, location_refs=network.location_refs ^ {location.ref}, updated_at=at)
        for network in account.networks.values()
        if (network.number in numbers) != (location.ref in network.location_refs)
    ]
    if moved:
        put_networks(account.networks, moved)


def _new_areas(account: Account, given: Arguments, at: int) -> tuple[StorageArea, ...]:
    """The storage areas of a new location; raises NotUnique, RuleError."""
    entries = [entry for entry in given.get("storageAreas") or () if entry is not None]
    if len({entry["ref"] for entry in entries}) < len(entries):
        raise NotUnique("/input/storageAreas names a ref twice: expected each once")
    if len(entries) > MOST_STORAGE_AREAS:
        raise RuleError(
            f"/input/storageAreas: expected at most {MOST_STORAGE_AREAS:,} of one location"
        )
    numbers = account.locations.number_areas(len(entries))
    return tuple(
        StorageArea(
            number=number,
            ref=entry["ref"],
            type=entry.get("type") or "",
            created_at=at,
            updated_at=at,
            attributes=attributes_of(entry),
        )
        for number, entry in zip(numbers, entries, strict=True)
    )


def _areas(known: Location, given: Arguments, at: int) -> tuple[StorageArea, ...]:
    """The storage areas of a location after an update; raises NotFound."""
    areas = {str(area.number): area for area in known.storage_areas}
    for entry in given.get("storageAreas") or ():
        if entry is not None:
            area = found(
                areas.get(entry["id"]),
                f"storage area with the id {entry['id']!r} at the location {known.ref}",
            )
            areas[entry["id"]] = changed(area, entry, at)
    return tuple(areas.values())


def _part(
    known: Location, values: Mapping[str, object] | None, given: Arguments, name: str
) -> Mapping[str, object] | None:
    """Address or opening schedule after an update; raises NotFound."""
    entry = given.get(name)
    if entry is None:
        return values
    if values is None or entry["id"] != str(known.number):
        raise NotFound(f"/input/{name}: the location {known.ref} has none with this id")
    return {**values, **_values(entry)}


def _values(given: Mapping[str, object]) -> Mapping[str, object]:
    """What an input gives for a part of a location."""
    return {n: value for n, value in given.items() if value is not None and n != "id"}


PLACE_MUTATIONS: Mapping[str, Any] = {
    "createLocation": mutation(create_location),
    "updateLocation": mutation(update_location),
    "createNetwork": mutation(create_network),
    "updateNetwork": mutation(update_network),
}
