"""The virtual catalogue: what is available to sell, computed when it is read.

Only what a mutation wrote is kept. A written quantity stands until the workflow would compute the
next one, that is, until the stock or the controls behind it change; a written status, type and
attributes stay for good (inferred: the platform's workflow is not run here).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ..entities import VirtualCatalogueProfile
from ..faults import NotFound, NotUnique, RuleError
from ..search.criteria import Span
from ..search.paging import Page, Section, Window, page
from .aggregate import AggregateDerivation
from .available import (
    BASE,
    VirtualPosition,
    VirtualPositionFilter,
    VirtualSegment,
    VirtualSources,
    aggregates,
)
from .base import BaseDerivation
from .derivation import Derivation, Derived
from .overrides import VirtualChanges, Written, check_identity, derived_named, shown, shown_apart

__all__ = [
    "MOST_WRITTEN",
    "VirtualCatalogue",
    "VirtualChanges",
    "VirtualPosition",
    "VirtualPositionFilter",
    "VirtualSegment",
    "VirtualSources",
]

MOST_WRITTEN: Final = 100_000
"""Positions of one virtual catalogue that mutations may have written."""

CREATED_BASE: Final = 1 << 39
"""Added to the places of positions that mutations created, which makes their keys."""

EVERYTHING: Final = VirtualPositionFilter()

_DERIVING: Final = 10
"""Rows that could be passed by in the time that one takes to be derived."""


def derivation(profile: VirtualCatalogueProfile, sources: VirtualSources) -> Derivation | None:
    """How the positions of a virtual catalogue follow; None where they do not."""
    if sources.inventory is not None:
        if profile.type == BASE:
            return BaseDerivation(profile, sources, sources.inventory)
        if aggregates(profile.type, sources.behaviour):
            return AggregateDerivation(profile, sources, sources.inventory)
    return None


class VirtualCatalogue:
    """The positions of one virtual catalogue; `sources` say what they follow from at the moment."""

    def __init__(self, profile: VirtualCatalogueProfile) -> None:
        self.profile = profile
        self._written: dict[str, Written] = {}
        self._created_refs: list[str] = []
        self._last_written_at = 0
        self._row_types: set[str] = set()

    def entities(self) -> Iterator[object]:
        """What mutations wrote: of the catalogue, and of its positions."""
        yield self.profile
        yield from self._written.values()

    def written(self) -> Collection[Written]:
        """What mutations wrote of its positions."""
        return self._written.values()

    def recall(self, written: Written) -> None:
        """Take in what mutations wrote of a position; one that they created is the next of those.

        Raises RuleError.
        """
        if written.ref in self._written:
            raise NotUnique(f"the virtual position {written.ref} is in {self.profile.ref} already")
        self._check_room([written.ref])
        if written.number is not None:
            written = replace(written, number=CREATED_BASE + len(self._created_refs))
            self._created_refs.append(written.ref)
        self._keep(written)

    @property
    def number(self) -> int:
        """The number of its creation."""
        return self.profile.number

    # -- reading -----------------------------------------------------------------------------

    def page(
        self, sources: VirtualSources, wanted: VirtualPositionFilter, window: Window
    ) -> tuple[Page, list[VirtualPosition]]:
        """A page of the positions that are looked for: derived ones, then those created apart."""
        derived_by = derivation(self.profile, sources)
        of_stock = self._of_stock(wanted, sources)
        row_types = [self.profile.type, *self._row_types]
        types = [each for each in row_types if wanted.types is None or each in wanted.types]
        is_any = types == row_types and wanted._replace(types=None) == EVERYTHING
        positions: dict[int, VirtualPosition] = {}

        def keep(found: list[VirtualPosition]) -> list[int]:
            accepted = [each for each in found if wanted.accepts(each)]
            positions.update((position.number, position) for position in accepted)
            return [position.number for position in accepted]

        def derived(rows: Sequence[int]) -> Sequence[int]:
            assert derived_by is not None
            rows = derived_by.present(rows, of_stock)
            if self._created_refs:
                rows = [row for row in rows if not self._is_created(derived_by.ref(row))]
            if is_any:
                return rows
            window.pass_by(len(rows) * _DERIVING)
            return keep([self._at_row(row, derived_by) for row in rows])

        def created(places: Sequence[int]) -> Sequence[int]:
            refs = [self._created_refs[place] for place in places]
            found = [position for ref in refs if (position := self._find(ref, derived_by))]
            return [number - CREATED_BASE for number in keep(found)]

        sections = [Section(self._created_places(wanted), created, CREATED_BASE)]
        if derived_by is not None and types:
            sections.insert(0, Section(derived_by.rows(wanted), derived))
        found = page(sections, window)
        for key in found.keys:
            if key not in positions:
                assert derived_by is not None
                positions[key] = self._at_row(key, derived_by)
        return found, [positions[key] for key in found.keys]

    def find(self, ref: str, sources: VirtualSources) -> VirtualPosition | None:
        """The position with this ref."""
        return self._find(ref, derivation(self.profile, sources))

    def _find(self, ref: str, derived_by: Derivation | None) -> VirtualPosition | None:
        return self._seen(ref, derived_named(ref, derived_by), derived_by)

    def _seen(
        self, ref: str, derived: Derived | None, derived_by: Derivation | None
    ) -> VirtualPosition | None:
        written = self._written.get(ref)
        if derived is not None:
            return derived.position if written is None else shown(written, derived)
        if written is None or written.number is None:
            return None
        apart = shown_apart(written, written.number, self.profile.type)
        if derived_by is None:
            return apart
        # It may have followed from stock until then.
        return apart._replace(updated_at=max(apart.updated_at, derived_by.last_change(ref)))

    def _at_row(self, row: int, derived_by: Derivation) -> VirtualPosition:
        derived = derived_by.derive(row)
        written = self._written.get(derived.position.ref) if self._written else None
        return derived.position if written is None else shown(written, derived)

    def _is_created(self, ref: str) -> bool:
        written = self._written.get(ref)
        return written is not None and written.number is not None

    def _of_stock(
        self, wanted: VirtualPositionFilter, sources: VirtualSources
    ) -> VirtualPositionFilter:
        """What of a filter can be told from the stock alone, whatever was written over it."""
        rules, updated = sources.rules, wanted.updated
        last_change = max(self._last_written_at, sources.set_up_at)
        if rules is not None:
            last_change = max(last_change, rules.last_changed_at)
        if updated is not None and updated.since is not None and updated.since <= last_change:
            updated = Span(None, updated.until)
        if self._written:
            return wanted._replace(updated=updated, statuses=None, quantities=None)
        return wanted._replace(updated=updated)

    def _created_places(self, wanted: VirtualPositionFilter) -> Sequence[int]:
        """Where among those created apart the wanted ones may be."""
        if wanted.refs is None:
            return range(len(self._created_refs))
        found = (self._written.get(ref or "") for ref in wanted.refs)
        numbers = (None if written is None else written.number for written in found)
        return sorted({number - CREATED_BASE for number in numbers if number is not None})

    # -- writing -----------------------------------------------------------------------------

    def create(
        self, ref: str, changes: VirtualChanges, *, sources: VirtualSources, at: int
    ) -> VirtualPosition:
        """Create a position; raises NotUnique when there is one, derived or created, already."""
        if self.find(ref, sources) is not None:
            raise NotUnique(
                f"the virtual catalogue {self.profile.ref} already has a virtual position {ref}; "
                "those of loaded stock are there without being created: update it instead"
            )
        self._check_room([ref])
        number = CREATED_BASE + len(self._created_refs)
        created = Written(ref=ref, number=number, created_at=at, updated_at=at)
        self._created_refs.append(ref)
        self._keep(created.changed(changes, None, at))
        return shown_apart(self._written[ref], number, self.profile.type)

    def update(
        self, ref: str, changes: VirtualChanges, *, sources: VirtualSources, at: int
    ) -> VirtualPosition:
        """Change a position; raises NotFound when there is none."""
        derived_by = derivation(self.profile, sources)
        derived = derived_named(ref, derived_by)
        if self._seen(ref, derived, derived_by) is None:
            raise NotFound(
                f"the virtual catalogue {self.profile.ref} has no virtual position {ref}"
            )
        if derived is not None:
            check_identity(changes, derived)
        self._check_room([ref])
        self._change(ref, changes, derived, at)
        changed = self._seen(ref, derived, derived_by)
        assert changed is not None
        return changed

    def set_group_status(
        self, group_ref: str, status: str, *, sources: VirtualSources, at: int
    ) -> int:
        """Give every position of a group a status; returns how many there are."""
        wanted = VirtualPositionFilter(group_refs=frozenset({group_ref}))
        _, positions = self.page(sources, wanted, Window(2 * CREATED_BASE, budget=sources.budget))
        self._check_room([position.ref for position in positions])
        derived_by = derivation(self.profile, sources)
        for position in positions:
            derived = derived_named(position.ref, derived_by)
            self._change(position.ref, VirtualChanges(status=status), derived, at)
        return len(positions)

    def _change(self, ref: str, changes: VirtualChanges, derived: Derived | None, at: int) -> None:
        written = self._written.get(ref) or Written(ref=ref, created_at=at, updated_at=at)
        self._keep(written.changed(changes, None if derived is None else derived.feed, at))

    def _keep(self, written: Written) -> None:
        self._written[written.ref] = written
        self._last_written_at = max(self._last_written_at, written.updated_at)
        if written.number is None and written.type is not None:
            self._row_types.add(written.type)

    def _check_room(self, refs: Sequence[str]) -> None:
        more = sum(ref not in self._written for ref in refs)
        if more and len(self._written) + more > MOST_WRITTEN:
            raise RuleError(
                f"the virtual catalogue {self.profile.ref} keeps at most {MOST_WRITTEN} virtual "
                "positions that were created or changed by mutations"
            )
