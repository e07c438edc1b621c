"""What an operation answers, free of any web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import Reason


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer as plain values; the body is a JSON document.

    `reason` is why nothing came of what was asked for, for whoever watches the traffic.
    """

    body: Mapping[str, object]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: Reason | None = None
