"""The account of one delta: how often it arrived, under which bodies, and what came of it.

Most deltas arrive once and are applied once, and their account is little more than the delta.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from .delta_outcomes import DeltaOutcome
from .events import InventoryDelta
from .inventory import Source
from .sizes import text_bytes

MOST_BODIES = 5
"""Different ones that are kept of a delta."""
MOST_ARRIVALS = 10
"""Told one by one of a delta, the first; all are counted."""

ACCOUNT_BYTES = 536
"""With its places in the indexes, and but for its share of the request that brought it."""
_FURTHER_BYTES = 900
_BODY_BYTES = 200
_ARRIVAL_BYTES = 420

_CHANGING = (DeltaOutcome.APPLIED, DeltaOutcome.ADDED)
_IN_VAIN = (DeltaOutcome.LEFT_OUT, DeltaOutcome.FAILED, DeltaOutcome.NO_MATCH)


class Fate(StrEnum):
    """What can be said of a delta by now; of one delta several may hold."""

    APPLIED = "applied"
    """Once."""
    APPLIED_AGAIN = "appliedAgain"
    """More than once: its effect has been doubled."""
    REPEAT_SUPPRESSED = "repeatSuppressed"
    """It came again, and that changed nothing."""
    CONFLICTING = "conflicting"
    """It was taken in under different bodies."""
    RETIRED = "retired"
    """By a later count of its position."""
    FAILED = "failed"
    NEVER_APPLIED = "neverApplied"
    """It was refused, left out, or matched nothing, each time."""
    WAITING = "waiting"


class Retirement(NamedTuple):
    """When a count retired what a delta had added, and which."""

    at: int
    source: Source


class DeltaBody(NamedTuple):
    """What a delta said, with how often; `delta` is None where it could not be read as one.

    `taken` is how often it was taken in.
    """

    delta: InventoryDelta | None
    digest: str
    """Of what could not be read."""
    times: int = 1
    taken: int = 0


class DeltaArrival:
    """A request that brought deltas: its event, if it was taken in, and how it was answered.

    `era` is how many resets had come before, `share` the bytes of its body for each delta.
    `accounts` are those of its deltas, None for one without an id, until it has both ended and been
    answered. What a fault has the platform deliver again comes with no request of its own: `again`
    are these, and `is_again` is one of them.
    """

    __slots__ = (
        "accounts",
        "again",
        "at",
        "body",
        "catalogue_ref",
        "deltas",
        "era",
        "event_id",
        "has_ended",
        "is_again",
        "is_garbled",
        "reason",
        "request",
        "share",
        "status",
        "was_held_up",
    )

    def __init__(self, at: int, catalogue_ref: str, event_id: str | None, era: int) -> None:
        self.at = at
        self.catalogue_ref = catalogue_ref
        self.event_id = event_id
        self.era = era
        self.share = 0
        self.request = 0
        self.status = 0
        self.reason = ""
        self.has_ended = False
        self.is_garbled = False
        """Whether nobody could have read the reply."""
        self.was_held_up = False
        """Whether what was sent after it may have been taken in before it."""
        self.is_again = False
        """Whether the platform delivered it a second time: no request has brought it."""
        self.again: tuple[DeltaArrival, ...] = ()
        self.body: bytes | None = None
        self.deltas: Sequence[InventoryDelta] = ()
        self.accounts: Sequence[DeltaAccount | None] = ()

    @property
    def is_acknowledged(self) -> bool:
        """Whether the sender was told that it was taken in."""
        return 200 <= self.status < 300 and not self.is_garbled


class ToldArrival(NamedTuple):
    """One of the arrivals of a delta, and what came of it."""

    arrival: DeltaArrival
    outcome: DeltaOutcome


class FurtherArrivals:
    """What there is to keep of a delta that has more to it than being applied once."""

    __slots__ = (
        "acknowledged",
        "amount",
        "bodies",
        "delivered_again",
        "other_bodies",
        "outcomes",
        "retired",
        "told",
    )

    def __init__(self, outcome: DeltaOutcome, arrival: DeltaArrival, body: DeltaBody) -> None:
        self.outcomes = [0] * len(DeltaOutcome)
        self.outcomes[outcome] = 1
        self.acknowledged = int(arrival.is_acknowledged)
        self.delivered_again = int(arrival.is_again)
        self.amount = 0
        if outcome is DeltaOutcome.APPLIED and body.delta is not None:
            self.amount = body.delta.quantity
        self.bodies = [body]
        self.other_bodies = 0
        self.retired: Retirement | None = None
        self.told = [ToldArrival(arrival, outcome)]


class DeltaAccount:
    """All that is known of one deltaId of a catalogue, since the last reset.

    Where it has come once, `outcome` is what came of it, and `further` is None. `is_kept` is for
    the store of accounts, which drops the oldest.
    """

    __slots__ = ("delta_id", "first", "first_body", "further", "is_kept", "outcome")

    def __init__(
        self,
        delta_id: str,
        first_body: InventoryDelta | DeltaBody,
        first: DeltaArrival,
        outcome: DeltaOutcome = DeltaOutcome.WAITING,
    ) -> None:
        self.delta_id = delta_id
        self.first_body = first_body
        self.first = first
        self.outcome = outcome
        self.is_kept = True
        self.further: FurtherArrivals | None = None

    # -- what happens to it ------------------------------------------------------------------------

    def arrive(
        self,
        body: InventoryDelta | DeltaBody,
        arrival: DeltaArrival,
        outcome: DeltaOutcome = DeltaOutcome.WAITING,
    ) -> None:
        """It came again."""
        further = self._more()
        further.outcomes[outcome] += 1
        if arrival.is_acknowledged:
            further.acknowledged += 1
        if len(further.told) < MOST_ARRIVALS:
            further.told.append(ToldArrival(arrival, outcome))
        if arrival.is_again:
            further.delivered_again += 1
            return
        self._note_body(further, _as_body(body, taken=outcome is not DeltaOutcome.REFUSED))

    def open_delivered_again(self) -> None:
        """It is not known of any request."""
        self._more()

    def close(self, delta: InventoryDelta, arrival: DeltaArrival, outcome: DeltaOutcome) -> None:
        """A run has dealt with it."""
        if self.further is None:
            self.outcome = outcome
            return
        further = self.further
        further.outcomes[DeltaOutcome.WAITING] -= 1
        further.outcomes[outcome] += 1
        for place, told in enumerate(further.told):
            if told.arrival is arrival and told.outcome is DeltaOutcome.WAITING:
                further.told[place] = told._replace(outcome=outcome)
                break
        if outcome in _CHANGING:
            # One that was retired starts anew; one that is forgotten by now is still in a sum.
            if further.retired is not None:
                further.amount, further.retired = 0, None
            further.amount += delta.quantity
        elif outcome is DeltaOutcome.REPLACED:
            further.amount = delta.quantity

    def acknowledge(self, arrival: DeltaArrival) -> None:
        """The sender has been told that it was taken in."""
        if self.further is not None and arrival.is_acknowledged:
            self.further.acknowledged += 1

    def retire(self, at: int, source: Source) -> None:
        """A later count has retired what it had added."""
        self._more().retired = Retirement(at, source)

    # -- what is known of it -----------------------------------------------------------------------

    @property
    def delta(self) -> InventoryDelta | None:
        """What it said first; None where nothing that it said could be read."""
        return next((body.delta for body in self.bodies if body.delta is not None), None)

    @property
    def arrived(self) -> int:
        """How often it arrived."""
        further = self.further
        return 1 if further is None else sum(further.outcomes) - further.delivered_again

    @property
    def delivered_again(self) -> int:
        """How often the platform had it come once more, of itself."""
        return 0 if self.further is None else self.further.delivered_again

    @property
    def acknowledged(self) -> int:
        """How often the sender was told that it was taken in."""
        further = self.further
        return int(self.first.is_acknowledged) if further is None else further.acknowledged

    def times(self, outcome: DeltaOutcome) -> int:
        """How often this came of it."""
        if self.further is None:
            return int(self.outcome is outcome)
        return self.further.outcomes[outcome]

    @property
    def amount(self) -> int:
        """What it has added to its quantity, also where that has been retired since."""
        if self.further is not None:
            return self.further.amount
        delta = self.delta
        return 0 if delta is None or self.outcome is not DeltaOutcome.APPLIED else delta.quantity

    @property
    def retired(self) -> Retirement | None:
        """By which count it was retired."""
        return None if self.further is None else self.further.retired

    @property
    def bodies(self) -> Sequence[DeltaBody]:
        """The different things that it said, the first few."""
        if self.further is None:
            return [_as_body(self.first_body, taken=self.outcome is not DeltaOutcome.REFUSED)]
        return self.further.bodies

    @property
    def other_bodies(self) -> int:
        """How often it came under a body that is not kept."""
        return 0 if self.further is None else self.further.other_bodies

    @property
    def told(self) -> Sequence[ToldArrival]:
        """The first of its arrivals."""
        if self.further is None:
            return [ToldArrival(self.first, self.outcome)]
        return self.further.told

    def fates(self) -> tuple[Fate, ...]:
        """All that can be said of it by now."""
        further = self.further
        if further is None:
            return _PLAIN[self.outcome]
        counts = further.outcomes
        applied = sum(counts[outcome] for outcome in _CHANGING)
        in_vain = sum(counts[outcome] for outcome in _IN_VAIN)
        taken = [body for body in further.bodies if body.taken]
        holds = {
            Fate.APPLIED: applied == 1,
            Fate.APPLIED_AGAIN: applied > 1,
            Fate.REPEAT_SUPPRESSED: bool(
                counts[DeltaOutcome.REPEATED] or (applied and counts[DeltaOutcome.FAILED])
            ),
            Fate.CONFLICTING: len(taken) > 1 or (further.other_bodies > 0 and bool(taken)),
            Fate.RETIRED: further.retired is not None,
            Fate.FAILED: not applied and counts[DeltaOutcome.FAILED] > 0,
            Fate.NEVER_APPLIED: not (
                applied or counts[DeltaOutcome.FAILED] or counts[DeltaOutcome.WAITING]
            )
            and in_vain + counts[DeltaOutcome.REFUSED] > 0,
            Fate.WAITING: counts[DeltaOutcome.WAITING] > 0,
        }
        return tuple(fate for fate, it_does in holds.items() if it_does)

    def held_bytes(self) -> int:
        """About how much memory it takes."""
        size = ACCOUNT_BYTES + self.first.share
        further = self.further
        if further is not None:
            size += _FURTHER_BYTES + _ARRIVAL_BYTES * len(further.told)
            size += sum(map(_body_bytes, further.bodies[1:]))
        return size

    def _more(self) -> FurtherArrivals:
        if self.further is None:
            taken = self.outcome is not DeltaOutcome.REFUSED
            body = _as_body(self.first_body, taken=taken)
            self.further = FurtherArrivals(self.outcome, self.first, body)
        return self.further

    @staticmethod
    def _note_body(further: FurtherArrivals, body: DeltaBody) -> None:
        for place, known in enumerate(further.bodies):
            if known[:2] == body[:2]:
                further.bodies[place] = known._replace(
                    times=known.times + 1, taken=known.taken + body.taken
                )
                return
        if len(further.bodies) < MOST_BODIES:
            further.bodies.append(body)
        else:
            further.other_bodies += 1


def _as_body(body: InventoryDelta | DeltaBody, *, taken: bool) -> DeltaBody:
    if isinstance(body, DeltaBody):
        return body._replace(taken=int(taken))
    return DeltaBody(body, "", 1, int(taken))


def _body_bytes(body: InventoryDelta | DeltaBody) -> int:
    delta = body.delta if isinstance(body, DeltaBody) else body
    if delta is None:
        return _BODY_BYTES
    return text_bytes(delta.product_ref) + text_bytes(delta.location_ref)


_PLAIN: dict[DeltaOutcome, tuple[Fate, ...]] = {
    DeltaOutcome.WAITING: (Fate.WAITING,),
    DeltaOutcome.APPLIED: (Fate.APPLIED,),
    # The catalogue knew its quantity before the ledger knew the delta.
    DeltaOutcome.REPEATED: (Fate.REPEAT_SUPPRESSED,),
    DeltaOutcome.REPLACED: (Fate.CONFLICTING,),
    DeltaOutcome.ADDED: (Fate.APPLIED_AGAIN,),
    DeltaOutcome.LEFT_OUT: (Fate.NEVER_APPLIED,),
    DeltaOutcome.FAILED: (Fate.FAILED,),
    DeltaOutcome.NO_MATCH: (Fate.NEVER_APPLIED,),
    DeltaOutcome.REFUSED: (Fate.NEVER_APPLIED,),
}
