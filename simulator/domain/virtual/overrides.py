"""What mutations wrote of a virtual position, and what is seen of it over what is derived."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ..entities import Attribute, Attributes, upserted
from ..faults import RuleError
from ..inventory import CREATED
from .available import Feed, VirtualPosition, VirtualSegment
from .derivation import Derivation, Derived


class VirtualChanges(NamedTuple):
    """What a mutation writes of a virtual position; None is left as it is.

    `segments` replace those there were; none at all removes them.
    """

    quantity: int | None = None
    status: str | None = None
    type: str | None = None
    product_ref: str | None = None
    group_ref: str | None = None
    attributes: Mapping[str, Attribute] | None = None
    segments: tuple[VirtualSegment, ...] | None = None


class WrittenQuantity(NamedTuple):
    """A quantity and the feed it was written over; it stands until there is another."""

    quantity: int
    feed: Feed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What mutations wrote of one position.

    `number` is its key when a mutation created it, None when it is there because of its stock.
    """

    ref: str
    number: int | None = None
    product_ref: str | None = None
    group_ref: str | None = None
    quantity: WrittenQuantity | None = None
    status: str | None = None
    type: str | None = None
    attributes: Attributes = field(default_factory=dict)
    segments: tuple[VirtualSegment, ...] = ()
    created_at: int
    updated_at: int

    def changed(self, changes: VirtualChanges, feed: Feed | None, at: int) -> "Written":
        """The same with these changes; attributes are set by name."""
        quantity = self.quantity
        if changes.quantity is not None:
            quantity = WrittenQuantity(changes.quantity, feed)
        return replace(
            self,
            product_ref=self.product_ref if changes.product_ref is None else changes.product_ref,
            group_ref=self.group_ref if changes.group_ref is None else changes.group_ref,
            quantity=quantity,
            status=self.status if changes.status is None else changes.status,
            type=self.type if changes.type is None else changes.type,
            attributes=upserted(self.attributes, changes.attributes or {}),
            segments=self.segments if changes.segments is None else changes.segments,
            updated_at=at,
        )


def shown(written: Written, derived: Derived) -> VirtualPosition:
    """What is seen of a position that was written and also follows from its sources."""
    position, quantity = derived.position, written.quantity
    stands = quantity is not None and quantity.feed == derived.feed
    return position._replace(
        number=position.number if written.number is None else written.number,
        quantity=quantity.quantity if quantity is not None and stands else position.quantity,
        type=position.type if written.type is None else written.type,
        status=position.status if written.status is None else written.status,
        created_at=position.created_at if written.number is None else written.created_at,
        updated_at=max(position.updated_at, written.updated_at),
        attributes=written.attributes,
        segments=written.segments,
    )


def shown_apart(written: Written, number: int, usual_type: str) -> VirtualPosition:
    """What is seen of a position that was created and follows from nothing."""
    return VirtualPosition(
        number=number,
        ref=written.ref,
        product_ref=written.product_ref,
        group_ref=written.group_ref,
        quantity=0 if written.quantity is None else written.quantity.quantity,
        type=usual_type if written.type is None else written.type,
        status=CREATED if written.status is None else written.status,
        created_at=written.created_at,
        updated_at=written.updated_at,
        attributes=written.attributes,
        segments=written.segments,
    )


def derived_named(ref: str, derived_by: Derivation | None) -> Derived | None:
    """What follows from the sources for a ref."""
    row = None if derived_by is None else derived_by.row_of(ref)
    return None if derived_by is None or row is None else derived_by.derive(row)


def check_identity(changes: VirtualChanges, derived: Derived) -> None:
    """Raise RuleError when a change would give derived stock another product or group."""
    position = derived.position
    for name, given, own in (
        ("productRef", changes.product_ref, position.product_ref),
        ("groupRef", changes.group_ref, position.group_ref),
    ):
        if given is not None and given != own:
            raise RuleError(
                f"the {name} of the virtual position {position.ref} is {own}, which follows from "
                f"its stock, and cannot become {given}"
            )
