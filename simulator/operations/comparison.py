"""What comes of comparing a part of an upload."""

from collections.abc import Sequence
from typing import NamedTuple

from ..errors import shortened
from ..intake.uploads import BelievedLine, LineFault, UploadKind

Told = dict[str, object]


class Compared(NamedTuple):
    """How many lines agree, what is not here, what differs, and which lines repeat another part."""

    agreeing: int
    missing: Sequence[Told]
    different: Sequence[Told]
    repeated: Sequence[LineFault]


def named_again(row: BelievedLine, kind: UploadKind, where: str) -> LineFault:
    """That a line names what another has named."""
    is_delta = kind is UploadKind.DELTAS
    found = row.delta_id if is_delta else f"{row.product_ref} at {row.location_ref}"
    field = "deltaId" if is_delta else "productRef"
    return LineFault(row.line, 1, field, shortened(found), f"one that {where} has not named")
