"""References: how catalogues, positions and quantities are named.

`<productRef>:<locationRef>:<catalogueType>` is documented (GraphQL inventory queries, 1 July 2024);
the strings for quantities are inferred, and clients should not take them apart.
"""

from typing import NamedTuple

LONGEST_REF = 100
"""Characters in a position's or a quantity's ref (GraphQL schema docs)."""


class CatalogueRef(NamedTuple):
    """The name of an inventory catalogue, such as `DEFAULT:1`."""

    type: str
    retailer_id: str

    def __str__(self) -> str:
        return f"{self.type}:{self.retailer_id}"


def default_catalogue(retailer_id: str) -> CatalogueRef:
    """The catalogue that a retailer's batches go to unless they name one."""
    return CatalogueRef("DEFAULT", retailer_id)


def position_ref(product_ref: str, location_ref: str, catalogue_type: str) -> str:
    """The ref of the position of a product at a location."""
    return f"{product_ref}:{location_ref}:{catalogue_type}"


def quantity_ref(position: str, quantity_type: str, fulfilment_id: str | None = None) -> str:
    """The ref of a quantity that was given none."""
    if fulfilment_id is None:
        return f"{position}:{quantity_type}"
    return f"{position}:{quantity_type}:{fulfilment_id}"
