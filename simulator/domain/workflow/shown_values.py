"""What a quantity shows besides its amount, after a record or a mutation has written to it."""

from collections.abc import Mapping
from typing import NamedTuple

from ..entities import MOST_ATTRIBUTES
from ..faults import RuleError
from ..inventory import NO_DETAILS, InventoryQuantity, QuantityDetails


class ShownValues(NamedTuple):
    """Attributes and details; None where there are none."""

    attributes: Mapping[str, object] | None
    details: QuantityDetails | None


def updated_values(
    known: InventoryQuantity | None,
    attributes: Mapping[str, object],
    types: Mapping[str, str],
    given: QuantityDetails,
) -> ShownValues:
    """What is shown after an update: attributes are written by name, the others stay.

    GraphQL schema docs, UpdateInventoryQuantityInput. `types` are those that attributes are given;
    the others have none. Raises RuleError when there would be too many attributes.
    """
    old = (known.details if known else None) or NO_DETAILS
    values = {**((known.attributes if known else None) or {}), **attributes}
    if len(values) > MOST_ATTRIBUTES:
        raise RuleError(
            f"the quantity would have {len(values)} attributes: expected at most {MOST_ATTRIBUTES}"
        )
    kept = {name: word for name, word in old.attribute_types.items() if name not in attributes}
    details = old.updated(given)._replace(attribute_types={**kept, **types})
    return ShownValues(values or None, None if details == NO_DETAILS else details)


def values_of(quantity: InventoryQuantity) -> ShownValues:
    """What a quantity shows now."""
    return ShownValues(quantity.attributes or None, quantity.details or None)
