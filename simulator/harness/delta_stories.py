"""What became of deltas, told as a colleague would who had watched."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime

from ..client.client_errors import AnswerError
from ..client.control_calls import ControlCalls
from ..client.unsure_events import EVENT_PATH, UNAUTHORISED, UnsureEvents, unsure_events
from ..domain.verification.lost_changes import SentChange, lost_changes
from ..domain.verification.renamed_changes import AppliedChange, applied_again
from .delta_fates import DeltaFates, SeenArrival, SeenDelta
from .positions import find_position
from .sent_requests import SeenRequest, SentRequests

ADVICE = "Give a change its deltaId before the first attempt, and send the same bytes again."

OUTCOMES = {
    "applied": "it was applied",
    "suppressed": "it was a repeat, and changed nothing",
    "replaced": "it took the place of what was there",
    "added": "it was added once more",
    "leftOut": "it was left out",
    "failed": "it failed",
    "noMatch": "no rule of the platform's was for it",
    "refused": "it was refused",
    "waiting": "it is not applied yet",
}
MOST_UNREAD = 5
TAKES_EFFECT = ("applied", "replaced", "added")


class DeltaStories:
    """Tells of deltas; everything is read once, when it is first needed."""

    def __init__(self, calls: ControlCalls) -> None:
        self._calls = calls
        self.deltas: Sequence[SeenDelta] = DeltaFates(calls).query()
        self._requests: Mapping[int, SeenRequest] = {
            each.number: each for each in SentRequests(calls).query()
        }
        self.unsure = unsure_of(calls)
        self.retries = retries_under_new_ids(self.unsure.again, self.deltas)
        """The deltas that are the retry of another, by their ids, with the id of that."""
        held_up = {
            number
            for number, each in self._requests.items()
            if any(fault["kind"] == "latency" for fault in each.outcome.get("faults", ()))
        }
        for again, first in applied_again(applied_changes(self.deltas, held_up)):
            is_told = again in self.retries or self._first_of(first) == again
            if not is_told:
                self.retries[again] = first

        self._known_from = next(iter(self._requests), None)
        self._sign_ins = [
            number
            for number, each in self._requests.items()
            if each.operation == "issueToken" and each.status == 200
        ]
        turned_away = {each.delta_id for each in self.deltas if _was_turned_away(each)}
        lost = lost_changes(_sent_changes(self.deltas), self._has_signed_in)
        self.lost: Set[str] = set(lost)
        """Those that were refused for their token, and never came in under any id."""
        self.made_good: Set[str] = turned_away - self.lost
        """Those that came in later under another one."""

    def _has_signed_in(self, after: int, until: int) -> bool:
        """Whether a token was issued between two requests, as far as that is known."""
        if self._known_from is None or after < self._known_from:
            return True
        place = bisect_right(self._sign_ins, after)
        return place < len(self._sign_ins) and self._sign_ins[place] < until

    def told(self, deltas: Iterable[SeenDelta], catalogue: str) -> list[str]:
        """Sentences on these deltas, each with what was sent in its stead; one line a sentence."""
        by_id = {each.delta_id: each for each in self.deltas}
        begins = dict.fromkeys(self._first_of(each.delta_id) for each in deltas)
        lines: list[str] = []
        for delta_id in begins:
            chain = list(self._chain(by_id[delta_id]))
            for before, delta in zip([None, *chain], chain, strict=False):
                lines += self._sentences(delta, before)
            lines += self._effect(chain, catalogue)
        return lines

    def unread(self) -> list[str]:
        """Sentences on the events of which nobody has looked at what is in them."""
        known = {told.request for delta in self.deltas for told in delta.arrivals}
        unread = [
            each
            for each in self._requests.values()
            if each.path.startswith(EVENT_PATH) and each.status == UNAUTHORISED
            if each.number not in known
        ]
        lines = [
            f"Request {each.number}, an event sent at {moment(each.at)}, was"
            f" {answered(each.status, each)}{_because(each)}: what it was to change is not known."
            for each in unread[:MOST_UNREAD]
        ]
        if len(unread) > MOST_UNREAD:
            lines.append(f"So were {len(unread) - MOST_UNREAD:,} more events.")
        return lines

    def _first_of(self, delta_id: str) -> str:
        while delta_id in self.retries:
            delta_id = self.retries[delta_id]
        return delta_id

    def _chain(self, first: SeenDelta) -> Iterator[SeenDelta]:
        """A delta, and those that were sent in its stead, in order."""
        wanted = {first.delta_id}
        yield first
        for delta in self.deltas:
            if self.retries.get(delta.delta_id) in wanted:
                wanted.add(delta.delta_id)
                yield delta

    def _sentences(self, delta: SeenDelta, before: SeenDelta | None) -> Iterator[str]:
        if not delta.arrivals:
            yield f"Delta {delta.delta_id}, {_change(delta)}, was there before all that is kept."
            return
        first, *again = delta.arrivals
        if before is None:
            begin = f"Delta {delta.delta_id}, {_change(delta)}, was sent at {moment(first.at)}"
        else:
            passed = (first.at - before.arrivals[-1].at).total_seconds()
            begin = (
                f"The same change was sent again {passed:g} s later under a new deltaId,"
                f" {delta.delta_id},"
            )
        yield f"{begin}{self._came(first)}."
        for arrival in again:
            yield f"{delta.delta_id} was sent again at {moment(arrival.at)}{self._came(arrival)}."
        untold = delta.arrived - len(delta.arrivals)
        if untold > 0:
            yield f"It came {untold:,} more times."
        if delta.bodies > 1:
            yield f"{delta.bodies} different bodies came under the deltaId {delta.delta_id}."
        if delta.delta_id in self.lost:
            yield "It was not sent again with a token in force, so it is lost."
        if delta.retired_by is not None:
            yield f"It does not count any more since {delta.retired_by}."

    def _came(self, arrival: SeenArrival) -> str:
        """By which request it came, how that was answered, and what it did."""
        which = "" if arrival.request is None else f" in request {arrival.request}"
        reason = f" ({arrival.reason})" if arrival.reason else ""
        did = OUTCOMES.get(arrival.outcome, arrival.outcome)
        request = self._requests.get(arrival.request or 0)
        was_told = 200 <= (arrival.status or 0) < 300
        yet = "yet " if arrival.outcome in TAKES_EFFECT and not was_told else ""
        return f"{which}; {answered(arrival.status, request)}; {yet}{did}{reason}"

    def _effect(self, chain: Sequence[SeenDelta], catalogue: str) -> Iterator[str]:
        """What sending the same under several ids has done to the stock."""
        first = chain[0]
        if len(chain) == 1 or first.product is None or first.location is None:
            return
        counted = [each.amount for each in chain if each.amount and each.retired_by is None]
        place = f"{first.product} at {first.location}"
        if len(counted) == 1:
            yield (
                f"{counted[0]:+,} was counted once by luck: had the platform applied each of them,"
                f" the stock of {place} would be wrong."
            )
        elif not any(each.amount for each in chain):
            yield f"So {first.quantity:+,} was not counted at all."
        if len(counted) < 2:
            return
        found = find_position(self._calls, first.product, first.location, catalogue)
        on_hand = None if found is None else found.on_hand
        if on_hand is not None:
            right = on_hand - sum(counted[1:])
            yield (
                f"So {counted[0]:+,} was counted {_times(len(counted))}: {place} has {on_hand:,} on"
                f" hand; under one deltaId it would have {right:,}."
            )


def unsure_of(calls: ControlCalls) -> UnsureEvents:
    """What the simulator's rules have against its events.

    Nothing, where a world does not hold its traffic against the rules.
    """
    try:
        return unsure_events(calls)
    except AnswerError:
        return UnsureEvents(frozenset(), frozenset())


def retries_under_new_ids(requests: Set[int], deltas: Sequence[SeenDelta]) -> dict[str, str]:
    """The deltas that first came with one of these requests, each with the id of the other."""
    found: dict[str, str] = {}
    for index, delta in enumerate(deltas):
        if not delta.arrivals or delta.arrivals[0].request not in requests:
            continue
        for other in reversed(deltas[:index]):
            if other.change == delta.change and _was_left_open(other, delta.arrivals[0].at):
                found[delta.delta_id] = other.delta_id
                break
    return found


def applied_changes(
    deltas: Iterable[SeenDelta], held_up: Container[int]
) -> Iterator[AppliedChange[str]]:
    """The ids of those that were applied; `held_up` are the requests that a fault has delayed."""
    for delta in deltas:
        came = delta.arrivals[0].request if delta.arrivals else None
        if came is not None and not {"applied", "appliedAgain"}.isdisjoint(delta.fates):
            change = delta.before_reset, *delta.change
            told = bool(delta.acknowledged)
            yield AppliedChange(delta.delta_id, change, told, came in held_up)


def _sent_changes(deltas: Iterable[SeenDelta]) -> Iterator[SentChange[str]]:
    """The ids of those that were refused for their token, or came in, in order."""
    for delta in deltas:
        never_came_in = _was_turned_away(delta)
        is_in = not {"applied", "appliedAgain", "waiting"}.isdisjoint(delta.fates)
        if delta.arrivals and (never_came_in or is_in):
            change = None if delta.quantity is None else (delta.before_reset, *delta.change)
            first, last = delta.arrivals[0], delta.arrivals[-1]
            was_turned_away = first.status == UNAUTHORISED
            numbers = first.request or 0, last.request or 0
            yield SentChange(delta.delta_id, change, *numbers, was_turned_away, never_came_in)


def _was_turned_away(delta: SeenDelta) -> bool:
    """Whether it has come without a token in force, and in no other way."""
    return delta.fates == ("neverApplied",) and all(
        (each.status, each.outcome) == (UNAUTHORISED, "refused") for each in delta.arrivals
    )


def answered(status: int | None, request: SeenRequest | None) -> str:
    """How a request was answered, and which faults had a part in that."""
    faults = [] if request is None else request.outcome.get("faults", [])
    why = ", ".join(f"{fault['kind']} at {fault['point']}" for fault in faults)
    said = f"answered {status}" if status else "no reply came"
    return f"{said} (fault: {why})" if why else said


def _because(request: SeenRequest) -> str:
    why = request.outcome.get("refused")
    return f" ({why})" if why else ""


def moment(at: datetime) -> str:
    """A time of day, in UTC."""
    return f"{at:%H:%M:%S}.{at.microsecond // 1000:03}"


def _was_left_open(delta: SeenDelta, until: datetime) -> bool:
    """Whether an attempt to send it had not been acknowledged by then."""
    return any(each.at <= until and not 200 <= (each.status or 0) < 300 for each in delta.arrivals)


def _change(delta: SeenDelta) -> str:
    if delta.quantity is None:
        return "which cannot be read"
    sign = "+" if delta.quantity else ""
    return f"{delta.quantity:{sign},} of {delta.product} at {delta.location}"


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count:,} times"
