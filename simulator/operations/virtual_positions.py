"""GET /__admin/virtualPositions: what is available to sell, and how that was worked out."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..behaviour import Behaviour
from ..clock import timestamp
from ..domain.account.account import Account
from ..domain.account.ports import CatalogueStore
from ..domain.account.virtual_coverage import virtual_sources
from ..domain.entities import VirtualCatalogueProfile
from ..domain.faults import TooMuchToRead
from ..domain.search.paging import ReadBudget, Window
from ..domain.virtual.available import VirtualPosition, VirtualPositionFilter
from ..domain.virtual.controls import AppliedControl
from ..domain.virtual.explained import Explained, SourcePart, explain
from ..domain.virtual.virtual_catalogue import VirtualCatalogue
from ..errors import Fault, refused
from .replies import Reply
from .start_and_count import start_and_count

VIRTUAL_FILTERS = ("productRef", "groupRef", "catalogueRef")
MOST_AT_ONCE = 100
"""Virtual positions: each is told with all that it follows from."""
MOST_ROWS_READ = 200_000
"""Positions that one call may look at."""


class _Found(NamedTuple):
    profile: VirtualCatalogueProfile
    position: VirtualPosition
    explained: Explained | None


class VirtualPositionOperations:
    """Tells virtual positions."""

    def __init__(self, store: CatalogueStore, behaviour: Behaviour) -> None:
        self._store = store
        self._behaviour = behaviour

    def list_positions(self, query: Mapping[str, str]) -> Reply:
        """Those of a product, of a group (a location, or a network), of a virtual catalogue.

        Raises ApiError (400) where that means to look at too many positions.
        """
        start, count = start_and_count(query, MOST_AT_ONCE)
        with self._store.view() as (account, _):
            try:
                found = self._found(account, query, start, count)
            except TooMuchToRead:
                asked = ", ".join(name for name in VIRTUAL_FILTERS if query.get(name)) or "nothing"
                expected = "a productRef: more positions would have to be looked at than a call may"
                raise refused([Fault("?productRef", asked, expected)]) from None
        return Reply(
            {
                "start": start,
                "count": count,
                "hasMore": len(found) > count,
                "results": list(map(_view, found[:count])),
            }
        )

    def _found(
        self, account: Account, query: Mapping[str, str], start: int, count: int
    ) -> list[_Found]:
        budget = ReadBudget(MOST_ROWS_READ)
        wanted = VirtualPositionFilter(
            product_refs=_only(query.get("productRef")), group_refs=_only(query.get("groupRef"))
        )
        found: list[_Found] = []
        to_skip = start
        for catalogue in _catalogues(account, query.get("catalogueRef")):
            sources = virtual_sources(account, catalogue.profile, self._behaviour, budget)
            window = Window(to_skip + count + 1 - len(found), budget=budget)
            _, positions = catalogue.page(sources, wanted, window)
            page = positions[to_skip:]
            to_skip = max(0, to_skip - len(positions))
            for position in page:
                explained = explain(catalogue.profile, sources, position)
                found.append(_Found(catalogue.profile, position, explained))
            if len(found) > count:
                break
        return found


def _only(ref: str | None) -> frozenset[str | None] | None:
    return frozenset({ref}) if ref else None


def _catalogues(account: Account, ref: str | None) -> Iterator[VirtualCatalogue]:
    for known, catalogue in account.virtual_catalogues.items():
        if ref in (None, "", known):
            yield catalogue


def _view(found: _Found) -> dict[str, object]:
    profile, position, explained = found
    return {
        "ref": position.ref,
        "catalogueRef": profile.ref,
        "productRef": position.product_ref,
        "groupRef": position.group_ref,
        "quantity": position.quantity,
        "type": position.type,
        "status": position.status,
        "updatedOn": timestamp(position.updated_at),
        "controlGroupRef": profile.control_group_ref,
        "workedOut": None if explained is None else _worked_out(explained, position),
    }


def _worked_out(explained: Explained, position: VirtualPosition) -> dict[str, object]:
    threshold = explained.threshold
    return {
        "quantity": explained.derived,
        "overwritten": explained.derived != position.quantity,
        "positions": list(map(_part, explained.parts)),
        "positionsTotal": explained.parts_total,
        "controls": list(map(_control, explained.controls)),
        "threshold": None if threshold is None else _control(threshold),
        "ignoredControls": [{"ref": each.ref, "reason": each.reason} for each in explained.ignored],
    }


def _part(part: SourcePart) -> dict[str, object]:
    return {
        "ref": part.ref,
        "locationRef": part.location_ref,
        "onHand": part.on_hand,
        "status": part.status,
        "counts": part.counts,
        "controls": list(map(_control, part.controls)),
        "adds": part.adds,
    }


def _control(control: AppliedControl) -> dict[str, object]:
    return {"ref": control.ref, "type": control.type, "value": control.value}
