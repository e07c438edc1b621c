"""The accounts of the ledger, within their bounds: those of the oldest deltas give way."""

from collections import deque
from collections.abc import Callable
from typing import Any

from ..domain import bounds
from ..domain.bounds import Tally
from ..domain.delta_accounts import DeltaAccount
from .ledger_totals import LedgerTotals


class LedgerAccounts:
    """Deltas by catalogue and deltaId, and what all of them come to."""

    def __init__(self) -> None:
        self.totals = LedgerTotals()
        self.entries = Tally(bounds.LEDGER)
        self.bytes = Tally(bounds.LEDGER_BYTES)
        self._by_id: dict[str, dict[str, DeltaAccount]] = {}
        self.oldest_first: deque[DeltaAccount] = deque()
        """By their first arrival; what is put into `of` is put here, and counted by `keep`."""

    def __len__(self) -> int:
        return len(self.oldest_first)

    def newest_first(self) -> list[DeltaAccount]:
        """Those that are kept, by their first arrival."""
        return list(reversed(self.oldest_first))

    def find(self, catalogue_ref: str, delta_id: str) -> DeltaAccount | None:
        """What is known of a delta since the last reset."""
        return self._by_id.get(catalogue_ref, {}).get(delta_id)

    def of(self, catalogue_ref: str) -> dict[str, DeltaAccount]:
        """Those of one catalogue by their ids: where many are looked up, and new ones put."""
        known = self._by_id.get(catalogue_ref)
        if known is None:
            known = self._by_id[catalogue_ref] = {}
        return known

    def change(self, account: DeltaAccount, change: Callable[..., None], *arguments: Any) -> None:
        """Let something happen to an account, and count what can be said of it then."""
        fates, size = account.fates(), account.held_bytes()
        change(*arguments)
        self.totals.count(fates, -1)
        self.totals.count(account.fates(), 1)
        if account.is_kept:
            self.keep(0, account.held_bytes() - size)

    def keep(self, entries: int, size: int) -> None:
        """So many more accounts, and so many more bytes are held; the oldest make room."""
        self.entries.held += entries
        self.bytes.held += size
        for tally in (self.entries, self.bytes):
            while tally.is_over and self.oldest_first:
                self._drop_oldest(tally)

    def begin_anew(self) -> None:
        """After a reset a deltaId is another delta; those of before stay, and are told apart."""
        self.totals.drop_waiting_records()
        self._by_id = {}

    def _drop_oldest(self, tally: Tally) -> None:
        oldest = self.oldest_first.popleft()
        oldest.is_kept = False
        known = self._by_id.get(oldest.first.catalogue_ref, {})
        if known.get(oldest.delta_id) is oldest:
            del known[oldest.delta_id]
        self.entries.held -= 1
        self.bytes.held -= oldest.held_bytes()
        tally.lost += 1
