"""Mutations of virtual catalogues and virtual positions."""

from collections.abc import Mapping
from typing import Any

from ...domain.account.account import Account
from ...domain.account.virtual_coverage import virtual_sources
from ...domain.entities import VirtualCatalogueProfile
from ...domain.faults import NotFound, NotUnique, RuleError
from ...domain.virtual.virtual_catalogue import (
    VirtualCatalogue,
    VirtualChanges,
    VirtualSegment,
)
from ..arguments import Arguments
from ..context import Call
from ..nodes.common import Aggregate
from ..nodes.virtual import VirtualRow
from .common import attributes_of, changed, check_lengths, mutation, texts

MOST_VIRTUAL_CATALOGUES = 1_000
MOST_NETWORK_IDS = 1_000
"""Networks of one virtual catalogue."""


def create_virtual_catalogue(
    call: Call, account: Account, arguments: Arguments
) -> VirtualCatalogueProfile:
    """Mutation.createVirtualCatalogue.

    What it names is loosely coupled: inventory, networks and controls that do not exist leave it
    without positions, or without an effect, until they do.
    """
    given = arguments["input"]
    ref, at = given["ref"], call.clock.now()
    if ref in account.virtual_catalogues:
        raise NotUnique(f"the virtual catalogue ref {ref} is taken")
    if len(account.virtual_catalogues) >= MOST_VIRTUAL_CATALOGUES:
        most = f"{MOST_VIRTUAL_CATALOGUES:,}"
        raise RuleError(f"there are {most} virtual catalogues, and no more are kept")
    profile = VirtualCatalogueProfile(
        number=len(account.virtual_catalogues) + 1,
        ref=ref,
        type=given["type"],
        created_at=at,
        updated_at=at,
        name=given["name"],
        description=given.get("description"),
        attributes=attributes_of(given),
        inventory_catalogue_ref=given["inventoryCatalogueRef"],
        product_catalogue_ref=given["productCatalogueRef"],
        network_ids=_network_ids(given) or (),
        control_group_ref=given.get("controlGroupRef"),
        retailer_refs=texts(given, "retailerRefs") or (),
    )
    account.virtual_catalogues[ref] = VirtualCatalogue(profile)
    return profile


def update_virtual_catalogue(
    call: Call, account: Account, arguments: Arguments
) -> VirtualCatalogueProfile:
    """Mutation.updateVirtualCatalogue."""
    given = arguments["input"]
    catalogue = _catalogue(account, given)
    if given.get("type") not in (None, catalogue.profile.type):
        raise RuleError(
            f"the virtual catalogue keeps its type {catalogue.profile.type!r}, which its positions "
            "follow from: create another one"
        )
    catalogue.profile = changed(
        catalogue.profile,
        given,
        call.clock.now(),
        inventory_catalogue_ref=given.get("inventoryCatalogueRef"),
        product_catalogue_ref=given.get("productCatalogueRef"),
        network_ids=_network_ids(given),
        control_group_ref=given.get("controlGroupRef"),
        retailer_refs=texts(given, "retailerRefs"),
    )
    return catalogue.profile


def create_virtual_position(call: Call, account: Account, arguments: Arguments) -> VirtualRow:
    """Mutation.createVirtualPosition."""
    given = arguments["input"]
    catalogue = _catalogue(account, given["catalogue"])
    sources = virtual_sources(account, catalogue.profile, call.behaviour, call.budget)
    position = catalogue.create(
        given["ref"], _changes(call, given), sources=sources, at=call.clock.now()
    )
    return VirtualRow(catalogue.profile, position)


def update_virtual_position(call: Call, account: Account, arguments: Arguments) -> VirtualRow:
    """Mutation.updateVirtualPosition."""
    given = arguments["input"]
    catalogue = _catalogue(account, given["catalogue"])
    sources = virtual_sources(account, catalogue.profile, call.behaviour, call.budget)
    position = catalogue.update(
        given["ref"], _changes(call, given), sources=sources, at=call.clock.now()
    )
    return VirtualRow(catalogue.profile, position)


def update_virtual_positions_status_by_group(
    call: Call, account: Account, arguments: Arguments
) -> Aggregate:
    """Mutation.updateVirtualPositionsStatusByGroup."""
    wanted, given = arguments["filter"], arguments["input"]
    catalogue = _catalogue(account, wanted["catalogue"])
    sources = virtual_sources(account, catalogue.profile, call.behaviour, call.budget)
    count = catalogue.set_group_status(
        wanted["groupRef"], given["status"], sources=sources, at=call.clock.now()
    )
    return Aggregate(count, 0)


def _catalogue(account: Account, key: Mapping[str, Any]) -> VirtualCatalogue:
    catalogue = account.virtual_catalogues.get(key["ref"])
    if catalogue is None:
        raise NotFound(f"there is no virtual catalogue {key['ref']!r}: create it first")
    return catalogue


def _network_ids(given: Arguments) -> tuple[str, ...] | None:
    ids = texts(given, "networkIds")
    if ids is not None and len(ids) > MOST_NETWORK_IDS:
        raise RuleError(
            f"/input/networkIds has {len(ids):,} networks: expected at most {MOST_NETWORK_IDS:,}"
        )
    return ids


def _changes(call: Call, given: Arguments) -> VirtualChanges:
    return VirtualChanges(
        quantity=given.get("quantity"),
        status=given.get("status"),
        type=given.get("type"),
        product_ref=given.get("productRef"),
        group_ref=given.get("groupRef"),
        attributes=attributes_of(given) or None,
        segments=_segments(given, call.behaviour.virtual_most_segments),
    )


def _segments(given: Arguments, most: int) -> tuple[VirtualSegment, ...] | None:
    """The segments of an input; None where it leaves those there are (GraphQL schema docs)."""
    entries = given.get("segments")
    if entries is None:
        return None
    if len(entries) > most:
        raise RuleError(
            f"/input/segments has {len(entries):,} segments: expected at most {most:,} "
            "(behaviour virtual.most_segments)"
        )
    found: dict[VirtualSegment, int] = {}
    for index, entry in enumerate(entries):
        if entry is None:
            continue
        where, segment = f"/input/segments/{index}", VirtualSegment(entry["type"], entry["value"])
        if not segment.value:
            raise RuleError(f"{where}/value is empty: expected at least one character")
        check_lengths(segment.value, f"{where}/value")
        first = found.setdefault(segment, index)
        if first != index:
            raise NotUnique(
                f"{where} has the type and the value of /input/segments/{first}: expected another"
            )
    return tuple(found)


VIRTUAL_MUTATIONS: Mapping[str, Any] = {
    "createVirtualCatalogue": mutation(create_virtual_catalogue),
    "updateVirtualCatalogue": mutation(update_virtual_catalogue),
    "createVirtualPosition": mutation(create_virtual_position),
    "updateVirtualPosition": mutation(update_virtual_position),
    "updateVirtualPositionsStatusByGroup": mutation(update_virtual_positions_status_by_group),
}
