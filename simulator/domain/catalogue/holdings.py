"""What an account holds in memory, counted for all of its catalogues together."""

from collections.abc import Callable
from typing import Any

from .. import bounds
from ..bounds import Tally
from ..faults import RuleError
from ..inventory import InventoryQuantity, Source
from ..sizes import held_bytes, text_bytes
from ..written import Writing
from .history import History
from .on_hand_log import OnHandLog
from .retention import Retention

_QUANTITY_BYTES = 1_000
"""What a quantity takes besides its ref and its attributes, its place in three indexes included."""


NoteRetired = Callable[[str, str, int, Source], None]
"""Takes note that a count has retired a quantity: catalogue, ref, when and by what."""


def _note_nothing(catalogue_ref: str, quantity_ref: str, at: int, source: Source) -> None:
    """Nobody wants to know what counts retire."""


class Holdings:
    """The tallies of one account, and what is kept of the past of its quantities."""

    def __init__(self, note_retired: NoteRetired = _note_nothing) -> None:
        self.note_retired = note_retired
        self.history = History()
        self.on_hand_log = OnHandLog(self.history)
        self.retention: Retention[Any] = Retention()  # of catalogues, which know this module
        self.positions = Tally(bounds.POSITIONS)
        self.locations = Tally(bounds.POSITION_LOCATIONS)
        self.quantities = Tally(bounds.QUANTITIES)
        self.entities = Tally(bounds.ENTITIES)
        self.writing = Writing(self.entities)

    def tallies(self) -> list[Tally]:
        """How much is held of each kind."""
        return [
            self.positions,
            self.locations,
            *self.retention.tallies(),
            self.quantities,
            self.entities,
            self.history.tally(),
            self.on_hand_log.tally(),
        ]

    def check_positions(self, new_positions: int, new_locations: int) -> None:
        """Raise RuleError when so many positions, or locations of positions, would be too many."""
        _check(self.positions, new_positions)
        _check(self.locations, new_locations)

    def add_location(self) -> None:
        """Count a location that is new to a catalogue; raises RuleError when it is too many."""
        _check(self.locations, 1)
        self.locations.held += 1

    def check_quantities(self, added_bytes: int) -> None:
        """Raise RuleError when quantities may not take so many bytes more."""
        _check(self.quantities, added_bytes)


def quantity_bytes(quantity_ref: str, attributes: object) -> int:
    """What a quantity with this ref and these attributes takes."""
    return _QUANTITY_BYTES + text_bytes(quantity_ref) + held_bytes(attributes)


def shown_bytes(quantity: InventoryQuantity) -> int:
    """What the attributes and details of a quantity take."""
    return held_bytes(quantity.attributes) + held_bytes(quantity.details)


def _check(tally: Tally, amount: int) -> None:
    if amount <= 0 or tally.has_room(amount):
        return
    tally.lost += 1
    unit = "" if tally.bound.unit == "entries" else " bytes"
    raise RuleError(
        f"{tally.bound.what}: there are {tally.held:,}{unit}, and the simulator keeps at most "
        f"{tally.limit:,}{unit} of them"
    )
