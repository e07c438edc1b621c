"""What callers may set up and correct, one module a subject.

May import: simulator/graphql/nodes (and what that may), simulator/domain/workflow.
"""

from collections.abc import Callable, Mapping
from typing import Any

from .account_settings import SETTING_MUTATIONS
from .controls import CONTROL_MUTATIONS
from .inventory import INVENTORY_MUTATIONS
from .places import PLACE_MUTATIONS
from .quantity_statuses import QUANTITY_STATUS_MUTATIONS
from .virtual import VIRTUAL_MUTATIONS

MUTATION_FIELDS: Mapping[str, Callable[..., Any]] = {
    **INVENTORY_MUTATIONS,
    **QUANTITY_STATUS_MUTATIONS,
    **VIRTUAL_MUTATIONS,
    **CONTROL_MUTATIONS,
    **PLACE_MUTATIONS,
    **SETTING_MUTATIONS,
}
