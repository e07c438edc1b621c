"""Believed stock on hand, held against the positions of a catalogue."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..clock import timestamp
from ..domain.account.ports import CatalogueStore
from ..domain.catalogue.on_hand_timeline import OnHandStep, OnHandTimeline
from ..intake.uploads import BelievedLine, LineFault, UploadKind
from ..stores.reconcile_sessions import ReconcileSession
from ..stores.request_log import RequestLog
from ..text.redaction import Redaction
from .comparison import Compared, Told, named_again
from .past_stock import does_not_reach
from .request_filter import RequestFilter
from .request_finder import RequestFinder

AT_ONCE = 1_000
"""Lines that are compared under one hold of the store's lock."""
MOST_LOOKED_UP = 20
"""Positions that are not here, in one upload, for which all requests are looked through."""


class _Different(NamedTuple):
    """A position with another stock on hand than was believed."""

    row: BelievedLine
    on_hand: int
    timeline: OnHandTimeline


class PositionComparison:
    """Compares positions, and finds the requests at which two histories part."""

    def __init__(self, store: CatalogueStore, log: RequestLog) -> None:
        self._store = store
        self._log = log
        self._finder = RequestFinder(log)

    def compare(self, session: ReconcileSession, rows: Sequence[BelievedLine]) -> Compared:
        """What agrees with these lines, and what does not."""
        agreeing = 0
        missing: list[BelievedLine] = []
        different: list[_Different] = []
        repeated: list[LineFault] = []
        for first in range(0, len(rows), AT_ONCE):
            differing: list[tuple[BelievedLine, int, int]] = []
            with self._store.reading(session.catalogue_ref) as catalogue:
                for row in rows[first : first + AT_ONCE]:
                    position = None
                    if catalogue is not None:
                        position = catalogue.find(row.product_ref, row.location_ref)
                    if catalogue is None or position is None:
                        missing.append(row)
                    elif not session.name_position(position):
                        repeated.append(named_again(row, UploadKind.POSITIONS, "an earlier part"))
                    elif (on_hand := catalogue.on_hand(position)) == row.amount:
                        agreeing += 1
                    else:
                        differing.append((row, position, on_hand))
                if catalogue is not None and differing:
                    timelines = catalogue.timelines([position for _, position, _ in differing])
                    different += (
                        _Different(row, on_hand, timelines[position])
                        for row, position, on_hand in differing
                    )
        return Compared(
            agreeing,
            list(self._told_missing(session, missing)),
            self._told_different(different),
            repeated,
        )

    def absent(self, session: ReconcileSession, start: int, count: int) -> tuple[list[Told], int]:
        """Positions that no part has named, some of them, and how many there are."""
        with self._store.reading(session.catalogue_ref) as catalogue:
            if catalogue is None:
                return [], 0
            table, named = catalogue.positions, session.positions
            named.extend(bytes(max(0, len(table) - len(named))))
            total = named.count(0, 0, len(table))
            numbers = list(_absent(named, len(table), start, count))
            timelines = catalogue.timelines(numbers)
            places = [
                (table.product_ref(each), table.location_ref(each), catalogue.on_hand(each))
                for each in numbers
            ]
        partings = [_first(timelines[number]) for number in numbers]
        return [
            {"productRef": product, "locationRef": location, "onHand": on_hand, **parting}
            for (product, location, on_hand), parting in zip(
                places, self._told(partings), strict=True
            )
        ], total

    def _told_different(self, different: Sequence[_Different]) -> list[Told]:
        partings = [_parting(each.timeline, each.row.amount) for each in different]
        return [
            {
                "line": each.row.line,
                "productRef": each.row.product_ref,
                "locationRef": each.row.location_ref,
                "believed": each.row.amount,
                "onHand": each.on_hand,
                **parting,
            }
            for each, parting in zip(different, self._told(partings), strict=True)
        ]

    def _told(self, partings: Sequence["_Parting"]) -> Iterator[Told]:
        """Each with the request of its step."""
        steps = [parting.step for parting in partings if parting.step is not None]
        told = iter(self._finder.told(steps))
        for parting in partings:
            step = None if parting.step is None else next(told)
            yield {"parting": step, "why": parting.why or None}

    def _told_missing(
        self, session: ReconcileSession, missing: Sequence[BelievedLine]
    ) -> Iterator[Told]:
        for row in missing:
            if session.looked_up < MOST_LOOKED_UP:
                session.looked_up += 1
                request, why = self._naming(row)
            else:
                request, why = None, "Not looked up: `fluent-sim requests --product` tells of it."
            yield {
                "line": row.line,
                "productRef": row.product_ref,
                "locationRef": row.location_ref,
                "believed": row.amount,
                "request": request,
                "why": why,
            }

    def _naming(self, row: BelievedLine) -> tuple[int | None, str]:
        """The first request that named a position which is not here, and what that means."""
        wanted = RequestFilter(product=row.product_ref, location=row.location_ref)
        found = [
            entry.id for entry in self._log.newest_first() if wanted.matches(entry, NO_SECRETS)
        ]
        if found:
            return found[-1], "This request was the first to name it, and made no position."
        older = f"; {self._log.dropped:,} older ones are not" if self._log.dropped else ""
        return None, f"No request that is kept has named it{older}."


NO_SECRETS = Redaction()
"""For a filter that looks at lines alone, which are told whole."""


class _Parting(NamedTuple):
    """The step at which two histories part, or why it is not known."""

    step: OnHandStep | None
    why: str = ""


def _parting(timeline: OnHandTimeline, believed: int) -> _Parting:
    """The change after which a position no longer was what is still believed of it."""
    steps, known_after = timeline.steps, timeline.known_after
    for step in reversed(steps):
        if known_after is not None and step.at <= known_after:
            break
        if step.before == believed:
            return _Parting(step)
    if known_after is not None:
        return _Parting(None, does_not_reach(known_after))
    never = f"It has never been {believed:,} here"
    if len(steps) == 1:
        return _Parting(steps[0], f"{never}: they part at the first request.")
    between = f"{timestamp(steps[0].at)} and {timestamp(steps[-1].at)}" if steps else "no time"
    return _Parting(
        None, f"{never}: they part at one of the {len(steps):,} changes between {between}."
    )


def _first(timeline: OnHandTimeline) -> _Parting:
    """What made a position that the other side does not have."""
    if timeline.known_after is not None or not timeline.steps:
        after = timeline.known_after
        return _Parting(None, "" if after is None else does_not_reach(after))
    return _Parting(timeline.steps[0])


def _absent(named: bytearray, positions: int, start: int, count: int) -> Iterator[int]:
    """The numbers of positions that were not named, from the one with this offset."""
    place = named.find(0, 0, positions)
    while place >= 0 and count > 0:
        if start:
            start -= 1
        else:
            count -= 1
            yield place
        place = named.find(0, place + 1, positions)
