"""Taking back what a run has written to a server that is not ours: every position to 0.

A run writes counts and deltas and nothing else. A count of 0 retires the deltas before it; what
comes later, or stays nevertheless, is found by reading every position back, row by row.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from fluent_oms_simulator.client.client_errors import ClientError
from fluent_oms_simulator.client.exchanges import Pace, Wire
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.held_stock import Held, held, not_empty, put_away

from ..ledger.ledger import Ledger
from ..traffic.load_options import LoadOptions
from ..traffic.payloads import PayloadSettings, batch_body, batches
from ..traffic.trade_events import Count, Position

OURS = ("LAST_ON_HAND", "DELTA")
"""The quantity types that counts and deltas make; the others are not of this run."""
COUNTS = 3
"""How often is counted down, for what was accepted before may be applied later."""
NAMED = 5


def clean_up(options: LoadOptions, ledger: Ledger, pause: float) -> tuple[str, ...]:
    """Take back what was written under the prefix; sentences that say what came of it."""
    positions = [each for each in ledger.positions() if each.product_ref.startswith(options.prefix)]
    if not positions:
        return ("Nothing was written that could be taken back.",)
    wire = Wire(Pace(options.max_rate))
    api = Api(replace(options.target, pause=pause), wire, patient=True)
    api.job_name = f"{options.prefix}Load run: cleaning up"
    try:
        left, problem = _emptied(api, options.payloads, positions), ""
    except ClientError as fault:
        left, problem = {}, str(fault)
    finally:
        api.close()
    return tuple(_told(positions, left, problem, _unanswered(ledger)))


def _told(
    positions: Sequence[Position], left: Mapping[Position, Held], problem: str, unanswered: int
) -> Iterator[str]:
    if problem:
        names = "; ".join(map(_named, positions[:NAMED]))
        yield (
            f"Cleaning up did not succeed: {problem}. Up to {len(positions):,} positions may still"
            f" hold stock, such as {names}."
        )
    elif left:
        named = "; ".join(_holds(*each) for each in islice(left.items(), NAMED))
        more = f"; and {len(left) - NAMED:,} more" if len(left) > NAMED else ""
        yield f"{len(left):,} of {len(positions):,} positions are not at 0: {named}{more}."
    else:
        yield f"Cleaned up: {len(positions):,} positions were counted down to 0."
    if unanswered:
        yield (
            f"Deltas that got no answer: {unanswered:,}; what the server applies of them later than"
            " now stays."
        )


def _holds(position: Position, held: Held) -> str:
    rows = ", ".join(
        str(row) if row.type in OURS else f"{str(row)[:-1]}, not of this run)" for row in held.rows
    )
    return f"{_named(position)} holds {rows or held}"


def _named(position: Position) -> str:
    return f"{position.product_ref} at {position.location_ref}"


def _unanswered(ledger: Ledger) -> int:
    return sum(delta.acknowledged_at is None for delta in ledger.deltas())


def _emptied(
    api: Api, payloads: PayloadSettings, positions: Sequence[Position]
) -> dict[Position, Held]:
    """What the positions hold at the end; nothing, as a rule."""
    left: Iterable[Position] = positions
    for _ in range(COUNTS):
        _count_down(api, payloads, left)
        time.sleep(api.target.pause)
        remaining = not_empty(held(api, positions))
        if not remaining:
            return {}
        left = list(remaining)
    for rest in remaining.values():
        for row in rest.rows:
            if row.type in OURS:
                put_away(api, row)
    _count_down(api, payloads, left)  # which calculates the stock anew
    return not_empty(held(api, positions))


def _count_down(api: Api, payloads: PayloadSettings, positions: Iterable[Position]) -> None:
    """Count positions to 0 without pre-processing, which leaves out what seems unchanged."""
    job = api.open_job("skip")
    for some in batches(Count(each, 0) for each in positions):
        api.wait_for_batch(job, api.post_batch(job, batch_body(some, payloads)), count=1)
