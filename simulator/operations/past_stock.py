"""What a position had on hand at some time, and which request changed that."""

from collections.abc import Collection, Mapping
from typing import Any

from ..behaviour import Behaviour
from ..clock import timestamp
from ..domain.account.account import Account
from ..domain.account.ports import CatalogueStore
from ..domain.catalogue.inventory_catalogue import InventoryCatalogue
from ..domain.catalogue.on_hand_timeline import OnHandStep, OnHandTimeline
from ..domain.inventory import BatchSource, EventSource, MutationSource, Source
from ..errors import Fault, not_found, refused, shortened
from ..intake.parsing import parse
from ..intake.requests import Requests
from ..intake.schemas import Schemas
from ..stores.request_log import RequestLog
from .replies import Reply
from .request_finder import RequestFinder

MOST_CHANGES = 1_000
"""Of a position, that are told at once."""
PREDICATES = ("below", "above", "equals", "differsFrom")


def _cause(source: Source | None) -> dict[str, object]:
    """What kind of thing has changed the stock, and where it stands."""
    match source:
        case BatchSource(batch_number=number, line=line) if number > 0:
            return {"cause": "batch", "batch": str(number), "line": line}
        case BatchSource(batch_number=0, line=line):
            return {"cause": "seed", "line": line}
        case EventSource(event_id=event_id, entries=entries, entry=entry):
            kind = "delta" if entries == "deltas" else "fulfilment"
            return {"cause": kind, "event": event_id, "line": entry}
        case MutationSource(mutation=mutation):
            return {"cause": "mutation", "mutation": mutation}
    return {"cause": None}


def does_not_reach(known_after: int) -> str:
    """That the history of a position is not known from its beginning."""
    return (
        f"The history of this position is known after {timestamp(known_after)} only:"
        " older states are no longer kept (bound `history`, or quantities that were let go of)."
    )


class PastStock:
    """Tells what positions had on hand."""

    def __init__(
        self, store: CatalogueStore, schemas: Schemas, behaviour: Behaviour, log: RequestLog
    ) -> None:
        self._store = store
        self._requests = Requests(schemas, behaviour)
        self._finder = RequestFinder(log)

    def as_of(self, catalogue_ref: str, position_ref: str, at: int) -> dict[str, object]:
        """What a position had on hand at a moment, and since when; null where nobody knows.

        Raises ApiError (404) where there is no such position.
        """
        timeline = self._timeline(catalogue_ref, position_ref)
        known_after = timeline.known_after
        if known_after is not None and at <= known_after:
            return {"at": timestamp(at), "onHand": None, "why": does_not_reach(known_after)}
        step = timeline.last_until(at)
        if step is None:
            return {"at": timestamp(at), "onHand": None, "why": "It was not there yet."}
        [told] = self._finder.told([step])
        return {"at": timestamp(at), "onHand": step.after, "since": told}

    def changes(self, catalogue_ref: str, position_ref: str) -> dict[str, object]:
        """How the stock on hand of a position came about, the latest changes, oldest first.

        `knownAfter` is the moment until which it is not known, null where its whole history is.
        """
        timeline = self._timeline(catalogue_ref, position_ref)
        latest = timeline.steps[-MOST_CHANGES:]
        known_after = timeline.known_after
        return {
            "changes": [
                told | _cause(step.source)
                for step, told in zip(latest, self._finder.told(latest), strict=True)
            ],
            "changesTotal": len(timeline.steps),
            "knownAfter": None if known_after is None else timestamp(known_after),
            "why": None if known_after is None else does_not_reach(known_after),
        }

    def _timeline(self, catalogue_ref: str, position_ref: str) -> OnHandTimeline:
        """Raises ApiError (404) where there is no such position."""
        with self._store.reading(catalogue_ref) as catalogue:
            position = None if catalogue is None else catalogue.find_by_ref(position_ref)
            if catalogue is None or position is None:
                raise not_found(f"There is no position {shortened(position_ref)!r}.")
            return catalogue.timelines([position])[position]

    def bisect(self, body: bytes) -> Reply:
        """POST /__admin/bisect: the first request after which a predicate held.

        Raises ApiError: 400 for what is no question, 404 where there is no such position.
        """
        fields = self._requests.sound("bisect", parse(body), body)
        wanted = fields["predicate"]
        if not wanted:
            expected = f"at least one of {', '.join(PREDICATES)}"
            raise refused([Fault("/predicate", "nothing", expected)])
        with self._store.view() as (account, _):
            catalogue, position = _position(account, fields["position"])
            timeline = catalogue.timelines([position])[position]
            ref, catalogue_ref = catalogue.ref_of(position), str(catalogue.ref)
        known_after = timeline.known_after
        known = _known(timeline)
        earlier = timeline.steps[: len(timeline.steps) - len(known)]
        told: dict[str, object] = {"first": None}
        if earlier and known_after is not None and holds(wanted, earlier[-1].after):
            told["why"] = "It held already when the history begins. " + does_not_reach(known_after)
        else:
            first = next((step for step in known if holds(wanted, step.after)), None)
            if first is not None:
                [told["first"]] = self._finder.told([first])
            else:
                told["why"] = "It has not held after any request that is known."
            if known_after is not None:
                told["why"] = f"{told.get('why', '')} {does_not_reach(known_after)}".strip()
        on_hand = timeline.steps[-1].after if timeline.steps else 0
        return Reply(
            {
                "ref": ref,
                "catalogueRef": catalogue_ref,
                "onHand": on_hand,
                "holdsNow": holds(wanted, on_hand),
                "changes": len(timeline.steps),
                "why": None,
                **told,
            }
        )


def holds(predicate: Mapping[str, int], on_hand: int) -> bool:
    """Whether a stock on hand is as wanted, in every respect that is named."""
    return (
        on_hand < predicate.get("below", on_hand + 1)
        and on_hand > predicate.get("above", on_hand - 1)
        and on_hand == predicate.get("equals", on_hand)
        and on_hand != predicate.get("differsFrom", on_hand + 1)
    )


def _known(timeline: OnHandTimeline) -> Collection[OnHandStep]:
    known_after = timeline.known_after
    return [step for step in timeline.steps if known_after is None or step.at > known_after]


def _position(account: Account, wanted: Mapping[str, Any]) -> tuple[InventoryCatalogue, int]:
    """The position meant; raises ApiError where there is none, or more than one."""
    chosen = wanted.get("catalogueRef")
    found = [
        (catalogue, position)
        for ref, catalogue in account.catalogues.items()
        if chosen in (None, ref)
        for position in [_find(catalogue, wanted)]
        if position is not None
    ]
    if not found:
        name = wanted.get("ref") or f"{wanted['productRef']} at {wanted['locationRef']}"
        raise not_found(f"There is no position {shortened(str(name))!r}.")
    if len(found) > 1:
        known = ", ".join(str(catalogue.ref) for catalogue, _ in found)
        raise refused([Fault("/position/catalogueRef", "nothing", f"one of {known}")])
    return found[0]


def _find(catalogue: InventoryCatalogue, wanted: Mapping[str, Any]) -> int | None:
    if "ref" in wanted:
        return catalogue.find_by_ref(wanted["ref"])
    return catalogue.find(wanted["productRef"], wanted["locationRef"])
