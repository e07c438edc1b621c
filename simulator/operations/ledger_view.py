"""GET /__admin/ledger: how often each delta arrived, under which bodies, and what came of it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from ..clock import timestamp
from ..domain.account.ports import CatalogueStore
from ..domain.delta_accounts import DeltaAccount, DeltaBody, Fate
from ..domain.delta_outcomes import DeltaOutcome
from ..errors import Fault, refused, shortened
from ..stores.delta_ledger import DeltaLedger
from ..stores.sent_deltas import digest
from .parameters import either, moment, nearest
from .replies import Reply
from .start_and_count import start_and_count

LEDGER_FILTERS = ("deltaId", "product", "location", "catalogueRef", "fate", "since", "until")
MOST_AT_ONCE = 1_000

OUTCOME_NAMES = {
    DeltaOutcome.APPLIED: "applied",
    DeltaOutcome.REPEATED: "suppressed",
    DeltaOutcome.REPLACED: "replaced",
    DeltaOutcome.ADDED: "added",
    DeltaOutcome.LEFT_OUT: "leftOut",
    DeltaOutcome.FAILED: "failed",
    DeltaOutcome.NO_MATCH: "noMatch",
    DeltaOutcome.REFUSED: "refused",
    DeltaOutcome.WAITING: "waiting",
}
"""What came of one arrival, as it is told."""


class _Wanted(NamedTuple):
    """What a delta has to be like; empty and None for what does not matter."""

    delta_id: str
    product: str
    location: str
    catalogue_ref: str
    fate: Fate | None
    since: int | None
    until: int | None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """What a query asks for; raises ApiError (400)."""
        faults = []
        fate = query.get("fate")
        if fate is not None and fate not in list(Fate):
            expected = nearest(fate, list(Fate)) or either(list(Fate))
            faults.append(Fault("?fate", f'"{shortened(fate)}"', expected))
        moments = {}
        for name in ("since", "until"):
            found = moment(query, name)
            if isinstance(found, Fault):
                faults.append(found)
            else:
                moments[name] = found
        if faults:
            raise refused(faults)
        return cls(
            query.get("deltaId", ""),
            query.get("product", ""),
            query.get("location", ""),
            query.get("catalogueRef", ""),
            None if fate is None else Fate(fate),
            moments["since"],
            moments["until"],
        )

    def matches(self, account: DeltaAccount) -> bool:
        """Whether a delta is wanted; by time if one of its first arrivals is."""
        return (
            self.delta_id in ("", account.delta_id)
            and self.catalogue_ref in ("", account.first.catalogue_ref)
            and (self.fate is None or self.fate in account.fates())
            and (not (self.product or self.location) or self._names(account))
            and ((self.since is None and self.until is None) or self._came(account))
        )

    def _names(self, account: DeltaAccount) -> bool:
        return any(
            self.product in ("", body.delta.product_ref)
            and self.location in ("", body.delta.location_ref)
            for body in account.bodies
            if body.delta is not None
        )

    def _came(self, account: DeltaAccount) -> bool:
        return any(
            (self.since is None or told.arrival.at >= self.since)
            and (self.until is None or told.arrival.at < self.until)
            for told in account.told
        )


class LedgerOperations:
    """Tells what came of deltas."""

    def __init__(self, ledger: DeltaLedger, store: CatalogueStore) -> None:
        self._ledger = ledger
        self._store = store

    def search(self, query: Mapping[str, str]) -> Reply:
        """GET /__admin/ledger: the totals, and a page of the deltas that the filters leave."""
        wanted = _Wanted.read(query)
        start, count = start_and_count(query, MOST_AT_ONCE)
        found: list[DeltaAccount] = []
        has_more = False
        for account in self._ledger.newest_first():
            if not wanted.matches(account):
                continue
            if start:
                start -= 1
            elif len(found) == count:
                has_more = True
                break
            else:
                found.append(account)
        return Reply(
            {
                "totals": self._totals(),
                "kept": len(self._ledger),
                "dropped": self._ledger.dropped,
                "hasMore": has_more,
                "results": self._views(found),
            }
        )

    def _totals(self) -> dict[str, object]:
        totals = self._ledger.totals
        return {
            "deltas": totals.deltas,
            "arrived": totals.arrived,
            "acknowledged": totals.acknowledged,
            "deliveredAgain": totals.delivered_again,
            "withoutDeltaId": totals.without_id,
            "requestsNotLookedInto": totals.not_looked_into,
            "fates": dict(totals.fates),
            "arrivals": {name: totals.outcomes[outcome] for outcome, name in OUTCOME_NAMES.items()},
            "batches": {
                "acknowledged": totals.batches_acknowledged,
                "refused": totals.batches_refused,
            },
            "records": {
                "arrived": totals.records_arrived,
                **totals.records,
                "waiting": totals.records_waiting,
            },
        }

    def _views(self, accounts: Iterable[DeltaAccount]) -> list[dict[str, object]]:
        era = self._ledger.era
        shown = []
        now_held: list[dict[str, object] | None] = []
        with self._store.view() as (held, _):
            for account in accounts:
                catalogue = held.catalogues.get(account.first.catalogue_ref)
                is_of_now = catalogue is not None and account.first.era == era
                quantity = catalogue.quantity(account.delta_id) if catalogue and is_of_now else None
                now_held.append(
                    None
                    if quantity is None
                    else {"quantity": quantity.quantity, "status": quantity.status}
                )
        for account, now in zip(accounts, now_held, strict=True):
            shown.append(_view(account, now) | {"beforeReset": account.first.era != era})
        return shown


def _view(account: DeltaAccount, now: dict[str, object] | None) -> dict[str, object]:
    delta, retired = account.delta, account.retired
    counts = {name: account.times(outcome) for outcome, name in OUTCOME_NAMES.items()}
    return {
        "deltaId": account.delta_id,
        "catalogueRef": account.first.catalogue_ref,
        "productRef": None if delta is None else delta.product_ref,
        "locationRef": None if delta is None else delta.location_ref,
        "type": None if delta is None else delta.type,
        "fates": account.fates(),
        "amount": account.amount,
        "arrived": account.arrived,
        "acknowledged": account.acknowledged,
        "deliveredAgain": account.delivered_again,
        "arrivals": {name: count for name, count in counts.items() if count},
        "bodies": [_body(body) for body in account.bodies],
        "furtherBodies": account.other_bodies,
        "told": [
            {
                "request": told.arrival.request or None,
                "event": told.arrival.event_id,
                "at": timestamp(told.arrival.at),
                "status": told.arrival.status or None,
                "outcome": OUTCOME_NAMES[told.outcome],
                **({"deliveredAgain": True} if told.arrival.is_again else {}),
                **({"reason": told.arrival.reason} if told.arrival.reason else {}),
            }
            for told in account.told
        ],
        "retiredBy": None
        if retired is None
        else {"at": timestamp(retired.at), "source": str(retired.source)},
        "quantityNow": now,
    }


def _body(body: DeltaBody) -> dict[str, object]:
    times = {"times": body.times, "takenIn": body.taken}
    if body.delta is None:
        return {"digest": body.digest, "qty": None, **times}
    delta = body.delta
    said = {
        "productRef": delta.product_ref,
        "locationRef": delta.location_ref,
        "qty": delta.quantity,
        "type": delta.type,
    }
    return {"digest": digest(said), **said, **times}
