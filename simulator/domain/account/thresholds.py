"""The threshold controls that a catalogue names, and the statuses that they give positions.

Fluent docs: Bulk threshold controls, 28 Feb 2025 (a catalogue names groups in an attribute) and
19 Sept 2024 (five at most; the list as text); rule ApplyThresholdControlsToInventoryPosition,
12 Aug 2025.
"""

import json
from collections.abc import Callable, Sequence
from typing import Final

from ..entities import Attributes
from ..inventory import ACTIVE
from ..virtual.controls import ControlRules

THRESHOLD_GROUPS: Final = "controlGroups"
"""The attribute that names the groups whose thresholds give statuses."""

MOST_GROUPS: Final = 5
"""Groups that one catalogue may name; further ones have no effect."""

_LONGEST_LIST: Final = 1_000
"""Characters of a list as text: five refs of 100 take fewer."""

RulesOf = Callable[[str], ControlRules | None]


def threshold_groups(attributes: Attributes) -> list[str]:
    """The refs of the groups that a catalogue with these attributes names."""
    attribute = attributes.get(THRESHOLD_GROUPS)
    named = None if attribute is None else attribute.value
    if isinstance(named, str) and len(named) <= _LONGEST_LIST:
        named = _listed(named)
    found = (ref for ref in named if isinstance(ref, str)) if isinstance(named, list) else ()
    return list(dict.fromkeys(found))[:MOST_GROUPS]


class PositionThresholds:
    """The statuses that an inventory catalogue's groups give, by stock on hand.

    Groups are asked when a position is calculated, so a change of a control moves each position
    with its next change of stock, as it is on the platform.
    """

    def __init__(self, catalogue_ref: str, group_refs: Sequence[str], rules_of: RulesOf) -> None:
        self._catalogue_ref = catalogue_ref
        self._group_refs = group_refs
        self._rules_of = rules_of

    def __call__(self, on_hand: int) -> str | None:
        """The status for a stock on hand; None where it lies above every threshold.

        Without a threshold in force it is as if there were one for any stock (18 Feb 2025).
        """
        in_force = False
        for ref in self._group_refs:
            rules = self._rules_of(ref)
            if rules is not None:
                status = rules.status_for(on_hand, self._catalogue_ref)
                if status is not None:
                    return status
                in_force = in_force or rules.has_thresholds(self._catalogue_ref)
        return None if in_force else ACTIVE


def _listed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
