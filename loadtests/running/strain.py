"""Whether what made the load kept up, and so may judge a server; if not, what held it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..reporting.run_result import ACCEPT, ACCEPT_SENT, VISIBLE, VISIBLE_SENT, ObjectiveResult, Rate
from .objectives import Measured, Objective

FEW = 0.01
"""The share of events sent late that a p99 does not show."""
ALL_BUSY = 0.9
MISSING_DELTAS = 10
MADE = 0.9
"""The share of the load that was asked for, above which it was made."""
FROM_SENDING = {ACCEPT: ACCEPT_SENT, VISIBLE: VISIBLE_SENT}


@dataclass(frozen=True, slots=True)
class Strain:
    """What a generator had to bear while something was measured.

    `starved` says that a process of it lacked a processor, `busy` that it used nearly all of one;
    `users` requests can be under way at once, `max_rate` be sent a second; `rate` is the deltas a
    second that it was asked to send.
    """

    rate: float
    users: int
    starved: bool = False
    busy: bool = False
    max_rate: float | None = None


def late_share(measured: Measured) -> float:
    """What share of the events was sent late."""
    totals = measured.totals
    return totals.late_starts / totals.events if totals.events else 0.0


def held_back_by(measured: Measured, strain: Strain) -> str:
    """What kept the generator from sending in time, if that was not the server; else nothing."""
    if late_share(measured) <= FEW:
        return ""
    if strain.starved:
        return "it lacked a processor; try more --workers, or another machine"
    if strain.max_rate:
        return f"no more than {strain.max_rate:g} requests a second were allowed (--max-rate)"
    if _under_way(measured) > ALL_BUSY * strain.users:
        return f"all of its {strain.users} --users waited for answers all the time; try more"
    return ""


def fairly(
    objective: Objective, result: ObjectiveResult, measured: Measured, strain: Strain
) -> ObjectiveResult:
    """The result, open where it may be the generator's doing and not the server's."""
    if result.met is None or not (objective.of_time or objective.of_rate):
        return result
    cause = held_back_by(measured, strain)
    if objective.of_batches:
        cause = "it lacked a processor; try more --workers, or another machine"
        return _open(result, cause) if strain.busy and not result.met else result
    if not cause or (result.met and (objective.of_rate or _is_made(measured, strain))):
        return result
    if not result.met and not _is_its_doing(objective, measured, strain):
        return result
    return _open(result, cause)


def sent_a_second(measured: Measured) -> float:
    """How many deltas a second were sent."""
    return measured.totals.deltas_sent / measured.seconds if measured.seconds else 0.0


def rate_of(asked: float, deltas: int, seconds: float) -> Rate:
    """What was asked for beside what was sent in the seconds of the load.

    Deltas come in baskets and some late: a few that are missing say nothing of a short run.
    """
    missing = asked * seconds - deltas
    reached = missing <= max((1 - MADE) * asked * seconds, MISSING_DELTAS)
    return Rate(asked, deltas / seconds if seconds else 0.0, reached)


def remarks(measured: Measured, strain: Strain) -> Iterator[str]:
    """What a reader of the figures has to know of the generator."""
    late = late_share(measured)
    if late > FEW:
        cause = held_back_by(measured, strain) or (
            "its users waited while the server was slower"
            if _is_made(measured, strain)
            else "the server was slower or it was itself, which cannot be told apart: look at the"
            " processors of both"
        )
        yield (
            f"The generator fell behind: {late:.1%} of the events were sent late, because {cause}."
            " Times are counted from when an event was due, so that no wait is left out of them"
            " (coordinated omission)."
        )


def _is_its_doing(objective: Objective, measured: Measured, strain: Strain) -> bool:
    """Whether a miss may be the generator's, which is held back by something of its own.

    Who lacks a processor measures long times, whenever they begin. Otherwise times count from the
    sending as well, and what is too long from there is the server's. Nobody can find more deltas a
    second than the run was asked to send.
    """
    if objective.of_rate:
        return strain.rate >= objective.limit
    if strain.starved:
        return True
    latencies = {
        name: measured.latencies.get(FROM_SENDING.get(name, name), histogram)
        for name, histogram in measured.latencies.items()
    }
    return objective.judge(replace(measured, latencies=latencies)).met is not False


def _is_made(measured: Measured, strain: Strain) -> bool:
    return sent_a_second(measured) >= MADE * strain.rate


def _under_way(measured: Measured) -> float:
    """How many events waited for their answers at a time, on average (Little's law)."""
    took = measured.latencies.get(ACCEPT_SENT)
    if took is None or not measured.seconds:
        return 0.0
    return took.total / 1000 / measured.seconds


def _open(result: ObjectiveResult, cause: str) -> ObjectiveResult:
    return replace(result, met=None, why=f"the generator fell behind: {cause}")
