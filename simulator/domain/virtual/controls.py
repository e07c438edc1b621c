"""What a control group does to quantities: exclusions, buffers and thresholds, ready to look up.

Fluent docs: Control groups and controls management, 14 Feb 2025; Master buffer, 8 May 2025; Bulk
threshold controls, 28 Feb 2025. Only one of the eligible buffers applies: that with the lowest
execution order. Among equals, and among those without an order, which come last, it is that of the
product at the location, that of the product, that of the location (inferred). Buffers of categories
are never eligible, because the simulator keeps no categories. How a control says how much is
inferred.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Generic, NamedTuple, TypeVar

from ..entities import Control, ControlGroup
from ..inventory import ACTIVE, CREATED
from .control_values import Nonsense, Reach, amount_of, reach_of, threshold_of

EXCLUSION: Final = "EXCLUSION"
QUANTITY_BUFFER: Final = "QUANTITY_BUFFER"
MASTER_BUFFER: Final = "MASTER_BUFFER"
BULK_THRESHOLD: Final = "BULK_THRESHOLD"

ControlsVersion = tuple[int, int]
"""When a control of a product was changed last, and when its group was."""


class IgnoredControl(NamedTuple):
    """A control, or a whole group, that has no effect, and why."""

    ref: str
    reason: str


class AppliedControl(NamedTuple):
    """A control that has an effect; `value` is what a buffer adds, or the status that it gives."""

    ref: str
    type: str
    value: int | str | None


class _Amount(NamedTuple):
    """How much a control adds; `order` is its execution order, with those that have none last."""

    order: tuple[bool, int]
    number: int
    amount: int
    ref: str


class _Threshold(NamedTuple):
    """Up to which quantity a control gives a status; None has no upper end."""

    up_to: int | None
    status: str
    catalogue_refs: frozenset[str]
    ref: str


Value = TypeVar("Value")


class _Places(Generic[Value]):
    """Values by product, location, or both; `tails` are ends of refs, which may be either."""

    def __init__(self) -> None:
        self._at: dict[tuple[str | None, str | None], Value] = {}
        self._tails: dict[str, Value] = {}

    def __bool__(self) -> bool:
        return bool(self._at or self._tails)

    def keep_first(self, reach: Reach, value: Value) -> None:
        """Add a value wherever there is none yet."""
        if reach.tail is not None:
            self._tails.setdefault(reach.tail, value)
        for place in reach.places():
            self._at.setdefault(place, value)

    def levels(self, product_ref: str, location_ref: str | None) -> Iterator[list[Value]]:
        """What there is for the product at the location, the product, and the location."""
        if location_ref is not None:
            pair = (product_ref, location_ref)
            yield self._found(pair, f"{product_ref}:{location_ref}" if self._tails else "")
        yield self._found((product_ref, None), product_ref)
        if location_ref is not None:
            yield self._found((None, location_ref), "")

    def _found(self, place: tuple[str | None, str | None], tail: str) -> list[Value]:
        found = [self._at[place]] if place in self._at else []
        if tail in self._tails:
            found.append(self._tails[tail])
        return found


class ControlRules:
    """The controls in force of one group at one of its versions.

    A control that makes no sense has no effect, and `ignored` says so.
    """

    def __init__(self, group: ControlGroup) -> None:
        self.ignored: list[IgnoredControl] = []
        self._exclusions: _Places[_Amount] = _Places()
        self._buffers: _Places[_Amount] = _Places()
        self._master_buffers: _Places[_Amount] = _Places()
        self._thresholds: list[_Threshold] = []
        self._changed_at: _Places[int] = _Places()
        self.last_changed_at = 0
        self.set_up_at = group.updated_at
        """When the group itself was changed last, such as its status."""
        self._thresholds_changed: list[tuple[int, frozenset[str]]] = []
        if group.status != ACTIVE:
            reason = f"the group's status is {group.status}; its controls apply when it is ACTIVE"
            self.ignored.append(IgnoredControl(group.ref, reason))
            return
        self._take_in(group.controls)

    # -- the answers -------------------------------------------------------------------------

    def excludes(self, product_ref: str, location_ref: str | None = None) -> bool:
        """Whether a product is excluded, altogether or at a location."""
        excluded = self._exclusions
        return bool(excluded) and any(excluded.levels(product_ref, location_ref))

    def buffer(self, product_ref: str, location_ref: str | None = None) -> int:
        """The one quantity buffer that applies; below 0 it keeps stock back."""
        found = _first(self._buffers, product_ref, location_ref)
        return 0 if found is None else found.amount

    def master_buffer(self, product_ref: str) -> int:
        """What is added to the sum over all locations."""
        found = _first(self._master_buffers, product_ref, None)
        return 0 if found is None else found.amount

    def status_for(self, quantity: int, catalogue_ref: str) -> str | None:
        """The status that the thresholds of a catalogue give to a quantity, if any does."""
        found = self._threshold(quantity, catalogue_ref)
        return None if found is None else found.status

    def applied_at(self, product_ref: str, location_ref: str | None) -> list[AppliedControl]:
        """The exclusion and the buffer of a product at a location; the exclusion has the say."""
        exclusion = _first(self._exclusions, product_ref, location_ref)
        return _applied(
            (EXCLUSION, exclusion),
            (QUANTITY_BUFFER, _first(self._buffers, product_ref, location_ref)),
        )

    def applied_over_all(self, product_ref: str) -> list[AppliedControl]:
        """The exclusion and the master buffer of a product over all locations."""
        exclusion = _first(self._exclusions, product_ref, None)
        master = _first(self._master_buffers, product_ref, None)
        return _applied((EXCLUSION, exclusion), (MASTER_BUFFER, master))

    def applied_threshold(self, quantity: int, catalogue_ref: str) -> AppliedControl | None:
        """What gives a quantity its status in a catalogue, if any does."""
        found = self._threshold(quantity, catalogue_ref)
        return None if found is None else AppliedControl(found.ref, BULK_THRESHOLD, found.status)

    def _threshold(self, quantity: int, catalogue_ref: str) -> _Threshold | None:
        for threshold in self._thresholds:
            if (threshold.up_to is None or quantity <= threshold.up_to) and (
                not threshold.catalogue_refs or catalogue_ref in threshold.catalogue_refs
            ):
                return threshold
        return None

    def has_thresholds(self, catalogue_ref: str) -> bool:
        """Whether any threshold of a catalogue is in force."""
        return any(
            not threshold.catalogue_refs or catalogue_ref in threshold.catalogue_refs
            for threshold in self._thresholds
        )

    def changed_at(self, product_ref: str, location_ref: str | None = None) -> int:
        """When a control of this product or location was changed last, 0 if there is none.

        A change of a control has its virtual positions computed again (rule
        ProduceVirtualPositionEventsForControlUpdate).
        """
        if not self._changed_at:
            return 0
        levels = self._changed_at.levels(product_ref, location_ref)
        return max((moment for level in levels for moment in level), default=0)

    def thresholds_changed_at(self, catalogue_ref: str) -> int:
        """When a threshold of a catalogue was changed last, 0 if there is none."""
        return max(
            (at for at, refs in self._thresholds_changed if not refs or catalogue_ref in refs),
            default=0,
        )

    def version_for(self, product_ref: str, *location_refs: str | None) -> ControlsVersion | None:
        """What differs once a control of this product, or the group, was changed; None without."""
        moments = (self.changed_at(product_ref, each) for each in location_refs or (None,))
        changed_at = max(moments, default=0)
        return (changed_at, self.set_up_at) if changed_at else None

    # -- reading the controls ----------------------------------------------------------------

    def _take_in(self, controls: Mapping[str, Control]) -> None:
        for control in sorted(controls.values(), key=lambda control: -control.updated_at):
            if control.status != CREATED or control.updated_at > control.created_at:
                self._date(control)
        for control in sorted(controls.values(), key=_rank):
            try:
                self._read(control)
            except Nonsense as nonsense:
                self.ignored.append(IgnoredControl(control.ref, str(nonsense)))

    def _date(self, control: Control) -> None:
        try:
            if control.type == BULK_THRESHOLD:
                *_, catalogue_refs = threshold_of(control)
                self._thresholds_changed.append((control.updated_at, catalogue_refs))
                return
            self._changed_at.keep_first(reach_of(control), control.updated_at)
        except Nonsense:
            return
        self.last_changed_at = max(self.last_changed_at, control.updated_at)

    def _read(self, control: Control) -> None:
        if control.status != ACTIVE:
            raise Nonsense(f"its status is {control.status}; it applies when it is ACTIVE")
        kind = control.type
        if kind == BULK_THRESHOLD:
            self._thresholds.append(_Threshold(*threshold_of(control), control.ref))
        elif kind == EXCLUSION:
            self._exclusions.keep_first(reach_of(control), _amount(control, 0))
        elif kind == QUANTITY_BUFFER:
            self._buffers.keep_first(reach_of(control), _amount(control, amount_of(control)))
        elif kind == MASTER_BUFFER:
            reach = reach_of(control)
            if reach.location_refs:
                raise Nonsense("a master buffer is for a product, not for a location")
            self._master_buffers.keep_first(reach, _amount(control, amount_of(control)))
        else:
            raise Nonsense(f"the simulator knows no controls of the type {kind}")


def _order(control: Control) -> tuple[bool, int]:
    """Lower execution orders come first, those without one last."""
    return (control.execution_order is None, control.execution_order or 0)


def _rank(control: Control) -> tuple[tuple[bool, int], int]:
    """By execution order, and then by age."""
    return (_order(control), control.number)


def _amount(control: Control, amount: int) -> _Amount:
    return _Amount(_order(control), control.number, amount, control.ref)


def _first(places: _Places[_Amount], product_ref: str, location_ref: str | None) -> _Amount | None:
    """The one amount that applies: by execution order, then by how near it is, then by age."""
    best: _Amount | None = None
    if places:
        for found in places.levels(product_ref, location_ref):
            for amount in sorted(found):
                if best is None or amount.order < best.order:
                    best = amount
    return best


def _applied(*found: tuple[str, _Amount | None]) -> list[AppliedControl]:
    return [
        AppliedControl(each.ref, kind, None if kind == EXCLUSION else each.amount)
        for kind, each in found
        if each is not None
    ]
