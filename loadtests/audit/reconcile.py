"""Hold what the senders know against what the server holds, position by position."""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from ..ledger.expectation import SentDelta
from ..ledger.ledger import Ledger
from ..reporting.run_result import AuditResult, Discrepancy, DiscrepancyKind
from ..traffic.trade_events import Position
from .connection import Connection
from .judge import judge, needs_rows
from .logged_events import explained
from .read_back import ReadBack
from .reading_target import AuditTarget
from .server_positions import ServerPosition


def reconcile(ledger: Ledger, target: AuditTarget) -> AuditResult:
    """Read every position of the ledger back over GraphQL and judge it.

    Stock on hand is enough for a position whose content can only be one number; the others are
    read quantity by quantity. What differs is read again until it is right or no longer changes.
    Raises ClientError where the server does not answer as it should.
    """
    connection = Connection(target)
    try:
        return _Audit(ledger, target, connection).run()
    finally:
        connection.close()


@dataclass(slots=True)
class _Found:
    """The positions with something the matter, and what was last read of them."""

    matters: dict[Position, list[Discrepancy]] = field(default_factory=dict)
    held: dict[Position, ServerPosition | None] = field(default_factory=dict)


class _Audit:
    def __init__(self, ledger: Ledger, target: AuditTarget, connection: Connection) -> None:
        self._ledger = ledger
        self._target = target
        self._connection = connection
        self._read = ReadBack(connection, target)
        self._kept_since = _kept_since(ledger, target.rows_kept)
        self._by_row: set[Position] = set()
        self._quiet_since = time.monotonic()
        self._deadline = self._quiet_since + target.settle_within

    def run(self) -> AuditResult:
        began = self._quiet_since = time.monotonic()
        self._wait_for_the_newest()
        positions = list(self._ledger.positions())
        reading = time.monotonic()
        found = self._examine(positions)
        # To read it all may take minutes, in which nobody waited for anything.
        self._deadline += time.monotonic() - reading
        self._quiet_since += time.monotonic() - reading
        while found.matters and self._may_wait():
            now = self._examine(found.matters)
            if now.held != found.held:
                self._quiet_since = time.monotonic()
            found = now
        settled = not found.matters or time.monotonic() <= self._deadline
        return self._result(positions, found, began, settled)

    def _examine(self, positions: Iterable[Position]) -> _Found:
        """Judge positions, by their stock on hand or row by row; keeps those that are not right."""
        by_stock: list[Position] = []
        by_row: list[Position] = []
        for position in positions:
            (by_row if position in self._by_row else by_stock).append(position)
        found = _Found()
        for asked, held in self._portions(by_stock, with_rows=False):
            for position in asked:
                if needs_rows(self._ledger.expectation(position), held.get(position)):
                    by_row.append(position)
                else:
                    self._judge(position, held.get(position), found)
        self._by_row.update(by_row)
        for asked, held in self._portions(by_row, with_rows=True):
            for position in asked:
                self._judge(position, held.get(position), found)
        return found

    def _portions(
        self, wanted: list[Position], *, with_rows: bool
    ) -> Iterable[tuple[Iterable[Position], dict[Position, ServerPosition]]]:
        missing = set(wanted)
        for held in self._read.positions(wanted, with_rows=with_rows):
            missing.difference_update(held)
            yield held, held
        yield missing, {}

    def _judge(self, position: Position, held: ServerPosition | None, found: _Found) -> None:
        matters = judge(self._ledger.expectation(position), held, self._is_kept)
        if matters:
            found.matters[position] = matters
            found.held[position] = held

    def _is_kept(self, delta: SentDelta) -> bool:
        return delta.sent_at >= self._kept_since

    def _wait_for_the_newest(self) -> None:
        """Return when what was acknowledged last is there, or nothing of it comes any more."""
        acknowledged = (each for each in self._ledger.deltas() if each.acknowledged_at is not None)
        newest = heapq.nlargest(
            self._target.page_size, acknowledged, key=lambda delta: delta.acknowledged_at or 0.0
        )
        missing = {delta.delta_id for delta in newest}
        missing -= self._read.seen(sorted(missing))
        while missing and self._may_wait():
            seen = self._read.seen(sorted(missing))
            if seen:
                self._quiet_since = time.monotonic()
            missing -= seen

    def _may_wait(self) -> bool:
        """Wait until it is worth looking again; False when it no longer is."""
        now = time.monotonic()
        if now > self._deadline or now - self._quiet_since > self._target.quiet_for:
            return False
        time.sleep(self._target.poll_every)
        return True

    def _result(
        self, positions: list[Position], found: _Found, began: float, settled: bool
    ) -> AuditResult:
        matters = [each for those in found.matters.values() for each in those]
        number = Counter(each.kind for each in matters)
        examples = tuple(explained(_chosen(matters, self._target.examples), self._connection))
        return AuditResult(
            positions=len(positions),
            deltas=sum(each.acknowledged_at is not None for each in self._ledger.deltas()),
            lost=number[DiscrepancyKind.LOST],
            doubled=number[DiscrepancyKind.DOUBLED],
            wrong=len({each.place for each in matters if each.kind is DiscrepancyKind.WRONG}),
            open=sum(len(self._ledger.expectation(position).open) for position in positions),
            by_row=len(self._by_row),
            requests=self._connection.requests,
            seconds=time.monotonic() - began,
            settled=settled,
            examples=examples,
        )


def _chosen(matters: list[Discrepancy], most: int) -> list[Discrepancy]:
    """The first of each kind, so that one kind does not hide the others."""
    by_kind = [[each for each in matters if each.kind is kind] for kind in DiscrepancyKind]
    taken = [each for row in zip_longest(*by_kind) for each in row if each is not None]
    return sorted(taken[:most], key=lambda each: list(DiscrepancyKind).index(each.kind))


def _kept_since(ledger: Ledger, rows_kept: int) -> float:
    """When the oldest delta was sent that must still have a quantity of its own."""
    newest = heapq.nlargest(rows_kept + 1, (delta.sent_at for delta in ledger.deltas()))
    return newest[-2] if len(newest) > rows_kept > 0 else 0.0
