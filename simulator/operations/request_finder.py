"""Finds the requests that changes of stock came from, among those that are still kept."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from ..clock import timestamp
from ..domain.catalogue.on_hand_timeline import OnHandStep
from ..domain.inventory import BatchSource, EventSource, Source
from ..intake.operation_names import operation_of
from ..stores.request_log import LoggedRequest, RequestLog
from .requests_seen import made_by

NEAR = 500
"""Requests before and after a moment that are looked at first."""
MAKING = {"sendEvent": "event", "sendEventAndWait": "event", "createBatch": "batch"}
"""Operations whose requests change stock, and what they make."""
_MAKES = {**MAKING, "createJob": "job"}


class Made(NamedTuple):
    """What a request has made: an event, or a batch."""

    kind: str
    id: str


class RequestFinder:
    """Finds the requests that changes of stock came from, among those that are still kept."""

    def __init__(self, log: RequestLog) -> None:
        self._log = log

    def of(self, sources: Iterable[Source | None]) -> dict[Made, int]:
        """The numbers of their requests, by what these have made."""
        wanted = {made for made in map(made_of, sources) if made is not None}
        return self._among(self._log.newest_first(), wanted)

    def near(self, wanted: Mapping[Made, int]) -> dict[Made, int]:
        """The same for what came about at some moments, mostly without a look at the whole log.

        A request is answered about when it is applied, unless it had to wait.
        """
        found: dict[Made, int] = {}
        kept = self._log.kept() if wanted else []
        for made, at in wanted.items():
            if made not in found:
                place = bisect_right(kept, at, key=lambda entry: entry.at)
                near = kept[max(0, place - NEAR) : place + NEAR]
                found |= self._among(reversed(near), wanted.keys() - found.keys())
        missing = {
            made for made in wanted.keys() - found.keys() if not self._log.lacks(wanted[made])
        }
        return found | self._among(reversed(kept), missing)

    def _among(
        self, entries: Iterable[LoggedRequest], wanted: AbstractSet[Made]
    ) -> dict[Made, int]:
        """Those of the requests that have made what is wanted, of several the first."""
        found: dict[Made, int] = {}
        left = set(wanted)
        for entry in entries if left else ():
            request = entry.request
            kind = None
            if request.method == "POST":
                kind = _MAKES.get(operation_of(request.method, request.path))
            if kind is None:
                continue
            # A reply that a fault has struck does not tell what was made.
            struck = self._log.struck(entry.id)
            made_id = made_by(entry.reply) if struck is None else struck.made
            # The newest first: after a reset batches have the numbers of others of before.
            made = None if made_id is None else Made(kind, made_id)
            if made in left:
                found[made] = entry.id
                left.remove(made)
                if not left:
                    break
        return found

    def told(self, steps: Iterable[OnHandStep]) -> list[dict[str, object]]:
        """Steps with the requests that brought them about, None where that is not known."""
        listed = list(steps)
        found = self.near(_moments(listed))
        return [
            {
                "request": None if made is None else found.get(made),
                "at": timestamp(step.at),
                "source": None if step.source is None else str(step.source),
                "before": step.before,
                "after": step.after,
            }
            for step in listed
            for made in [made_of(step.source)]
        ]


def made_of(source: Source | None) -> Made | None:
    """The event or batch that a change came from; None of seed data, mutations, and the unknown."""
    if isinstance(source, EventSource):
        return Made("event", source.event_id)
    if isinstance(source, BatchSource) and source.batch_number > 0:
        return Made("batch", str(source.batch_number))
    return None


def _moments(steps: Iterable[OnHandStep]) -> dict[Made, int]:
    return {made: step.at for step in steps if (made := made_of(step.source)) is not None}
