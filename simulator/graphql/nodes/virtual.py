"""Virtual catalogues and virtual positions: their fields, and the queries that read them.

A virtual position is computed when it is read, in the same hold of the account as its page.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...domain.account.account import Account
from ...domain.account.virtual_coverage import virtual_sources
from ...domain.entities import Location, VirtualCatalogueProfile
from ...domain.refs import key_base
from ...domain.search.paging import Window
from ...domain.virtual.virtual_catalogue import (
    VirtualCatalogue,
    VirtualPosition,
    VirtualPositionFilter,
)
from ..arguments import Arguments, has_any, number_set, span, wanted
from ..connections import Connection, Edge, window_of
from ..context import Call, Info, call_of
from ..scalars import moment_text
from .common import (
    WORKFLOW_VERSION,
    catalogues_asked_for,
    entity_fields,
    missing,
    plain,
    shown,
    whole_number,
)
from .entities import EntityArguments, entity_connection
from .products import product_node

VIRTUAL_CATALOGUE = "VIRTUAL_CATALOGUE"


class VirtualRow(NamedTuple):
    """A virtual position at one moment."""

    catalogue: VirtualCatalogueProfile
    position: VirtualPosition

    @property
    def key(self) -> int:
        """Its place in the list of all virtual positions."""
        return key_base(self.catalogue.number) + self.position.number


def virtual_catalogue(_: Any, info: Info, ref: str) -> Any:
    """Query.virtualCatalogue."""
    call = call_of(info)

    def look(account: Account) -> VirtualCatalogueProfile | None:
        found = account.virtual_catalogues.get(ref)
        return None if found is None else found.profile

    return call.reading(look) or missing(call, f"virtual catalogue {ref!r}")


def virtual_catalogues(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.virtualCatalogues."""
    call = call_of(info)
    search = EntityArguments(
        arguments,
        VIRTUAL_CATALOGUE,
        inventoryCatalogueRef=lambda profile: profile.inventory_catalogue_ref,
        productCatalogueRef=lambda profile: profile.product_catalogue_ref,
        controlGroupRef=lambda profile: profile.control_group_ref,
    )
    window = window_of(arguments, call)
    return call.reading(
        lambda account: entity_connection(
            [catalogue.profile for catalogue in account.virtual_catalogues.values()],
            search,
            window,
        )
    )


def virtual_position(_: Any, info: Info, ref: str, catalogue: Mapping[str, Any]) -> Any:
    """Query.virtualPosition."""
    call = call_of(info)

    def look(account: Account) -> VirtualRow | None:
        found = account.virtual_catalogues.get(catalogue["ref"])
        if found is None:
            return None
        sources = virtual_sources(account, found.profile, call.behaviour, call.budget)
        position = found.find(ref, sources)
        return None if position is None else VirtualRow(found.profile, position)

    return call.reading(look) or missing(call, f"virtual position {ref!r} in {catalogue['ref']!r}")


def virtual_positions(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.virtualPositions."""
    return _positions(call_of(info), arguments)


def positions_of_catalogue(
    profile: VirtualCatalogueProfile, info: Info, **arguments: Any
) -> Connection:
    """VirtualCatalogue.virtualPositions."""
    return _positions(call_of(info), arguments, profile)


def product_of_position(row: VirtualRow, info: Info) -> Any:
    """VirtualPosition.product."""
    return call_of(info).reading(
        lambda account: product_node(
            account, row.catalogue.product_catalogue_ref, row.position.product_ref
        )
    )


def location_of_position(row: VirtualRow, info: Info) -> Location | None:
    """VirtualPosition.locationLink."""
    ref = row.position.group_ref
    return None if ref is None else call_of(info).reading(lambda a: a.locations.find(ref))


def _positions(
    call: Call, arguments: Arguments, inside: VirtualCatalogueProfile | None = None
) -> Connection:
    window = window_of(arguments, call)
    search = VirtualPositionFilter(
        refs=wanted(arguments, "ref"),
        types=wanted(arguments, "type"),
        statuses=wanted(arguments, "status"),
        product_refs=wanted(arguments, "productRef"),
        group_refs=wanted(arguments, "groupRef"),
        quantities=number_set(arguments, "quantity", call.behaviour),
        created=span(arguments, "createdOn"),
        updated=span(arguments, "updatedOn"),
    )

    def look(account: Account) -> Connection:
        catalogues = _catalogues(account, arguments, inside)
        call.pay_for(arguments, len(catalogues) - 1)
        return _page(call, account, catalogues, search, window)

    return call.reading(look)


def _page(
    call: Call,
    account: Account,
    catalogues: Sequence[VirtualCatalogue],
    search: VirtualPositionFilter,
    window: Window,
) -> Connection:
    """A page of the positions of these catalogues, one catalogue behind the other."""
    rows: list[VirtualRow] = []
    has_previous = has_next = False
    for catalogue in reversed(catalogues) if window.backward else catalogues:
        base = key_base(catalogue.number)
        part = Window(
            window.size - len(rows),
            None if window.after is None else window.after - base,
            None if window.before is None else window.before - base,
            window.backward,
            window.budget,
        )
        sources = virtual_sources(account, catalogue.profile, call.behaviour, call.budget)
        page, positions = catalogue.page(sources, search, part)
        found = [VirtualRow(catalogue.profile, position) for position in positions]
        rows = [*found, *rows] if window.backward else [*rows, *found]
        has_previous |= page.has_previous
        has_next |= page.has_next
        if page.has_previous if window.backward else page.has_next:
            break
    return Connection([Edge(row, row.key) for row in rows], has_previous, has_next)


def _catalogues(
    account: Account, arguments: Arguments, inside: VirtualCatalogueProfile | None
) -> list[VirtualCatalogue]:
    """The virtual catalogues that a search goes over; positions follow their workflow."""
    if not has_any(arguments, "workflowVersion", WORKFLOW_VERSION):
        return []
    refs, known = catalogues_asked_for(arguments), account.virtual_catalogues
    return [
        catalogue
        for catalogue in (known.values() if inside is None else (known[inside.ref],))
        if (refs is None or catalogue.profile.ref in refs)
        and has_any(arguments, "workflowRef", f"{VIRTUAL_CATALOGUE}::{catalogue.profile.type}")
    ]


VIRTUAL_QUERIES: Mapping[str, Any] = {
    "virtualCatalogue": virtual_catalogue,
    "virtualCatalogues": virtual_catalogues,
    "virtualPosition": virtual_position,
    "virtualPositions": virtual_positions,
}

VIRTUAL_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "VirtualCatalogue": {
        **entity_fields(VIRTUAL_CATALOGUE),
        **plain(
            inventoryCatalogueRef=lambda profile: profile.inventory_catalogue_ref,
            productCatalogueRef=lambda profile: profile.product_catalogue_ref,
            networkIds=lambda profile: list(profile.network_ids),
            controlGroupRef=lambda profile: profile.control_group_ref,
            retailerRefs=lambda profile: list(profile.retailer_refs),
        ),
        "virtualPositions": positions_of_catalogue,
    },
    "VirtualPosition": {
        **plain(
            id=lambda row: str(row.key + 1),
            createdOn=lambda row: moment_text(row.position.created_at),
            updatedOn=lambda row: moment_text(row.position.updated_at),
            ref=lambda row: row.position.ref,
            type=lambda row: row.position.type,
            status=lambda row: row.position.status,
            workflowRef=lambda row: f"{VIRTUAL_CATALOGUE}::{row.catalogue.type}",
            workflowVersion=lambda _: WORKFLOW_VERSION,
            attributes=lambda row: shown(row.position.attributes),
            productRef=lambda row: row.position.product_ref,
            quantity=lambda row: whole_number(row.position.quantity),
            groupRef=lambda row: row.position.group_ref,
            catalogue=lambda row: row.catalogue,
            segments=lambda row: row.position.segments,
        ),
        "product": product_of_position,
        "locationLink": location_of_position,
    },
    "VirtualSegment": plain(
        type=lambda segment: segment.type,
        value=lambda segment: segment.value,
    ),
}
