"""How the fields of every type are answered, one module a subject.

May import: simulator/graphql (and what that may).
"""

from collections.abc import Callable, Mapping
from typing import Any

from .account_settings import SETTING_FIELDS, SETTING_QUERIES
from .controls import CONTROL_FIELDS, CONTROL_QUERIES
from .inventory_queries import INVENTORY_FIELDS, INVENTORY_QUERIES
from .places import PLACE_FIELDS, PLACE_QUERIES, address_type
from .products import PRODUCT_FIELDS, PRODUCT_OF_POSITION, PRODUCT_QUERIES, product_type
from .retailers import RETAILER_QUERIES
from .users import USER_FIELDS, USER_QUERIES
from .virtual import VIRTUAL_FIELDS, VIRTUAL_QUERIES
from .virtual_inventory import VIRTUAL_INVENTORY_FIELDS, VIRTUAL_INVENTORY_QUERIES

NODE_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    **INVENTORY_FIELDS,
    **VIRTUAL_FIELDS,
    **VIRTUAL_INVENTORY_FIELDS,
    **CONTROL_FIELDS,
    **PLACE_FIELDS,
    **PRODUCT_FIELDS,
    **SETTING_FIELDS,
    **USER_FIELDS,
    "InventoryPosition": {**INVENTORY_FIELDS["InventoryPosition"], **PRODUCT_OF_POSITION},
    "Query": {
        **INVENTORY_QUERIES,
        **VIRTUAL_QUERIES,
        **VIRTUAL_INVENTORY_QUERIES,
        **CONTROL_QUERIES,
        **PLACE_QUERIES,
        **PRODUCT_QUERIES,
        **RETAILER_QUERIES,
        **SETTING_QUERIES,
        **USER_QUERIES,
    },
}

KINDS: Mapping[str, Callable[..., str]] = {"Product": product_type, "Address": address_type}
"""For each interface that a field returns: which type a row is of."""
